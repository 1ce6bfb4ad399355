// Package sources provides a common interface to all sources of labelled mail:
// the project's own world, the world of rented services, parts of real mail,
// and folders of others. A correlator that is tuned on one source must be right
// on the others too.
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
	// Open creates a world and writes its mail to dir, which must exist while
	// the world is used. Sources that consist of folders do not use dir.
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

// ofWorld maps the first generator's classes to those of labelled folders.
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

// open describes a generated world.
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

// Parts builds worlds from real mail in the folders. It reads the corpus with
// the first world.
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

// written writes a generated world to its folder and describes it.
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

// answers takes the world's DNS and WHOIS data and the receiver's servers from
// the registries.
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

// folder matches the name of a world's folder: grade and seed.
var folder = regexp.MustCompile(`^(.+)-(\d+)$`)

// Folder is a source of labelled folders named GRADE-SEED.
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

// ErrAbsent reports that a folder source has no world with that grade and seed.
var ErrAbsent = os.ErrNotExist

// Each opens one world after another in a temporary folder, which is removed
// when use returns. It skips missing seeds of a folder source.
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

// one generates a world in a temporary folder and passes it on. It returns 0 if
// the source lacks its corpora.
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
