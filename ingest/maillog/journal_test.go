package maillog

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// exported writes a record as journalctl -o export does.
func exported(i int, message string, binaryValue bool) string {
	s := fmt.Sprintf("__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=postfix/smtpd\n_PID=%d\n", i, 1709558641000000+int64(i)*1e6, 100+i)
	if binaryValue {
		size := binary.LittleEndian.AppendUint64(nil, uint64(len(message)))
		return s + "MESSAGE\n" + string(size) + message + "\n\n"
	}
	return s + "MESSAGE=" + message + "\n\n"
}

// TestJournal: records in text and in binary are read, and a cut record is left for the
// next time.
func TestJournal(t *testing.T) {
	var log strings.Builder
	for i := range 4 {
		log.WriteString(exported(i, strings.ReplaceAll(rejected, "joe@", fmt.Sprintf("joe%d@", i)), i%2 == 1))
	}
	if k := Sniff([]byte(log.String())); k != Log {
		t.Fatalf("kind %q", k)
	}
	for name, c := range map[string]struct {
		text    string
		growing bool
		want    int
		bytes   int
	}{
		"whole":                       {log.String(), false, 4, log.Len()},
		"growing":                     {log.String(), true, 4, log.Len()},
		"growing, in a binary length": {log.String() + "__CURSOR=s=1;i=9\nMESSAGE\nabc", true, 4, log.Len()},
		"growing, between fields":     {log.String() + "__CURSOR=s=1;i=9\n", true, 4, log.Len()},
		"a length of all bytes":       {log.String() + "__CURSOR=s=1;i=9\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xffx", false, 4, -1},
	} {
		t.Run(name, func(t *testing.T) {
			ds, info, err := ReadAll(strings.NewReader(c.text), File{Name: "j", Modified: written, Growing: c.growing}, Options{Now: written})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, d := range ds {
				for _, r := range d.Recipients {
					if !strings.HasPrefix(r.Address, "joe") || r.At.Unix() < 1709558641 || d.Server != "mx1" {
						t.Errorf("%+v of %+v", r, d)
					}
					n++
				}
			}
			if n != c.want || c.bytes >= 0 && info.Bytes != int64(c.bytes) || info.Unknown > 0 {
				t.Errorf("%d recipients, %d bytes, %d unknown; want %d and %d", n, info.Bytes, info.Unknown, c.want, c.bytes)
			}
		})
	}
}

// TestJournalBytes: journalctl -o json writes a message that is no UTF-8 as numbers.
func TestJournalBytes(t *testing.T) {
	text := strings.ReplaceAll(rejected, "s@far", "s\xe4@far")
	var numbers []string
	for i := range len(text) {
		numbers = append(numbers, fmt.Sprint(text[i]))
	}
	for _, sep := range []string{",", " , "} {
		line := `{"__REALTIME_TIMESTAMP":"1709558641000000","_HOSTNAME":"mx1","SYSLOG_IDENTIFIER":"postfix/smtpd","OTHER":[[1],{"a":[]}],"MESSAGE":[` +
			strings.Join(numbers, sep) + "]}\n"
		ds, info, err := ReadAll(strings.NewReader(line), File{Name: "j", Modified: written}, Options{Now: written})
		if err != nil || info.Unknown > 0 || len(ds) != 1 || ds[0].Recipients[0].Address != "joe@own.example" {
			t.Errorf("%v, %d unknown, %+v", err, info.Unknown, ds)
		}
	}
}
