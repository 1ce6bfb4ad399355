package rdap

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gaissmai/bart"

	"spoor/enrich/guard"
	"spoor/internal/text"
)

// snapshot holds the built-in bootstrap files in IANA's format. They name the
// servers of the regional registries and of the top-level domains that are
// common in mail. Client.Refresh loads newer ones.
//
//go:embed bootstrap/*.json
var snapshot embed.FS

// bootstrapFiles are the files of IANA that are used here.
var bootstrapFiles = []string{"dns.json", "ipv4.json", "ipv6.json"}

// Bootstrap maps domains and addresses to RDAP servers (RFC 9224).
//
// It is filled before use and only read afterwards, so look-ups need no lock.
type Bootstrap struct {
	suffixes map[string]string // base URL by domain suffix
	nets     bart.Table[string]
}

// Shipped returns the built-in bootstrap.
func Shipped() (*Bootstrap, error) {
	b := NewBootstrap()
	for _, name := range bootstrapFiles {
		file, err := snapshot.ReadFile("bootstrap/" + name)
		if err != nil {
			return nil, fmt.Errorf("read shipped %s: %w", name, err)
		}
		if err := b.Add(file); err != nil {
			return nil, fmt.Errorf("read shipped %s: %w", name, err)
		}
	}
	return b, nil
}

// NewBootstrap returns an empty Bootstrap.
func NewBootstrap() *Bootstrap { return &Bootstrap{suffixes: make(map[string]string)} }

// maxServices limits a bootstrap file; IANA's for domains has about 600
// services.
const maxServices = 20_000

// Add reads a bootstrap file, whose entries replace known ones. Invalid entries
// and URLs are skipped. A file of another format is an error.
func (b *Bootstrap) Add(file []byte) error {
	o, err := decode(file)
	if err != nil {
		return err
	}
	services, ok := o["services"].([]any)
	if v, in := o["services"]; !ok && (!in || v != nil) { // null if it has no services
		return errors.New(`the file has no "services"`)
	}
	for _, s := range services[:min(len(services), maxServices)] {
		parts, ok := s.([]any)
		if !ok || len(parts) < 2 {
			continue
		}
		keys, _ := parts[len(parts)-2].([]any)
		urls, _ := parts[len(parts)-1].([]any)
		if base := baseURL(urls); base != "" {
			b.put(keys, base)
		}
	}
	return nil
}

// put adds a server for prefixes or domain suffixes.
//
// One format serves domains and addresses. A key that parses as a prefix is
// one.
func (b *Bootstrap) put(keys []any, base string) {
	for _, k := range keys {
		s, ok := k.(string)
		if !ok {
			continue
		}
		if pre, err := netip.ParsePrefix(s); err == nil {
			b.nets.Insert(pre.Masked(), base)
		} else if s = strings.ToLower(strings.Trim(s, ".")); len(s) <= 253 {
			b.suffixes[s] = base
		}
	}
}

// baseURL returns the preferred URL of a service with "/" at its end: https
// before http (RFC 9224 section 3).
func baseURL(urls []any) string {
	found := ""
	for _, v := range urls {
		s, _ := v.(string)
		u, err := url.Parse(strings.TrimSpace(s))
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" {
			continue
		}
		base := strings.TrimSuffix(u.String(), "/") + "/"
		if u.Scheme == "https" {
			return base
		}
		text.SetOnce(&found, base)
	}
	return found
}

// Domain returns the base URL of the server for a domain by its longest suffix
// (RFC 9224 section 4), or "".
//
// The suffix "" is the server for everything, which IANA's file does not have
// and a user's may.
func (b *Bootstrap) Domain(name string) string {
	for s := name; ; {
		if base := b.suffixes[s]; base != "" {
			return base
		}
		_, rest, ok := strings.Cut(s, ".")
		if !ok {
			return b.suffixes[""]
		}
		s = rest
	}
}

// Address returns the base URL of the server for an address, or "".
func (b *Bootstrap) Address(addr netip.Addr) string {
	base, _ := b.nets.Lookup(addr.Unmap())
	return base
}

// AddDir reads the bootstrap files in a folder, or the single file at path.
func (b *Bootstrap) AddDir(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read bootstrap: %w", err)
	}
	files := []string{path}
	if info.IsDir() {
		files = nil
		for _, name := range bootstrapFiles {
			if f := filepath.Join(path, name); exists(f) {
				files = append(files, f)
			}
		}
		if len(files) == 0 {
			return fmt.Errorf("read bootstrap: %s holds none of %s", path, strings.Join(bootstrapFiles, ", "))
		}
	}
	for _, f := range files {
		data, err := readFile(f)
		if err != nil {
			return fmt.Errorf("read bootstrap: %w", err)
		}
		if err := b.Add(data); err != nil {
			return fmt.Errorf("read bootstrap %s: %w", f, err)
		}
	}
	return nil
}

// readFile reads one byte more than an answer may have, so that Add refuses a
// longer file and does not read half of it.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, guard.MaxAnswer+1))
}

// exists reports whether there is a file.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
