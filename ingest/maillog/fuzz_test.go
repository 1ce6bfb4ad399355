package maillog

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLine reads any line: nothing panics, and all that comes out are bounded strings that
// a store takes.
func FuzzLine(f *testing.F) {
	for _, c := range cases {
		for line := range strings.Lines(c.log) {
			f.Add([]byte(line))
		}
	}
	f.Add([]byte(exported(1, rejected, false) + exported(2, rejected, true)))
	f.Fuzz(func(t *testing.T, line []byte) {
		ds, info, err := ReadAll(bytes.NewReader(line), File{Name: "f", Modified: written}, Options{Now: written})
		if err != nil {
			t.Fatal(err)
		}
		if info.Lines > int64(bytes.Count(line, []byte("\n"))+1) {
			t.Errorf("%d lines", info.Lines)
		}
		for i := range ds {
			check(t, &ds[i])
		}
	})
}

func check(t *testing.T, d *Delivery) {
	t.Helper()
	stored := []string{d.Server, d.Instance, d.QueueID, d.ReverseName, d.HELO, d.Protocol, d.Login, d.ReturnPath, d.MessageID}
	for _, r := range d.Recipients {
		stored = append(stored, r.Address, r.DSN, r.Reply, r.OutcomeDSN, r.OutcomeReply, r.Via, r.By)
		if r.Verdict == "" || r.Repeats < 0 {
			t.Errorf("row %+v", r)
		}
		if !r.At.IsZero() && (r.At.Year() < 1989 || r.At.Year() > 2300) {
			t.Errorf("at %v", r.At)
		}
	}
	for _, s := range stored {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || len(s) > 4*fieldBytes {
			t.Errorf("%q is nothing to store", s)
		}
	}
}

// FuzzRead reads any log: no line may change the delivery of another mail. The
// fuzzed bytes stand between two mails of fixed content.
func FuzzRead(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.log))
	}
	f.Add([]byte(exported(1, rejected, false) + exported(2, rejected, true)))
	before := "Mar 10 08:00:01 witness postfix/smtpd[901]: NOQUEUE: reject: RCPT from a.example[198.51.100.201]: 550 5.1.1 <w1@own.example>: no; from=<w@far.example> to=<w1@own.example> proto=ESMTP helo=<a>\n"
	after := "2024-03-10T08:00:02Z witness postfix/smtpd[902]: FFFFFFFFF1: client=a.example[198.51.100.202]\n" +
		"2024-03-10T08:00:02Z witness postfix/local[903]: FFFFFFFFF1: to=<w2@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (ok)\n"
	f.Fuzz(func(t *testing.T, log []byte) {
		if bytes.Contains(log, []byte("witness")) || bytes.Contains(log, []byte("FFFFFFFFF1")) || Sniff(log) != Log {
			t.Skip()
		}
		ds, _, err := ReadAll(strings.NewReader(before+string(log)+"\n"+after), File{Name: "f", Modified: written}, Options{Now: written})
		if err != nil {
			t.Fatal(err)
		}
		var b Book
		for i := range ds {
			check(t, &ds[i])
			b.Put(ds[i])
		}
		witnesses := slices.DeleteFunc(b.All(), func(d Delivery) bool { return d.Server != "witness" })
		want := "2024-03-10T08:00:01 198.51.100.201 <w@far.example> <w1@own.example> refused unknown_user\n" +
			"2024-03-10T08:00:02 198.51.100.202 <> <w2@own.example> accepted FFFFFFFFF1 sent\n"
		if got := attempts(witnesses); got != want {
			t.Errorf("got\n%s", got)
		}
	})
}
