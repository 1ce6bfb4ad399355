// Package export writes campaigns for other programs: exchange formats (STIX
// 2.1, MISP), tables (CSV, JSON lines, GraphML) and block lists (Postfix,
// Rspamd, RPZ, plain).
//
// Descriptions of campaigns go in; files come out. Each writer escapes
// untrusted text for its format. Before a file gets its name, its entries are
// counted again from its bytes, so that a truncated file is never published.
package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"spoor/internal/dossier"
)

// Options are the user's choices.
//
// Valid 0 means 30 days. A value in Force that is no indicator has no effect.
type Options struct {
	Now   time.Time
	Valid time.Duration // lifetime of an entry in a block list
	Force []string      // values to block against their verdict
}

// Format is one way to write campaigns.
type Format struct {
	Name    string
	Purpose string // a few words for the help
	Blocks  bool   // a block list, with only blockable indicators
	files   []file
}

// file is one file of a format.
//
// count knows nothing of write: it reads the format as a receiver would.
type file struct {
	name  string // name within the directory, for formats with several files
	write func(io.Writer, []dossier.Campaign, Options) (int, error)
	count func(io.Reader) (int, error) // the same number, from the bytes alone
	want  func([]dossier.Campaign) int // number that must have been written
	list  *list                        // for a block list
}

// formats lists all formats. Add new ones here; the test of hostile content
// fails until it can read them.
var formats = []Format{
	{Name: "stix", Purpose: "STIX 2.1 bundle", files: []file{{write: writeSTIX, count: countSTIX, want: wantSTIX}}},
	{Name: "misp", Purpose: "MISP event of attributes", files: []file{{write: writeMISP, count: countMISP, want: wantMISP}}},
	{Name: "misp-objects", Purpose: "MISP event with objects", files: []file{{write: writeMISPObjects, count: countMISP, want: wantMISP}}},
	{Name: "csv", Purpose: "indicators as a table", files: []file{{write: writeCSV, count: countCSV, want: indicators}}},
	{Name: "jsonl", Purpose: "everything, one JSON object a line", files: []file{{write: writeJSONL, count: countLines, want: wantJSONL}}},
	{Name: "graphml", Purpose: "infrastructure as a graph", files: []file{{write: writeGraphML, count: countGraphML, want: wantGraphML}}},
	{Name: "postfix", Purpose: "access, HELO and header maps", Blocks: true, files: postfixFiles},
	{Name: "rspamd", Purpose: "maps and their multimap.conf", Blocks: true, files: rspamdFiles},
	{Name: "rpz", Purpose: "response policy zone for Unbound or BIND", Blocks: true, files: []file{{write: rpz.write, count: countRPZ, want: rpz.want, list: rpz}}},
	{Name: "plain", Purpose: "domains, hosts and addresses, one a line", Blocks: true, files: []file{plain.file("")}},
}

// Formats lists the formats.
func Formats() []Format { return slices.Clone(formats) }

// FormatOf finds a format by its name.
func FormatOf(name string) (Format, bool) {
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

// Names lists the names of the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// Directory reports whether the format has several files.
func (f Format) Directory() bool { return len(f.files) > 1 }

// Written describes one written file.
type Written struct {
	Name    string // within the directory; "" for a format with one file
	Entries int
}

// Stream writes a format with one file to w, for pipes.
//
// Nothing is counted again, as the bytes are gone.
func (f Format) Stream(w io.Writer, campaigns []dossier.Campaign, o Options) (Written, error) {
	if f.Directory() {
		return Written{}, fmt.Errorf("%s is several files: it needs a directory", f.Name)
	}
	n, err := f.files[0].write(w, force(campaigns, o), o)
	return Written{Entries: n}, err
}

// force applies the verdict of Options.Force to a copy.
//
// The caller's campaigns keep their verdicts.
func force(campaigns []dossier.Campaign, o Options) []dossier.Campaign {
	if len(o.Force) == 0 {
		return campaigns
	}
	out := slices.Clone(campaigns)
	for i := range out {
		out[i].Indicators = slices.Clone(out[i].Indicators)
		for j := range out[i].Indicators {
			if in := &out[i].Indicators[j]; slices.ContainsFunc(o.Force, func(v string) bool { return strings.EqualFold(v, in.Value) }) {
				in.Verdict = in.Verdict.Force()
			}
		}
	}
	return out
}

// indicators counts the indicators of all campaigns.
func indicators(campaigns []dossier.Campaign) int {
	n := 0
	for i := range campaigns {
		n += len(campaigns[i].Indicators)
	}
	return n
}
