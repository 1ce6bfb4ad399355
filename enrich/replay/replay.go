// Package replay records answers of registries and resolvers in a folder, and
// answers from such a folder without a network. It sits between the look-ups
// and the network, at guard.Dialer and at the HTTP transport. So the code that
// asks and parses is the same with and without a network.
//
//	record:  look-up ──▶ guard ──▶ Tape ──▶ network      every answer becomes a file
//	replay:  look-up ──▶ guard ──▶ Tape ──▶ folder       else "not recorded"
//
// An answer is a file of header lines, a blank line, and the bytes as received
// (DNS in the format of master files, RFC 1035 section 5). File names contain a
// hash, never text of a server or mail. Files with other names are found by
// their header, so a folder can be written by hand. A file with "Protocol:
// zone" answers all DNS questions below its Origins.
package replay

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"spoor/enrich/guard"
)

// ErrNotRecorded reports that the folder has no answer to a question.
var ErrNotRecorded = errors.New("not recorded")

// Protocols of answers.
const (
	whois = "whois" // a one-line question, answered until the connection ends
	names = "dns"
	web   = "http"
	zone  = "zone"
)

// Answer is one question with its answer.
type Answer struct {
	Protocol string
	Server   string // host:port; "" for DNS, where any resolver may answer
	Question string // as sent: a line, a URL, or "name. TYPE"
	Asked    time.Time
	Error    string      // why the answer is missing or incomplete; "" if it is complete
	Header   [][2]string // further header lines, of HTTP and DNS
	Body     []byte
}

// The format of a file and the limits of a folder.
const (
	firstLine = "Spoor-Answer: 1"
	maxHeader = 16 << 10
	maxFile   = guard.MaxAnswer + maxHeader
	maxFiles  = 2_000_000
)

// Tape is a folder of answers. It is safe for concurrent use.
//
// It either records or replays. hosts, index and times serve both.
type Tape struct {
	root      *os.Root
	recording bool

	mu     sync.Mutex
	hosts  map[string]string // host names by the address to which they resolved
	index  map[string]string // files by key, for files not named by their hash
	zones  []*zoneFile
	read   bool // index and zones were read
	times  map[string]time.Time
	failed error // first error of recording
}

// Record returns a Tape that records answers in a folder, which it creates if
// necessary.
func Record(dir string) (*Tape, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for answers: %w", err)
	}
	t, err := open(dir)
	if err == nil {
		t.recording = true
	}
	return t, err
}

// Open returns a Tape that answers from a folder.
func Open(dir string) (*Tape, error) { return open(dir) }

// open opens a folder. os.Root keeps links in it from leading out.
func open(dir string) (*Tape, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of answers: %w", err)
	}
	return &Tape{root: root, hosts: map[string]string{}, index: map[string]string{}, times: map[string]time.Time{}}, nil
}

// Close returns the first error of recording.
func (t *Tape) Close() error {
	err := t.root.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	return errors.Join(t.failed, err)
}

// Holds reports whether a folder contains answers.
//
// The first line of a file decides. A folder of mail that is called "answers"
// is not taken for a recording.
func Holds(dir string) bool {
	list, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range list {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		f, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		head := make([]byte, len(firstLine))
		_, err = io.ReadFull(f, head)
		if closeErr := f.Close(); err == nil && closeErr == nil && string(head) == firstLine {
			return true
		}
	}
	return false
}

// key identifies a question.
//
// 16 bytes of the hash keep names short; find compares the question itself.
func key(protocol, server, question string) string {
	sum := sha256.Sum256([]byte(protocol + "\x00" + strings.ToLower(server) + "\x00" + question))
	return hex.EncodeToString(sum[:16])
}

// fileName returns the name of a recorded answer.
func fileName(protocol, key string) string { return protocol + "-" + key + ".txt" }

// keep records an answer. It replaces an earlier answer to the same question.
func (t *Tape) keep(a *Answer) {
	name := fileName(a.Protocol, key(a.Protocol, a.Server, a.Question))
	if err := t.write(name, a.encode()); err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.failed == nil {
			t.failed = fmt.Errorf("keep an answer: %w", err)
		}
	}
}

