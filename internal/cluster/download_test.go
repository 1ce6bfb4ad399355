package cluster

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ulikunitz/xz"
)

// repository is a Maven repository on loopback.
type repository struct {
	*httptest.Server
	mu    sync.Mutex
	files map[string][]byte
	asked []string
	cut   int // cuts the first answer with a jar after so many bytes
}

const fakeArtifact = "/io/zonky/test/postgres/embedded-postgres-binaries-linux-test"

// jarPath is where Maven's layout has the jar of a version.
func jarPath(version string) string {
	return fakeArtifact + "/" + version + "/embedded-postgres-binaries-linux-test-" + version + ".jar"
}

var fakeJar = jarPath("17.9.0")

func newRepository(t *testing.T, files map[string][]byte) *repository {
	r := &repository{files: files}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *repository) serve(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, req.URL.Path+" "+req.Header.Get("Range"))
	content, ok := r.files[req.URL.Path]
	if !ok {
		http.NotFound(w, req)
		return
	}
	if r.cut > 0 && strings.HasSuffix(req.URL.Path, ".jar") {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write(content[:r.cut])
		r.cut = 0
		return
	}
	http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
}

// layout lays out a repository with one jar.
func layout(jar []byte) map[string][]byte {
	sum := sha256.Sum256(jar)
	return map[string][]byte{
		fakeArtifact + "/maven-metadata.xml": []byte(`<metadata><versioning><latest>18.1.0</latest><versions>
			<version>16.9.0</version><version>17.9.0</version><version>17.6.0</version><version>17.99.0-rc1</version>
			<version>17.99/../..</version><version>18.1.0</version></versions></versioning></metadata>`),
		fakeJar:             jar,
		fakeJar + ".sha256": []byte(hex.EncodeToString(sum[:])),
	}
}

// entry is a file of an archive.
type entry struct {
	name, link, text string
	kind             byte
	mode             int64
}

