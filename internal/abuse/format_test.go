package abuse

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Both the standard library and Python's email package read an ARF message as
// three parts, for any content of the campaign.
func TestARFIsReadByPeers(t *testing.T) {
	for name, c := range map[string][]Report{"plain": filled(campaign(), reporter), "hostile": filled(hostile(), Reporter{"Desk\r\nBcc: x@y.example", "abuse@desk.example", "desk.example"})} {
		n := 0
		for _, r := range c {
			for _, arf := range r.ARF() {
				n++
				assertStandard(t, name, arf)
				if n <= 2 { // Python takes a while to begin
					assertPython(t, name, arf)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s: no ARF message", name)
		}
	}
}

func assertStandard(t *testing.T, name string, arf []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(arf))
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, arf)
	}
	if len(m.Header) != 7 || m.Header.Get("Bcc") != "" {
		t.Errorf("%s: header %v", name, m.Header)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["report-type"] != "feedback-report" {
		t.Errorf("%s: %s %v, %v", name, kind, params, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	var kinds []string
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, strings.Split(p.Header.Get("Content-Type"), ";")[0])
		if kinds[len(kinds)-1] == "message/feedback-report" {
			assertFeedback(t, name, string(body))
		}
	}
	if strings.Join(kinds, " ") != "text/plain message/feedback-report message/rfc822" {
		t.Errorf("%s: parts %v", name, kinds)
	}
}

// assertFeedback checks the fields of RFC 5965, section 3: those that must be there once,
// and none that the RFC does not know.
func assertFeedback(t *testing.T, name, body string) {
	t.Helper()
	count := make(map[string]int)
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\r\n") {
		field, value, ok := strings.Cut(line, ": ")
		if !ok || value == "" {
			t.Errorf("%s: line %q", name, line)
		}
		count[field]++
	}
	for _, f := range []string{"Feedback-Type", "User-Agent", "Version", "Source-IP", "Arrival-Date", "Incidents"} {
		if count[f] != 1 {
			t.Errorf("%s: %d times %s", name, count[f], f)
		}
		delete(count, f)
	}
	for f, n := range count {
		if f != "Reported-Domain" && f != "Reported-URI" && (f != "Original-Mail-From" || n != 1) {
			t.Errorf("%s: field %s", name, f)
		}
	}
}

// pythonARF prints the types of the parts and the defects that Python's email package sees.
const pythonARF = `
import sys, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(m.get_content_type(), m.get_param('report-type'), *[p.get_content_type() for p in m.iter_parts()], *m.defects)
print(m.get_payload(2).get_payload(0)['To'], m['Bcc'])
`

func assertPython(t *testing.T, name string, arf []byte) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("python3 is not installed: only the standard library read the ARF message")
		return
	}
	cmd := exec.Command(python, "-c", pythonARF)
	cmd.Stdin = bytes.NewReader(arf)
	out, err := cmd.CombinedOutput()
	if want := "multipart/report feedback-report text/plain message/feedback-report message/rfc822\nr1@masked.invalid None\n"; err != nil || string(out) != want {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// X-ARF is valid by the official schema, which is not ours to keep here.
func TestXARFSchema(t *testing.T) {
	dir := os.Getenv("SPOOR_SCHEMAS")
	if dir == "" {
		t.Skip("SPOOR_SCHEMAS does not name the folder of the X-ARF v4 schemas: the reports were not validated against them")
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	err := filepath.WalkDir(filepath.Join(dir, "xarf", "schemas", "v4"), func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return err
		}
		return c.AddResource(doc.(map[string]any)["$id"].(string), doc)
	})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("https://xarf.org/schemas/v4/xarf-v4-master.json")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, campaign := range [][]Report{filled(campaign(), reporter), filled(hostile(), reporter)} {
		for _, r := range campaign {
			texts, err := r.XARF()
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range texts {
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(doc); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
				n++
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d reports were validated", n)
	}
}

// The text of a spammer or a registry does nothing in any part of a report.
func TestHostileContentDoesNothing(t *testing.T) {
	for _, r := range filled(hostile(), reporter) {
		texts, err := r.XARF()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !json.Valid(text) {
				t.Errorf("no JSON: %s", text)
			}
		}
		for _, text := range append(append(texts, r.ARF()...), []byte(r.Text())) {
			for _, c := range string(text) {
				if c != '\n' && c != '\r' && !unicode.IsPrint(c) {
					t.Fatalf("%U in\n%s", c, text)
				}
			}
			for _, line := range strings.Split(string(text), "\n") {
				if strings.HasPrefix(line, "Bcc:") {
					t.Errorf("a header field of the spammer's:\n%s", text)
				}
			}
		}
		if strings.ContainsAny(r.Contact, "/\\ \r\n\x00") {
			t.Errorf("contact %q", r.Contact)
		}
	}
}

// A message that holds the boundary does not end its part.
func TestBoundaryIsNobodyElses(t *testing.T) {
	r := filled(campaign(), reporter)[1]
	first := r.boundary(&r.Evidence[0], "")
	r.Evidence[0].Raw = []byte("Subject: x\r\n\r\n--" + first + "--\r\n")
	if again := r.boundary(&r.Evidence[0], ""); again == first {
		t.Error("the boundary stands in the message")
	}
}
