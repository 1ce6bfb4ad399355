package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"spoor/ingest/message"
)

// BenchmarkText measures the reading of bodies, on every fifth modern message
// and every second of 2002: about the mix of a benchmark's folder.
func BenchmarkText(b *testing.B) {
	mails := parsedMix(b)
	b.ReportAllocs()
	b.ResetTimer()
	start := cpuTime(b)
	for b.Loop() {
		for _, m := range mails {
			new(Facts).readText(m)
		}
	}
	b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/float64(b.N*len(mails)), "CPU-µs/message")
}

// BenchmarkHabits measures the forms of the header and the parts.
func BenchmarkHabits(b *testing.B) {
	mails := parsedMix(b)
	b.ReportAllocs()
	b.ResetTimer()
	start := cpuTime(b)
	for b.Loop() {
		for _, m := range mails {
			encodings(m)
			dateForm(value(m.Header, "Date"))
		}
	}
	b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/float64(b.N*len(mails)), "CPU-µs/message")
}

func parsedMix(b *testing.B) []*message.Message {
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		b.Skip("SPOOR_CORPORA names no folder of mail")
	}
	modern, _ := filepath.Glob(filepath.Join(dir, "phishing_pot", "*.eml"))
	old, _ := filepath.Glob(filepath.Join(dir, "spam-1", "*"))
	var mails []*message.Message
	for _, list := range []struct {
		paths []string
		each  int
	}{{modern, 5}, {old, 2}} {
		for i := 0; i < len(list.paths); i += list.each {
			data, err := os.ReadFile(list.paths[i])
			if err != nil || len(data) > 100<<10 {
				continue
			}
			mails = append(mails, message.Parse(data))
		}
	}
	if len(mails) == 0 {
		b.Fatal("no mail under ", dir)
	}
	return mails
}
