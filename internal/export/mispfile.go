package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// writeMISP writes only attributes, for readers with MISP's schema of an event.
// That schema is older and has no objects.
//
// Relation and object are lost, so the comment names the object.
func writeMISP(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	return writeEvents(w, campaigns, o, func(f *mispFile, c *dossier.Campaign) {
		f.list("Attribute", func() {
			walk(c, o, f.attribute, func(object mispObject) {
				for _, a := range object.Attributes {
					a.Relation = ""
					a.Comment = strings.TrimSpace(object.Comment + " " + a.Comment)
					f.attribute(a)
				}
			})
		})
	})
}

// writeMISPObjects makes two passes, because attributes and objects are two
// lists.
func writeMISPObjects(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	return writeEvents(w, campaigns, o, func(f *mispFile, c *dossier.Campaign) {
		f.list("Attribute", func() { walk(c, o, f.attribute, func(mispObject) {}) })
		f.list("Object", func() { walk(c, o, func(mispAttribute) {}, f.object) })
	})
}

// writeEvents writes one campaign as one event and several as MISP answers a
// search.
func writeEvents(w io.Writer, campaigns []dossier.Campaign, o Options, fill func(*mispFile, *dossier.Campaign)) (int, error) {
	f := &mispFile{w: bufio.NewWriter(w)}
	list := len(campaigns) != 1
	if list {
		f.text(`{"response":[`)
	}
	for i := range campaigns {
		if i > 0 {
			f.text(",\n")
		}
		f.text(`{"Event":`)
		text, err := json.Marshal(head(&campaigns[i], o))
		if err != nil {
			return f.attributes, err
		}
		f.json(text[:len(text)-1]) // stays open for the lists
		fill(f, &campaigns[i])
		f.text("}}")
	}
	if list {
		f.text("]}")
	}
	f.text("\n")
	if f.err != nil {
		return f.attributes, f.err
	}
	return f.attributes, f.w.Flush()
}

// mispFile is a file under way. The first error stays.
type mispFile struct {
	w          *bufio.Writer
	first      bool // the list is still empty
	attributes int  // written, those in objects too
	err        error
}

// text writes JSON as it is.
func (f *mispFile) text(s string) {
	if _, err := f.w.WriteString(s); f.err == nil {
		f.err = err
	}
}

func (f *mispFile) json(text []byte) { f.text(string(printable.JSON(text))) }

// list writes a further key of the event, a list that fill adds to.
func (f *mispFile) list(key string, fill func()) {
	f.text(`,"` + key + `":[`)
	f.first = true
	fill()
	f.text("]")
}

// attribute writes an attribute of the event.
func (f *mispFile) attribute(a mispAttribute) {
	f.attributes++
	f.entry(a)
}

// object writes an object; its attributes count as those of the event.
func (f *mispFile) object(o mispObject) {
	f.attributes += len(o.Attributes)
	f.entry(o)
}

// entry writes an element of the open list.
func (f *mispFile) entry(v any) {
	if !f.first {
		f.text(",\n")
	}
	f.first = false
	text, err := json.Marshal(v)
	if f.err == nil {
		f.err = err
	}
	f.json(text)
}

// wantMISP counts the attributes that the file must have.
func wantMISP(campaigns []dossier.Campaign) int {
	n := 0
	for i := range campaigns {
		walk(&campaigns[i], Options{}, func(mispAttribute) { n++ }, func(o mispObject) { n += len(o.Attributes) })
	}
	return n
}

// countMISP counts the attributes of events, those in objects too: the entries
// of every list under the key Attribute. It reads token by token.
//
// open holds the path to the present token. In an object, a key is kept until
// its value has been read.
func countMISP(r io.Reader) (n int, err error) {
	type level struct {
		list, wanted bool
		key          string
	}
	var open []level
	for d := json.NewDecoder(r); ; {
		t, err := d.Token()
		if err == io.EOF && len(open) == 0 {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("after %d attributes: %w", n, err)
		}
		var in *level
		if len(open) > 0 {
			in = &open[len(open)-1]
		}
		switch delim, _ := t.(json.Delim); {
		case delim == '}' || delim == ']':
			open = open[:len(open)-1]
			if len(open) > 0 {
				open[len(open)-1].key = ""
			}
		case delim == '{' || delim == '[':
			if in != nil && in.wanted {
				n++
			}
			open = append(open, level{list: delim == '[', wanted: delim == '[' && in != nil && in.key == "Attribute"})
		case in == nil || in.list:
		case in.key == "":
			in.key, _ = t.(string)
		default: // a plain value: the key is done with
			in.key = ""
		}
	}
}
