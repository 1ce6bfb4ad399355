package labelled

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Names of the files in a folder.
const (
	MailFile  = "spam.mbox"
	TruthFile = "truth.tsv"
	WorldFile = "world.json"
)

// truthHead names the columns of truth.tsv.
const truthHead = "#message-id\tcampaign\toperation\tspamrun\tmangling\tis_noise\n"

// Write writes the folder.
//
// Existing files are replaced. A Set without Registries leaves no world.json.
func (s *Set) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := create(filepath.Join(dir, MailFile), s.writeMail); err != nil {
		return err
	}
	if err := create(filepath.Join(dir, TruthFile), s.writeTruth); err != nil {
		return err
	}
	if s.Registries == nil {
		return nil
	}
	return create(filepath.Join(dir, WorldFile), func(w io.Writer) error { return json.NewEncoder(w).Encode(s.Registries) })
}

// create writes a file through a buffer, and names it in an error.
func create(path string, fill func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	buf := bufio.NewWriterSize(f, 1<<18)
	if err := errors.Join(fill(buf), buf.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeMail writes an mbox in the dialect mboxrd: a line that begins with
// ">*From " gets one more ">".
//
// The separators carry the time of arrival in UTC, so that a reader without the
// hops knows it, too. A blank line ends each message.
func (s *Set) writeMail(w io.Writer) error {
	var out bytes.Buffer
	for i := range s.Messages {
		m := &s.Messages[i]
		out.Reset()
		fmt.Fprintf(&out, "From MAILER-DAEMON %s\n", m.At.UTC().Format(time.ANSIC))
		for line := range bytes.Lines(m.Raw) {
			if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
				out.WriteByte('>')
			}
			out.Write(line)
		}
		if !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
			out.WriteByte('\n')
		}
		out.WriteByte('\n')
		if _, err := w.Write(out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// writeTruth writes a line for each message.
//
// The columns and their order are read by other programs (docs/scoring.md) and
// stay.
func (s *Set) writeTruth(w io.Writer) error {
	var out strings.Builder
	out.WriteString(truthHead)
	for i := range s.Messages {
		m := &s.Messages[i]
		noise := 0
		if m.Noise() != "" {
			noise = 1
		}
		damage := m.Damage
		if damage == "" {
			damage = "none"
		}
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\t%s\t%d\n", m.ID, m.Campaign, m.Operation, m.Run, damage, noise)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// maxLine limits a line of truth.tsv, in bytes.
const maxLine = 64 << 10

// ReadTruth reads truth.tsv of a folder. A repeated Message-ID is an error,
// because a score would take one message for the other.
//
// Three columns are enough: message, campaign, operation. An error names the
// line.
func ReadTruth(dir string) ([]Label, error) {
	path := filepath.Join(dir, TruthFile)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []Label
	seen := map[string]bool{}
	in := bufio.NewScanner(f)
	in.Buffer(nil, maxLine)
	for n := 1; in.Scan(); n++ {
		line := in.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		p := strings.Split(line, "\t")
		if len(p) < 3 || p[0] == "" || p[1] == "" {
			return nil, fmt.Errorf("%s:%d: not message-id, campaign and operation", path, n)
		}
		if seen[p[0]] {
			return nil, fmt.Errorf("%s:%d: message-id %q occurs twice", path, n, p[0])
		}
		seen[p[0]] = true
		l := Label{ID: p[0], Campaign: p[1], Operation: p[2]}
		if len(p) > 4 {
			l.Run, l.Damage = p[3], p[4]
		}
		out = append(out, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no labels", path)
	}
	return out, nil
}

// ReadRegistries reads world.json of a folder. It returns nil without an error
// if there is none.
func ReadRegistries(dir string) (*Registries, error) {
	path := filepath.Join(dir, WorldFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := &Registries{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return r, nil
}
