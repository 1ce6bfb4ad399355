package replay

import (
	"bytes"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// A file returns the recorded answer for any bytes of a server, and any file
// can be read or refused.
func FuzzAnswer(f *testing.F) {
	f.Add("whois.example:43", "a.example", []byte("Domain: x\r\n\r\nraw\x00\xff"))
	f.Add("", "Error: x\n\nQuestion", []byte(""))
	f.Fuzz(func(t *testing.T, server, question string, body []byte) {
		a := &Answer{Protocol: whois, Server: flat(server), Question: flat(question), Asked: time.Unix(1e9, 0).UTC(), Body: body}
		b, err := decode(a.encode())
		if err != nil {
			t.Fatal(err)
		}
		if b.Server != a.Server || b.Question != a.Question || !b.Asked.Equal(a.Asked) || !bytes.Equal(b.Body, body[:min(len(body), 1<<20)]) {
			t.Errorf("%+v became %+v", a, b)
		}
		if c, err := decode(body); err == nil {
			_, _ = messageOf(c, dns.Question{})
			_, _ = readZone(c)
		}
	})
}