// makeJar packs entries as the project does: a tar in xz in a zip.
func makeJar(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var jar bytes.Buffer
	z := zip.NewWriter(&jar)
	if _, err := z.Create("META-INF/MANIFEST.MF"); err != nil {
		t.Fatal(err)
	}
	w, err := z.Create("postgres-linux-test.txz")
	if err != nil {
		t.Fatal(err)
	}
	x, err := xz.NewWriter(w)
	if err != nil {
		t.Fatal(err)
	}
	a := tar.NewWriter(x)
	for _, e := range entries {
		if e.kind == 0 {
			e.kind = tar.TypeReg
		}
		header := &tar.Header{Name: e.name, Linkname: e.link, Typeflag: e.kind, Mode: e.mode, Size: int64(len(e.text))}
		if err := a.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(a.Close(), x.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}

// programEntries are programs that really start: the installed ones.
func programEntries(t *testing.T) []entry {
	t.Helper()
	p := &place{Options: mustDefaults(t, Options{Home: "/nowhere"})}
	dirs := p.candidates()
	script := func(name string) string {
		return "#!/bin/sh\nexec " + filepath.Join(dirs[0], name) + " \"$@\"\n"
	}
	return []entry{
		{name: "./", kind: tar.TypeDir, mode: 0o700},
		{name: "./bin/", kind: tar.TypeDir, mode: 0o700},
		{name: "./bin/postgres", mode: 0o4700, text: script("postgres")},
		{name: "./bin/initdb", mode: 0o755, text: script("initdb")},
		{name: "./lib/libpq.so.5.17", mode: 0o600, text: "x"},
		{name: "./lib/libpq.so.5", kind: tar.TypeSymlink, link: "libpq.so.5.17"},
		{name: "./lib/postgresql/libpq.so", kind: tar.TypeSymlink, link: "../libpq.so.5"},
		{name: "./share/copy", kind: tar.TypeLink, link: "./lib/libpq.so.5.17"},
	}
}

func fetching(o Options, r *repository) Options {
	o = bare(o)
	o.Download, o.Repository, o.platform = true, r.URL, "linux-test"
	return o
}

func TestDownload(t *testing.T) {
	home := readyHome(t)
	text, err := os.ReadFile(filepath.Join(home, "db/PG_VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(string(text)) + ".7.0" // of the major version that the data need
	files := layout(makeJar(t, programEntries(t)...))
	files[fakeArtifact+"/maven-metadata.xml"] = []byte("<metadata><versioning><versions><version>" + version +
		"</version><version>99.1.0</version></versions></versioning></metadata>")
	files[jarPath(version)], files[jarPath(version)+".sha256"] = files[fakeJar], files[fakeJar+".sha256"]
	r := newRepository(t, files)
	t.Cleanup(func() {
		if err := os.RemoveAll(filepath.Join(home, "postgresql")); err != nil {
			t.Error(err)
		}
	})
	r.cut = 300
	var notices []string
	o := fetching(options(home), r)
	o.Notice = func(s string) {
		if len(r.asked) > 0 && len(notices) == 0 {
			t.Error("the network was used before the user was told")
		}
		notices = append(notices, s)
	}
	c := mustOpen(t, o)
	if len(notices) == 0 || !strings.Contains(notices[0], r.URL) {
		t.Errorf("notices %q", notices)
	}
	if _, got, err := session(t.Context(), socketPath(c.server.socketDir, c.server.port), databaseName, "SELECT 1"); err != nil || got != "1" {
		t.Error(err)
	}
	mustClose(t, c)

	if last := r.asked[len(r.asked)-1]; last != jarPath(version)+" bytes=300-" {
		t.Errorf("last request %q: the cut answer was not continued", last)
	}
	for name, mode := range map[string]os.FileMode{"bin/postgres": 0o755, "lib/libpq.so.5.17": 0o644, "bin": 0o755 | os.ModeDir} {
		info, err := os.Stat(filepath.Join(home, "postgresql", version, name))
		if err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, mode)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(home, "postgresql")); len(entries) != 1 {
		t.Errorf("what is left of the fetch: %v", entries)
	}

	r.Close() // the second time nothing is fetched
	mustClose(t, mustOpen(t, o))
}

func TestDownloadRefused(t *testing.T) {
	t.Parallel()
	good := makeJar(t, entry{name: "bin/postgres", mode: 0o755, text: "#!/bin/sh\nexit 1\n"}, entry{name: "bin/initdb", mode: 0o755, text: "x"})
	sum1 := sha1.Sum(good)
	with := func(change func(files map[string][]byte)) map[string][]byte {
		files := layout(good)
		change(files)
		return files
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"nothing there", nil, "no such file"},
		{"no checksum", with(func(f map[string][]byte) { delete(f, fakeJar+".sha256") }), "no checksum"},
		{"wrong checksum", with(func(f map[string][]byte) { f[fakeJar+".sha256"] = []byte(strings.Repeat("0", 64)) }), "damaged"},
		{"junk for a checksum", with(func(f map[string][]byte) { f[fakeJar+".sha256"] = []byte("<html>") }), "holds no checksum"},
		{"changed jar", with(func(f map[string][]byte) { f[fakeJar] = append([]byte("x"), good...) }), "damaged"},
		{"truncated jar", with(func(f map[string][]byte) { f[fakeJar] = good[:len(good)/2] }), "damaged"},
		{"jar is gone", with(func(f map[string][]byte) { delete(f, fakeJar) }), "404"},
		{"no archive in the jar", layout([]byte("PK\x05\x06" + strings.Repeat("\x00", 18))), ".txz"},
		{"not a jar", layout([]byte("hello")), "zip"},
		{"programs that do not run", layout(good), "do not run"},
		{"older checksum is enough", with(func(f map[string][]byte) {
			delete(f, fakeJar+".sha256")
			f[fakeJar+".sha1"] = []byte(hex.EncodeToString(sum1[:]) + "  name.jar\n")
		}), "do not run"},
		{"no programs", layout(makeJar(t, entry{name: "bin/psql", mode: 0o755})), "holds no bin/postgres"},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := emptyHome(t)
			_, err := Open(t.Context(), fetching(options(home), newRepository(t, c.files)))
			if !errors.Is(err, ErrNoBinaries) || !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("%v, want one that says %q", err, c.want)
			}
			if !strings.Contains(fmt.Sprint(err), "apt install postgresql") {
				t.Errorf("no word on what to install: %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(home, "postgresql", "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestRepositoryMustBeTrustworthy(t *testing.T) {
	for _, address := range []string{"http://repo.example/maven2", "ftp://repo.example", "file:///etc", "//repo.example", "http://127.0.0.1.example"} {
		p := &place{Options: Options{Repository: address, platform: "x"}}
		if _, err := p.newFetcher(); err == nil {
			t.Errorf("%s: taken", address)
		}
	}
	for _, address := range []string{"https://repo.example/maven2/", "http://127.0.0.1:8080", "http://[::1]:1/x", ""} {
		p := &place{Options: Options{Repository: address, platform: "x"}}
		if f, err := p.newFetcher(); err != nil || strings.Contains(f.folder[8:], "//") {
			t.Errorf("%s: %v", address, err)
		}
	}
	elsewhere := httptest.NewServer(http.RedirectHandler("http://repo.example/x", http.StatusFound))
	defer elsewhere.Close()
	p := &place{Options: Options{Repository: elsewhere.URL, platform: "x"}}
	f, err := p.newFetcher()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.small(t.Context(), elsewhere.URL); err == nil || !strings.Contains(err.Error(), "https only") {
		t.Errorf("redirected off TLS: %v", err)
	}
}

func TestUnpackStaysInside(t *testing.T) {
	link := func(name, target string) entry { return entry{name: name, kind: tar.TypeSymlink, link: target} }
	for name, entries := range map[string][]entry{
		"up":                         {{name: "../evil", text: "x"}},
		"up in the middle":           {{name: "bin/../../evil", text: "x"}},
		"absolute":                   {{name: "/tmp/evil", text: "x"}},
		"absolute link":              {link("lib", "/etc")},
		"link up":                    {link("lib", "..")},
		"link far up":                {link("a/b", "../../..")},
		"link through a link":        {link("a/b", "."), link("c", "a/b/../../..")},
		"link up after down":         {link("c", "a/../..")},
		"file through a link":        {link("a", "."), {name: "a/x", text: "x"}},
		"link below a link":          {link("d", "."), link("d/l", "../x")},
		"file over a link":           {link("a", "b"), {name: "a", text: "x"}},
		"hard link to outside":       {{name: "a", kind: tar.TypeLink, link: "../../etc/passwd"}},
		"hard link to absolute":      {{name: "a", kind: tar.TypeLink, link: "/etc/passwd"}},
		"hard link to a link":        {link("a", "b"), {name: "c", kind: tar.TypeLink, link: "a"}},
		"device":                     {{name: "null", kind: tar.TypeChar}},
		"pipe":                       {{name: "pipe", kind: tar.TypeFifo}},
		"empty link":                 {link("a", "")},
		"directory where a link was": {link("a", "b"), {name: "a/", kind: tar.TypeDir}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			inside := filepath.Join(dir, "deep", "inside")
			if err := os.MkdirAll(inside, 0o755); err != nil {
				t.Fatal(err)
			}
			jar := filepath.Join(dir, "x.jar")
			if err := os.WriteFile(jar, makeJar(t, entries...), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := new(place).unpackJar(t.Context(), jar, inside); err == nil {
				t.Error("unpacked")
			}
			if found, _ := filepath.Glob(filepath.Join(dir, "deep", "*")); len(found) != 1 {
				t.Errorf("outside: %v", found)
			}
		})
	}
}

func TestNewestOf(t *testing.T) {
	list := string(layout(nil)[fakeArtifact+"/maven-metadata.xml"])
	for major, want := range map[int]string{16: "16.9.0", 17: "17.9.0", 18: "18.1.0", 15: ""} {
		if got := newestOf(list, major); got != want {
			t.Errorf("%d: %q, want %q", major, got, want)
		}
	}
	if got := newestOf("<html>no", 17); got != "" {
		t.Errorf("junk: %q", got)
	}
}
