package cluster

import (
	"path/filepath"
	"strings"
	"testing"
)

func FuzzParsePostmaster(f *testing.F) {
	f.Add("123\n/x/db\n1700000000\n5432\n/x/socket\n\n  1 2\nready   \n")
	f.Add("-1\n")
	f.Add("99999999999999999999\n\n\n\n\x00")
	f.Fuzz(func(t *testing.T, text string) {
		pm := parsePostmaster(text)
		if pm.pid != 0 && pm.pid < 2 {
			t.Errorf("process %d: a signal to it would reach others", pm.pid)
		}
	})
}

func FuzzUntilReady(f *testing.F) {
	f.Add("R\x00\x00\x00\x08\x00\x00\x00\x00S\x00\x00\x00\x18server_version\x0015.8\x00Z\x00\x00\x00\x05I")
	f.Add("E\x00\x00\x00\x20SFATAL\x00C3D000\x00Mmissing\x00\x00\x00\x00\x00\x00")
	f.Add("R\x00\x00\x00\x08\x00\x00\x00\x05")
	f.Add("HTTP/1.1 400 Bad Request\r\n")
	f.Fuzz(func(t *testing.T, stream string) {
		version, _, err := untilReady(strings.NewReader(stream))
		if err == nil && !strings.Contains(stream, "Z\x00\x00\x00") {
			t.Errorf("ready with version %q, but nothing says so", version)
		}
	})
}

func FuzzNewestOf(f *testing.F) {
	f.Add("<metadata><versioning><versions><version>17.6.0</version></versions></versioning></metadata>")
	f.Add("<metadata><versioning><versions><version>17.6/../x</version></versions></versioning></metadata>")
	f.Fuzz(func(t *testing.T, text string) {
		if v := newestOf(text, 17); v != "" && (v != filepath.Base(v) || strings.Trim(v, "0123456789.") != "") {
			t.Errorf("version %q would be a path", v)
		}
	})
}

func FuzzStaysInside(f *testing.F) {
	f.Add("lib/a", "../b")
	f.Add("a", "b/../../c")
	f.Fuzz(func(t *testing.T, name, target string) {
		if !filepath.IsLocal(name) || !staysInside(name, target) {
			return
		}
		// Walked name by name, the target must never stand above the top.
		depth := strings.Count(filepath.ToSlash(filepath.Clean(name)), "/")
		for part := range strings.SplitSeq(target, "/") {
			switch part {
			case "", ".":
			case "..":
				depth--
			default:
				depth++
			}
			if depth < 0 {
				t.Errorf("%q -> %q climbs out", name, target)
			}
		}
	})
}
