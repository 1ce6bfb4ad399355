package maillog

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"
)

// day writes lines of a busy server: accepted mail of six lines, refusals of three.
type busyDay struct {
	buf  bytes.Buffer
	i, n int
}

func (d *busyDay) Read(p []byte) (int, error) {
	for d.buf.Len() < len(p) && d.i < d.n {
		d.mail()
	}
	if d.buf.Len() == 0 {
		return 0, io.EOF
	}
	return d.buf.Read(p)
}

func (d *busyDay) mail() {
	at := time.Date(2024, 3, 10, 0, 0, 0, d.i*2_000_000%1e9, time.UTC).Add(time.Duration(d.i) * 12 * time.Millisecond).Format("2006-01-02T15:04:05.000000Z")
	id := fmt.Sprintf("%X", 0xA000000000+d.i)
	pid := 100 + d.i%400
	ip := fmt.Sprintf("198.51.%d.%d", d.i/250%200, d.i%250)
	b := &d.buf
	fmt.Fprintf(b, "%s mx postfix/smtpd[%d]: connect from pc%d.far.example[%s]\n", at, pid, d.i, ip)
	if d.i%3 == 0 {
		fmt.Fprintf(b, "%s mx postfix/smtpd[%d]: NOQUEUE: reject: RCPT from pc%d.far.example[%s]: 550 5.1.1 <user%d@own.example>: Recipient address rejected: User unknown in virtual mailbox table; from=<s%d@far.example> to=<user%d@own.example> proto=ESMTP helo=<pc%d.far.example>\n", at, pid, d.i, ip, d.i, d.i, d.i, d.i)
		d.i++
	} else {
		fmt.Fprintf(b, "%s mx postfix/smtpd[%d]: %s: client=pc%d.far.example[%s]\n", at, pid, id, d.i, ip)
		fmt.Fprintf(b, "%s mx postfix/cleanup[%d]: %s: message-id=<%d.%s@far.example>\n", at, pid, id, d.i, id)
		fmt.Fprintf(b, "%s mx postfix/qmgr[9]: %s: from=<s%d@far.example>, size=%d, nrcpt=1 (queue active)\n", at, id, d.i, 900+d.i%9000)
		fmt.Fprintf(b, "%s mx postfix/lmtp[%d]: %s: to=<user%d@own.example>, relay=mail.own.example[private/dovecot-lmtp], delay=0.21, delays=0.1/0/0.01/0.1, dsn=2.0.0, status=sent (250 2.0.0 <user%d@own.example> qYyy%s Saved)\n", at, pid, id, d.i, d.i, id)
		fmt.Fprintf(b, "%s mx postfix/qmgr[9]: %s: removed\n", at, id)
		d.i++
	}
	fmt.Fprintf(b, "%s mx postfix/smtpd[%d]: disconnect from pc%d.far.example[%s] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5\n", at, pid, d.i-1, ip)
}

// BenchmarkRead reads 200,000 lines. Goal: 300,000 lines/s of one core.
func BenchmarkRead(b *testing.B) {
	log, err := io.ReadAll(&busyDay{n: 35_000})
	if err != nil {
		b.Fatal(err)
	}
	lines := bytes.Count(log, []byte("\n"))
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		r := NewReader(Options{Now: written})
		n := 0
		for range r.Read(bytes.NewReader(log), File{Name: "mail.log", Modified: written}) {
			n++
		}
		for range r.Rest() {
			n++
		}
		if n != 35_000 || r.Info().Unknown != 0 {
			b.Fatalf("%d deliveries, %+v", n, r.Info())
		}
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
