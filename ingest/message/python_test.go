package message

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pythonLeaves prints, for each length and message read from its input, the leaves that
// Python's email package sees: type and SHA-256 of the decoded bytes.
const pythonLeaves = `
import sys, json, email, hashlib
def leaves(m):
    out = []
    for p in m.walk():
        if p.defects or p.is_multipart():
            if p.defects: return None
            continue
        b = p.get_payload(decode=True)
        if b is None or p.defects: return None
        out.append([p.get_content_type(), hashlib.sha256(b).hexdigest(), len(b)])
    return out
inp = sys.stdin.buffer
while True:
    line = inp.readline()
    if not line: break
    data = inp.read(int(line))
    try: r = leaves(email.message_from_bytes(data))
    except Exception: r = None
    print(json.dumps(r), flush=True)
`

// TestPythonAgrees compares the decoded bytes of all leaves with those of Python's email
// package, where that finds no defect.
func TestPythonAgrees(t *testing.T) {
	if os.Getenv("SPOOR_CORPORA") == "" {
		t.Skip("SPOOR_CORPORA is not set: no real mail to read")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: nothing to compare with")
	}
	script := filepath.Join(t.TempDir(), "leaves.py")
	if err := os.WriteFile(script, []byte(pythonLeaves), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, script)
	in, _ := cmd.StdinPipe()
	pipe, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Skip("python3 does not run: ", err)
	}
	out := bufio.NewReader(pipe)
	leaves, messages := 0, 0
	corpora(t, func(name string, data []byte) {
		if !isMail(data) {
			return
		}
		if _, err := fmt.Fprintf(in, "%d\n%s", len(data), data); err != nil {
			t.Fatal(err)
		}
		line, err := out.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		var want [][3]any
		if err := json.Unmarshal(line, &want); err != nil || want == nil {
			return
		}
		m := Parse(data)
		if mboxOnTop(m) {
			return
		}
		messages++
		ours := make(map[string]bool)
		for i := range m.Parts {
			ours[hex.EncodeToString(m.Parts[i].SHA256[:])] = true
		}
		for _, w := range want {
			leaves++
			if sum := w[1].(string); !ours[sum] && !excusedLeaf(m, int(w[2].(float64))) {
				t.Errorf("%s: %v of %v bytes differs\n %v", name, w[0], w[2], describeParts(m))
			}
		}
	})
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	t.Logf("%d leaves of %d messages compared", leaves, messages)
}

// excusedLeaf knows where we mean to differ from Python.
func excusedLeaf(m *Message, size int) bool {
	for _, p := range m.Parts {
		switch {
		case strings.HasPrefix(p.Type, "message/") && !p.Message:
			// Python makes messages of the groups of a delivery status, and of external
			// and partial bodies.
			if size == 0 || size < len(p.Body) {
				return true
			}
		case p.Encoding != "" && size == len(p.Body):
			return true // Python does not decode "base64" with a blank or CR behind it
		}
	}
	for _, d := range m.Defects {
		if d.Code == "header-blank-not-empty" {
			return true // Python takes a line of blanks for folding, and the text below for a header
		}
	}
	return false
}

func describeParts(m *Message) string {
	var b bytes.Buffer
	for _, p := range m.Parts {
		fmt.Fprintf(&b, "%s %s %d %s; ", p.Type, p.Encoding, p.Size, p.Outside)
	}
	return fmt.Sprint(b.String(), m.Defects)
}
