package export

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"

	"spoor/internal/dossier"
)

// meter measures the heap each time that so many bytes went through.
type meter struct {
	base, peak uint64
	left       int
}

const meterEvery = 1 << 20

func newMeter() *meter { return &meter{base: heap(), left: meterEvery} }

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (m *meter) pass(n int) {
	if m.left -= n; m.left <= 0 {
		m.peak, m.left = max(m.peak, heap()), meterEvery
	}
}

func (m *meter) grown() int { return int(max(m.peak, m.base)-m.base) >> 20 }

type metered struct {
	io.ReadWriter
	*meter
}

func (m metered) Write(b []byte) (int, error) { m.pass(len(b)); return m.ReadWriter.Write(b) }
func (m metered) Read(b []byte) (int, error)  { m.pass(len(b)); return m.ReadWriter.Read(b) }

// Writing and counting a large campaign takes little more than the campaign itself: no
// format has it in memory a second time.
func TestMemory(t *testing.T) {
	const messages = 5000
	c := plainCampaign()
	c.Messages = nil
	for i := range messages {
		c.Messages = append(c.Messages, message(i, fmt.Sprintf("Cheap pills %d", i)))
	}
	campaigns := []dossier.Campaign{c}
	for _, f := range formats {
		for _, file := range f.files {
			t.Run(f.Name+"/"+file.name, func(t *testing.T) {
				out, err := os.CreateTemp(t.TempDir(), "")
				if err != nil {
					t.Fatal(err)
				}
				defer out.Close()
				writing := newMeter()
				n, err := file.write(metered{out, writing}, campaigns, options)
				if err != nil {
					t.Fatal(err)
				}
				size, err := out.Seek(0, io.SeekEnd)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := out.Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				counting := newMeter()
				counted, err := file.count(metered{out, counting})
				if err != nil || counted != n {
					t.Fatalf("counted %d of %d, %v", counted, n, err)
				}
				// The ids that were written are remembered. A second copy would be ten times this.
				const most = 4
				t.Logf("%d MB: %d MB more while writing, %d while counting", size>>20, writing.grown(), counting.grown())
				if writing.grown() > most || counting.grown() > most {
					t.Errorf("%d messages: %d MB more while writing, %d while counting", messages, writing.grown(), counting.grown())
				}
			})
		}
	}
	runtime.KeepAlive(campaigns)
}
