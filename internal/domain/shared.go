package domain

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed shared.txt
var sharedText string

// service is one line of shared.txt.
type service struct {
	kind   string
	inPath bool
}

// sharedList maps suffixes to services.
var sharedList = sync.OnceValue(func() map[string]service {
	list, err := readShared(sharedText)
	if err != nil {
		panic(err) // compiled in, and parsed by a test
	}
	return list
})

// readShared parses lines "name" below headings "[kind]". A name followed by
// "/" distinguishes its customers by path.
func readShared(text string) (map[string]service, error) {
	list := make(map[string]service, 1024)
	kind := ""
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case line[0] == '[' && line[len(line)-1] == ']':
			kind = line[1 : len(line)-1]
			continue
		case kind == "":
			return nil, fmt.Errorf("shared.txt:%d: name before any [kind]", i+1)
		}
		for _, name := range strings.Fields(line) {
			host, inPath := strings.CutSuffix(name, "/")
			if _, twice := list[host]; twice {
				return nil, fmt.Errorf("shared.txt:%d: %s stands twice", i+1, host)
			}
			list[host] = service{kind: kind, inPath: inPath}
		}
	}
	return list, nil
}

// operators are the registered domains of the listed services, and those in the
// list themselves.
var operators = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool)
	for host := range sharedList() {
		out[Registered(host)] = true
	}
	delete(out, "")
	return out
})

// RunsServices reports whether a listed service belongs to a registered domain, as
// docs.google.com belongs to google.com.
func RunsServices(registered string) bool { return operators()[registered] }

// share sets Shared, Tenant and InPath from the longest listed suffix of the
// host. "www." before a listed name is the service itself and not a customer.
func (n *Name) share() {
	list := sharedList()
	for s := n.Host; ; {
		if svc, ok := list[s]; ok {
			n.Shared, n.InPath = svc.kind, svc.inPath
			n.Tenant = front(n.Host, s)
			return
		}
		dot := strings.IndexByte(s, '.')
		if dot < 0 {
			break
		}
		s = s[dot+1:]
	}
	if n.Private {
		n.Tenant = front(n.Host, n.Suffix)
	}
}

// front returns the labels before suffix in host, without a leading "www".
func front(host, suffix string) string {
	if len(host) <= len(suffix) {
		return ""
	}
	f := host[:len(host)-len(suffix)-1]
	if f == "www" {
		return ""
	}
	return strings.TrimPrefix(f, "www.")
}
