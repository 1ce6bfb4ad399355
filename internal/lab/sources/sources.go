// Package sources names the sources of labelled mail, so that what measures takes them all
// alike: the project's own world, the world of rented services, parts of real mail, and
// folders that others made. A correlator that is tuned on one of them has to be right on
// the others.
package sources

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"spoor/internal/lab/labelled"
	"spoor/internal/lab/realparts"
	"spoor/internal/lab/rented"
	"spoor/internal/lab/simnet"
	"spoor/internal/lab/world"
)

// World is a labelled world of any source, ready to be imported.
type World struct {
	Source string
	Grade  string
	Seed   uint64
	Labels []labelled.Label
	Mail   string   // path of the mbox
	OwnMX  []string // patterns for --own-mx
	MX     []string // for --mx, NAME=PRIORITY
	Net    *simnet.World
}

// Source makes worlds of several grades.
type Source struct {
	Name   string
	Grades []string
	// Open makes a world and writes its mail to a folder that lasts as long as the world
	// is used; sources that stand in folders leave dir alone.
	Open func(dir, grade string, seed uint64, messages int) (*World, error)
}

// Own is the project's first generator.
func Own(style int) Source {
	s := Source{Name: "own"}
	for _, g := range world.Grades() {
		s.Grades = append(s.Grades, string(g))
	}
	s.Open = func(dir, grade string, seed uint64, messages int) (*World, error) {
		w := world.New(world.Options{Grade: world.Grade(grade), Seed: seed, Messages: messages, Style: style})
		set := ofWorld(w)
		if err := set.Write(dir); err != nil {
			return nil, err
		}
		out := open("own", grade, seed, dir, set)
		out.OwnMX, out.MX, out.Net = w.OwnMX, w.MX, &w.Net
		return out, nil
	}
	return s
}

// ofWorld gives the first generator's classes the words of labelled folders.
func ofWorld(w *world.World) *labelled.Set {
	set := &labelled.Set{}
	for i := range w.Messages {
		m := &w.Messages[i]
		l := labelled.Label{ID: m.ID, Campaign: m.Campaign, Operation: m.Operation}
		switch m.Class {
		case world.Newsletter:
			l.Campaign = "noise:" + labelled.Newsletter + ":" + m.Campaign
		case world.OneOff:
			l.Campaign = "noise:" + labelled.Single + ":" + m.Campaign
		}
		set.Messages = append(set.Messages, labelled.Message{Label: l, Raw: m.Raw, At: m.At, Sender: m.Sender})
	}
	return set
}

func open(source, grade string, seed uint64, dir string, set *labelled.Set) *World {
	w := &World{Source: source, Grade: grade, Seed: seed, Mail: filepath.Join(dir, labelled.MailFile)}
	for i := range set.Messages {
		w.Labels = append(w.Labels, set.Messages[i].Label)
	}
	return w
}

// Rented is the second generator.
func Rented() Source {
	return Source{Name: "rented", Grades: rented.Grades(), Open: func(dir, grade string, seed uint64, messages int) (*World, error) {
		set, err := rented.New(rented.Options{Grade: grade, Seed: seed, Messages: messages})
		return written("rented", grade, seed, dir, set, err)
	}}
}

// Parts builds worlds of real mail in the folders. The corpus is read with the first world.
func Parts(corpora []string) Source {
	var corpus *realparts.Corpus
	return Source{Name: "parts", Grades: realparts.Grades(), Open: func(dir, grade string, seed uint64, messages int) (w *World, err error) {
		if corpus == nil {
			if corpus, err = realparts.Load(corpora...); err != nil {
				return nil, err
			}
		}
		set, err := realparts.New(corpus, realparts.Options{Grade: grade, Seed: seed, Messages: messages})
		return written("parts", grade, seed, dir, set, err)
	}}
}

func written(source, grade string, seed uint64, dir string, set *labelled.Set, err error) (*World, error) {
	if err != nil {
		return nil, err
	}
	if err := set.Write(dir); err != nil {
		return nil, err
	}
	w := open(source, grade, seed, dir, set)
	return w, w.answers(set.Registries)
}

// answers takes from the registries what the world's DNS and WHOIS say, and which servers
// are ours.
func (w *World) answers(r *labelled.Registries) error {
	if r == nil {
		return nil
	}
	net, err := r.Simnet()
	if err != nil {
		return err
	}
	w.Net, w.OwnMX = &net, r.Meta.MX
	return nil
}

// folder is the name of a world's folder: grade and seed.
var folder = regexp.MustCompile(`^(.+)-(\d+)$`)

// Folder is a folder of labelled folders named GRADE-SEED.
func Folder(root string) (Source, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return Source{}, err
	}
	s := Source{Name: filepath.Base(filepath.Clean(root))}
	for _, e := range entries {
		if m := folder.FindStringSubmatch(e.Name()); m != nil && e.IsDir() && !slices.Contains(s.Grades, m[1]) {
			s.Grades = append(s.Grades, m[1])
		}
	}
	if len(s.Grades) == 0 {
		return s, fmt.Errorf("%s has no folders named GRADE-SEED with %s and %s in them", root, labelled.MailFile, labelled.TruthFile)
	}
	s.Open = func(_, grade string, seed uint64, _ int) (*World, error) {
		dir := filepath.Join(root, grade+"-"+strconv.FormatUint(seed, 10))
		w := &World{Source: s.Name, Grade: grade, Seed: seed, Mail: filepath.Join(dir, labelled.MailFile)}
		if w.Labels, err = labelled.ReadTruth(dir); err != nil {
			return nil, err
		}
		r, err := labelled.ReadRegistries(dir)
		if err != nil {
			return nil, err
		}
		return w, w.answers(r)
	}
	return s, nil
}

// ErrAbsent is that a folder source has no world of that grade and seed.
var ErrAbsent = os.ErrNotExist

// Each opens world after world in a folder of its own, which goes when use returns. Of a
// folder source the seeds that are not there are left out.
func Each(ctx context.Context, all []Source, grades []string, from uint64, seeds, messages int, use func(dir string, w *World) error) error {
	n := 0
	for _, s := range all {
		for _, g := range s.Grades {
			if len(grades) > 0 && !slices.Contains(grades, g) {
				continue
			}
			for seed := from; seed < from+uint64(seeds); seed++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				used, err := one(s, g, seed, messages, use)
				if err != nil {
					return fmt.Errorf("%s %s %d: %w", s.Name, g, seed, err)
				}
				n += used
			}
		}
	}
	if n == 0 {
		return fmt.Errorf("no source has grade %s with seeds from %d", strings.Join(grades, ", "), from)
	}
	return nil
}

func one(s Source, grade string, seed uint64, messages int, use func(string, *World) error) (used int, err error) {
	dir, err := os.MkdirTemp("", "spoor-world-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // a database server may run as another user
		return 0, err
	}
	w, err := s.Open(dir, grade, seed, messages)
	if errors.Is(err, ErrAbsent) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return 1, use(dir, w)
}
