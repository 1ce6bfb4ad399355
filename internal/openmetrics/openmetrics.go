// Package openmetrics writes measurements in the text format of OpenMetrics 1.0, which
// Prometheus and its collector of text files read.
//
// In go families of samples; out comes the text. It measures nothing itself.
package openmetrics

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Type is the type of a family.
type Type string

// Types used by the store. A gauge may fall; a counter only rises, and its
// samples have the suffix _total.
const (
	Gauge   Type = "gauge"
	Counter Type = "counter"
)

// Family is a metric with its samples.
type Family struct {
	Name    string
	Type    Type
	Unit    string // "" or the last word of Name
	Help    string
	Samples []Sample
}

// Sample is one value.
type Sample struct {
	Labels []Label // in a fixed order; no two samples of a family have the same
	Value  float64
}

// Label distinguishes samples of one family.
type Label struct{ Name, Value string }

// Add appends a sample; labels are given as name, value, name, value.
func (f *Family) Add(value float64, labels ...string) {
	s := Sample{Value: value}
	for i := 0; i+1 < len(labels); i += 2 {
		s.Labels = append(s.Labels, Label{labels[i], labels[i+1]})
	}
	f.Samples = append(f.Samples, s)
}

// Write writes the families and the end marker, without which a reader detects
// a truncated text. A family without samples is written too: it is empty, not
// unknown.
func Write(w io.Writer, families []Family) error {
	b := bufio.NewWriter(w)
	for i := range families {
		families[i].write(b)
	}
	fmt.Fprint(b, "# EOF\n")
	return b.Flush()
}

// write writes a family. Counters get the suffix _total that OpenMetrics
// demands.
func (f *Family) write(b *bufio.Writer) {
	fmt.Fprintf(b, "# TYPE %s %s\n", f.Name, f.Type)
	if f.Unit != "" {
		fmt.Fprintf(b, "# UNIT %s %s\n", f.Name, f.Unit)
	}
	fmt.Fprintf(b, "# HELP %s %s\n", f.Name, escape(f.Help))
	name := f.Name
	if f.Type == Counter {
		name += "_total"
	}
	for _, s := range f.Samples {
		b.WriteString(name)
		for i, l := range s.Labels {
			b.WriteByte("{,"[min(i, 1)])
			fmt.Fprintf(b, `%s="%s"`, l.Name, escape(l.Value))
		}
		if len(s.Labels) > 0 {
			b.WriteByte('}')
		}
		b.WriteString(" " + strconv.FormatFloat(s.Value, 'f', -1, 64) + "\n")
	}
}

// escape escapes label values and help texts as the format requires.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(s)
}