// write writes a temporary file and renames it, so that a killed process leaves
// no partial answer.
func (t *Tape) write(name string, data []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	draft := name + ".new"
	f, err := t.root.OpenFile(draft, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return t.root.Rename(draft, name)
}

// encode returns the file of an answer.
func (a *Answer) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nProtocol: %s\n", firstLine, a.Protocol)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, flat(value))
		}
	}
	line("Server", a.Server)
	line("Question", a.Question)
	if !a.Asked.IsZero() {
		line("Asked", a.Asked.UTC().Format(time.RFC3339Nano))
	}
	line("Error", a.Error)
	for _, h := range a.Header {
		line(h[0], h[1])
	}
	b.WriteByte('\n')
	b.Write(a.Body[:min(len(a.Body), guard.MaxAnswer)])
	return b.Bytes()
}

// flat removes line ends from a header value.
func flat(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	const most = 4000
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.TrimSpace(s)
}

// decode parses the file of an answer.
func decode(data []byte) (*Answer, error) {
	a := &Answer{}
	r := bufio.NewReader(bytes.NewReader(data))
	for n := 0; ; n++ {
		text, err := r.ReadString('\n')
		text = strings.TrimRight(text, "\r\n")
		switch {
		case n == 0 && text != firstLine:
			return nil, fmt.Errorf("it does not begin with %q", firstLine)
		case n == 0:
			continue
		case text == "":
			a.Body, err = io.ReadAll(r)
			return a, err
		case err != nil:
			return nil, errors.New("it has no blank line after its header")
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return nil, fmt.Errorf("line %d is no header line", n+1)
		}
		if err := a.set(name, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
}

// set takes over a header line of a recorded answer. Unknown names are kept.
func (a *Answer) set(name, value string) (err error) {
	switch name {
	case "Protocol":
		a.Protocol = value
	case "Server":
		a.Server = value
	case "Question":
		a.Question = value
	case "Asked":
		a.Asked, err = time.Parse(time.RFC3339Nano, value)
	case "Error":
		a.Error = value
	default:
		a.Header = append(a.Header, [2]string{name, value})
	}
	return err
}

// get returns a header line of the answer.
func (a *Answer) get(name string) string {
	for _, h := range a.Header {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

// questions returns the questions to which the answer belongs. There is one,
// unless somebody wrote further ones in a line "Also:", as for the addresses of
// a netblock.
func (a *Answer) questions() []string {
	return append([]string{a.Question}, strings.Fields(a.get("Also"))...)
}

// find returns the answer to a question.
//
// The file named by the hash is tried first. Headers of other files are read
// only if one is missing, once a process.
func (t *Tape) find(protocol, server, question string) (*Answer, error) {
	k := key(protocol, server, question)
	a, err := t.load(fileName(protocol, k))
	if errors.Is(err, fs.ErrNotExist) {
		if err := t.readAll(); err != nil {
			return nil, err
		}
		t.mu.Lock()
		name, ok := t.index[k]
		t.mu.Unlock()
		if !ok {
			return nil, ErrNotRecorded
		}
		a, err = t.load(name)
	}
	if err != nil {
		return nil, err
	}
	if a.Protocol != protocol || !strings.EqualFold(a.Server, server) || !slices.Contains(a.questions(), question) {
		return nil, ErrNotRecorded
	}
	return a, nil
}

// load reads one file of the recording.
func (t *Tape) load(name string) (*Answer, error) {
	f, err := t.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	a, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return a, nil
}

// readAll reads, once, the headers of all files that are not named by a hash.
func (t *Tape) readAll() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.read {
		return nil
	}
	dir, err := t.root.Open(".")
	if err != nil {
		return fmt.Errorf("list the answers: %w", err)
	}
	defer dir.Close()
	list, err := dir.ReadDir(maxFiles)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("list the answers: %w", err)
	}
	for _, entry := range list {
		name := entry.Name()
		if !entry.Type().IsRegular() || !strings.HasSuffix(name, ".txt") || hashed(name) {
			continue
		}
		// A file that cannot be read ends the replay: a silent gap would look
		// like a question that was never recorded.
		a, err := t.load(name)
		if err != nil {
			return err
		}
		// Zone files answer whole subtrees and are kept in memory.
		if a.Protocol == zone {
			z, err := readZone(a)
			if err != nil {
				return fmt.Errorf("read %s: %w", name, err)
			}
			t.zones = append(t.zones, z)
			continue
		}
		for _, q := range a.questions() {
			t.index[key(a.Protocol, a.Server, q)] = name
		}
	}
	t.read = true
	return nil
}

// hashed reports whether a file is named by the hash of its question.
func hashed(name string) bool {
	protocol, rest, ok := strings.Cut(strings.TrimSuffix(name, ".txt"), "-")
	_, err := hex.DecodeString(rest)
	return ok && err == nil && len(rest) == 32 && (protocol == whois || protocol == names || protocol == web)
}
