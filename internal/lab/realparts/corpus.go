package realparts

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"spoor/graph/disjoint"
	"spoor/internal/lab/dice"
)

// Corpus is the parts of real mail of which worlds are built.
//
// It is read once and shared by all worlds. Nothing in it is changed after
// Load.
type Corpus struct {
	lures      []lure
	mailers    []real // one of each distinguishable program
	bulk       []real // those of sending services
	publishers []real
	prose      []string // paragraphs of wanted mail
	public     map[string]bool
}

// lure is one real lure in its variants: near-duplicates, or one subject.
type lure struct{ variants []real }

// maxVariants limits the variants of a lure; the corpora have hundreds of some.
const maxVariants = 6

// Load reads the mail below the folders: every .eml file as spam, and .txt
// files as spam or ham by the name of their folder (spam-..., ...-ham...). It
// skips other files.
//
// The files are taken in the order of their names, so that a corpus gives the
// same worlds on every machine. The error names the number of usable messages
// if it is too small.
func Load(dirs ...string) (*Corpus, error) {
	var paths []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(paths, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	paths = slices.CompactFunc(paths, func(a, b string) bool { return filepath.Base(a) == filepath.Base(b) }) // one message in two folders
	c := &Corpus{}
	var spam []real
	for _, path := range paths {
		kind := kindOf(path)
		if kind == "" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if r, ok := parseReal(data); !ok {
			continue
		} else if kind == "ham" {
			c.wanted(r)
		} else {
			spam = append(spam, r)
		}
	}
	if len(spam) < leastSpam {
		return nil, fmt.Errorf("%s: %d usable spam messages; at least %d make a world", strings.Join(dirs, ", "), len(spam), leastSpam)
	}
	c.findLures(spam)
	c.findMailers(spam)
	c.findPublic()
	return c, nil
}

// leastSpam is the number of real spam messages that a world needs.
const leastSpam = 200

// kindOf tells spam from wanted mail by the folders of the corpora; "" is
// neither.
//
// The names are those of the public corpora: SpamAssassin, phishing_pot, Untroubled and the like.
func kindOf(path string) string {
	folder, ext := filepath.Base(filepath.Dir(path)), filepath.Ext(path)
	switch {
	case ext != ".eml" && ext != ".txt":
		return ""
	case strings.Contains(folder, "ham-"):
		return "ham"
	case folder == "phishing_pot" || folder == "email" || strings.HasPrefix(folder, "spam-"):
		return "spam"
	}
	return ""
}

// wanted keeps the parts of newsletters and personal mail.
//
// Paragraphs with an address, a quotation or a link are left out: they would
// join strangers, or name somebody.
func (c *Corpus) wanted(r real) {
	if r.bulk || r.html != "" {
		c.publishers = append(c.publishers, r)
	}
	for p := range strings.SplitSeq(r.text, "\n\n") {
		if p = strings.TrimSpace(p); len(p) > 60 && len(p) < 600 && !strings.ContainsAny(p, ">@") && !anyURL.MatchString(p) {
			c.prose = append(c.prose, p)
		}
	}
}

// findLures groups real messages of one subject or of one text, in the order of the files.
//
// Real near-duplicates must be one lure. Else two campaigns would get texts of
// one hand, and the truth would call the right answer wrong.
func (c *Corpus) findLures(spam []real) {
	sets := disjoint.New(len(spam))
	first := map[string]int32{}
	for i := range spam {
		for _, key := range lureKeys(&spam[i]) {
			if at, ok := first[key]; ok {
				sets.Join(at, int32(i))
			} else {
				first[key] = int32(i)
			}
		}
	}
	at := map[int32]int{}
	for i := range spam {
		root := sets.Find(int32(i))
		n, ok := at[root]
		if !ok {
			n = len(c.lures)
			at[root] = n
			c.lures = append(c.lures, lure{})
		}
		if l := &c.lures[n]; len(l.variants) < maxVariants && !slices.ContainsFunc(l.variants, func(v real) bool { return v.key == spam[i].key }) {
			l.variants = append(l.variants, spam[i])
		}
	}
}

// lureKeys are the subject, and bands of a min-hash of the words in threes: messages that
// share about half of them most likely share a band.
func lureKeys(r *real) []string {
	// Two texts with the similarity s share a band with the probability
	// 1-(1-s^3)^12: 80 percent for one half, and 2 for an eighth.
	const bands, rows = 12, 3
	keys := []string{}
	if s := words(r.subject); len(s) >= 3 {
		keys = append(keys, "subject "+strings.Join(s, " "))
	}
	w := strings.Fields(r.key)
	var least [bands * rows]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for i := 0; i+3 <= len(w); i++ {
		h := fnv.New64a()
		h.Write([]byte(w[i] + " " + w[i+1] + " " + w[i+2]))
		x := h.Sum64()
		for k := range least {
			x = (x ^ x>>29) * 0xbf58476d1ce4e5b9
			least[k] = min(least[k], x)
		}
	}
	for b := range bands {
		keys = append(keys, fmt.Sprint("band ", b, least[b*rows:(b+1)*rows]))
	}
	return keys
}

// findMailers keeps one message of each program: by the names of its fields in their
// order and the form of its Message-ID.
//
// Messages of under five fields come from no program that could be told, and
// those of more than forty have passed gateways.
func (c *Corpus) findMailers(spam []real) {
	seen := map[string]bool{}
	for i := range spam {
		r := &spam[i]
		key := r.skeleton
		for _, f := range r.fields {
			key += " " + f.name
			if strings.EqualFold(f.name, "Message-ID") {
				key += "=" + shapeOf(f.value)
			}
		}
		if seen[key] || len(r.fields) < 5 || len(r.fields) > 40 {
			continue
		}
		seen[key] = true
		if r.bulk {
			c.bulk = append(c.bulk, *r)
		} else {
			c.mailers = append(c.mailers, *r)
		}
	}
}

// shapeOf returns a string with its random runs removed, as refill recognizes
// them.
func shapeOf(s string) string {
	local, _, _ := strings.Cut(s, "@")
	var b strings.Builder
	for i := range len(local) {
		switch c := local[i]; {
		case c >= '0' && c <= '9':
			b.WriteByte('9')
		case isAlnum(c):
			b.WriteByte('a')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// findPublic finds hosts that lures of many hands link to: they stay one host for all.
//
// Four lures suffice: content networks, shops and social networks. Their own
// hosts would link campaigns of different people, as they do in real mail.
func (c *Corpus) findPublic() {
	lures := map[string]map[int]bool{}
	for i := range c.lures {
		for j := range c.lures[i].variants {
			v := &c.lures[i].variants[j]
			for _, u := range anyURL.FindAllString(v.html+" "+v.text, 200) {
				h := hostOf(u)
				if lures[h] == nil {
					lures[h] = map[int]bool{}
				}
				lures[h][i] = true
			}
		}
	}
	c.public = map[string]bool{}
	for h, in := range lures {
		c.public[h] = len(in) >= 4
	}
}

// paragraph is a paragraph of wanted mail; without any, one of invented words.
func (c *Corpus) paragraph(d dice.Dice, invent func(int) string) string {
	if len(c.prose) > 50 {
		return dice.Pick(d, c.prose)
	}
	var w []string
	for range d.Between(25, 70) {
		w = append(w, strings.ToLower(invent(d.Between(1, 3))))
	}
	return strings.Join(w, " ") + "."
}

// Stats reports how many parts of each kind were loaded.
func (c *Corpus) Stats() string {
	public, variants := 0, 0
	for _, p := range c.public {
		if p {
			public++
		}
	}
	for i := range c.lures {
		variants += len(c.lures[i].variants)
	}
	return fmt.Sprintf("%d lures in %d variants, %d programs and %d of bulk mail, %d paragraphs, %d public hosts", len(c.lures), variants, len(c.mailers), len(c.bulk), len(c.prose), public)
}
