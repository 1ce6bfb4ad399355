package whois

import (
	"strings"
	"testing"
)

func TestRegistrarKey(t *testing.T) {
	for _, c := range []struct {
		name string
		id   int
		want string
	}{
		{"GoDaddy.com, LLC", 146, "godaddy"},
		{"GoDaddy.com, Inc.", 0, "godaddy"},
		{"GODADDY.COM, INC", 0, "godaddy"},
		{"Go Daddy Software, Inc.", 0, "godaddy"},
		{"TUCOWS, INC.", 0, "tucows"},
		{"Tucows Domains Inc.", 69, "tucows"},
		{"PDR Ltd. d/b/a PublicDomainRegistry.com", 303, "publicdomainregistry"},
		{"BookMyName", 0, "online-sas"},
		{"REGRU-RU", 0, "reg.ru"},
		{"Whatever Reseller", 292, "markmonitor"},
		{"Unheard Of Names GmbH", 0, "unheard of names"},
		{"Unheard-Of Names Sp. z o.o.", 0, "unheard of names"},
		{"Ltd", 0, "ltd"},
		{"", 0, ""},
	} {
		if got := registrarKey(c.name, c.id); got != c.want {
			t.Errorf("%q %d: %q, want %q", c.name, c.id, got, c.want)
		}
	}
}

func TestRegistrarTable(t *testing.T) {
	ids, names, keys := map[string]bool{}, map[string]string{}, map[string]bool{}
	for l := range strings.Lines(registrarsTSV) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		if len(f) != 3 || f[1] == "" || f[2] == "" || keys[f[1]] {
			t.Fatalf("%q", l)
		}
		keys[f[1]] = true
		for id := range strings.SplitSeq(f[0], "|") {
			if id != "" && ids[id] {
				t.Errorf("id %s twice", id)
			}
			ids[id] = true
		}
		for n := range strings.SplitSeq(f[2], "|") {
			if k := names[foldRegistrar(n)]; k != "" && k != f[1] {
				t.Errorf("%q is %s and %s", n, k, f[1])
			}
			names[foldRegistrar(n)] = f[1]
		}
	}
	if len(keys) < 120 {
		t.Errorf("%d registrars", len(keys))
	}
}

func TestReferral(t *testing.T) {
	for in, want := range map[string]string{
		"whois.registrar.test": "whois.registrar.test", "WHOIS.Registrar.TEST.": "whois.registrar.test", "whois://whois.registrar.test": "whois.registrar.test", "whois.registrar.test:4343": "whois.registrar.test:4343",
		"rwhois://rwhois.registrar.test:4321/": "rwhois.registrar.test:4321", "http://whois.registrar.test": "whois.registrar.test", "127.0.0.1": "127.0.0.1",
		"http://www.registrar.test/whois": "", "whois.registrar.test:99999": "", "whois.registrar.test:0": "", "localhost": "", "": "", "a b": "", "-o ProxyCommand=x": "", "whois.registrar.test;rm": "",
	} {
		if got := referredServer(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestKeysMeanOneThing holds the vocabulary to one meaning for each key: the order in
// which Go walks a map must not decide.
func TestKeysMeanOneThing(t *testing.T) {
	for key, f := range domainKeys {
		if g, ok := roleWords[key]; ok && g != 0 {
			t.Errorf("%q is %s and a role", key, f)
		}
	}
	for _, lists := range []map[field]string{domainLists, contactLists} {
		seen := map[string]field{}
		for f, list := range lists {
			for k := range strings.SplitSeq(list, "|") {
				k = strings.TrimSpace(k)
				if g, ok := seen[k]; ok && g != f {
					t.Errorf("%q is %s and %s", k, f, g)
				}
				if k != normalKey(k) {
					t.Errorf("%q is not in normal form, %q", k, normalKey(k))
				}
				seen[k] = f
			}
		}
	}
}
