//go:build unix

package message

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// mix is a synthetic folder of about 21 KB a message: long headers, texts in
// quoted-printable and base64, now and then a picture.
func mix() [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	var all [][]byte
	for i := range 200 {
		var b strings.Builder
		for j := range 40 {
			fmt.Fprintf(&b, "X-Field-%d: %s\r\n\t%s\r\n", j, strings.Repeat("value ", 9), strings.Repeat("more ", 8))
		}
		fmt.Fprintf(&b, "Subject: =?utf-8?B?w6TDtsO8?= number %d\r\nFrom: \"Some One\" <one@example.com>\r\n", i)
		b.WriteString("Content-Type: multipart/mixed; boundary=\"=_outer\"\r\n\r\n--=_outer\r\nContent-Type: multipart/alternative; boundary=\"=_inner\"\r\n\r\n")
		text := strings.Repeat("<td style=3D\"color:red\"><a href=3D\"http://www.example.com/path/=\r\nto\">gr=C3=BCn</a></td>\r\n", 20+random.IntN(60))
		b.WriteString("--=_inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("Some plain text, with words in it, and lines.\r\n", 20+random.IntN(40)) + "\r\n")
		b.WriteString("--=_inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "\r\n--=_inner--\r\n")
		page := []byte("<html>" + strings.Repeat("<p>Lorem <b>ipsum</b> dolor sit amet</p>\n", 50+random.IntN(100)))
		b.WriteString("--=_outer\r\nContent-Type: text/html; name=x.html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode64(page) + "\r\n")
		if i%10 == 0 {
			picture := make([]byte, 60_000)
			for k := range picture {
				picture[k] = byte(random.Uint32())
			}
			b.WriteString("--=_outer\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode64(picture) + "\r\n")
		}
		b.WriteString("--=_outer--\r\n")
		all = append(all, []byte(b.String()))
	}
	return all
}

func benchmark(b *testing.B, messages [][]byte) {
	total := 0
	for _, m := range messages {
		total += len(m)
	}
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		for _, m := range messages {
			Parse(m)
		}
	}
	// CPU time, collector included, because other programs may run at the same
	// time.
	seconds := (cpuTime() - start).Seconds() / float64(b.N)
	b.ReportMetric(seconds/float64(len(messages))*1e6, "cpu-µs/message")
	b.ReportMetric(float64(total)/seconds/1e6, "MB/cpu-s")
	b.ReportMetric(float64(total)/float64(len(messages)), "B/message")
}

func BenchmarkParseMix(b *testing.B) { benchmark(b, mix()) }

func BenchmarkParseCorpora(b *testing.B) {
	for _, folder := range []string{"phishing_pot", "spam-1", "easy-ham-1"} {
		b.Run(folder, func(b *testing.B) {
			var all [][]byte
			corpora(b, func(name string, data []byte) { all = append(all, data) }, folder)
			benchmark(b, all)
		})
	}
}

func BenchmarkHeaderValues(b *testing.B) {
	m := Parse(mix()[0])
	b.ReportAllocs()
	for b.Loop() {
		m.Header.Get("subject").Text()
		m.Header.Get("from").Addresses(10)
		Template("<000801c1d3b5$01020304$0200a8c0@host>")
	}
}
