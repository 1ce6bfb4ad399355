package links

import (
	"slices"
	"testing"
)

func hostsOf(r Result) (out []string) {
	for _, l := range r.Links {
		out = append(out, l.Host)
	}
	return out
}

// A script's URL is found wherever browsers run scripts. The output of
// document.write is read as a page.
func TestComputedLinks(t *testing.T) {
	for _, tc := range []struct {
		name string
		text Text
	}{
		{"in a page", Text{HTML: true, Body: []byte(`<script>location.href=atob("aHR0cHM6Ly9hLmV4YW1wbGUv")</script>`)}},
		{"in a drawing", Text{HTML: true, Body: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script type="text/ecmascript"><![CDATA[var u="aHR0cHM6Ly9hLmV4YW1wbGUv"; top.location=atob(u)]]></script></svg>`)}},
		{"in an attribute", Text{HTML: true, Body: []byte(`<body onload="location=atob('aHR0cHM6Ly9hLmV4YW1wbGUv')">`)}},
		{"in a URL", Text{HTML: true, Body: []byte(`<a href="javascript:location='ht'+'tps://a.ex'+'ample/'">x</a>`)}},
		{"a written form", Text{HTML: true, Body: []byte(`<script>document.write(atob("PGZvcm0gYWN0aW9uPWh0dHBzOi8vYS5leGFtcGxlLz4="))</script>`)}},
		{"a written script", Text{HTML: true, Body: []byte(`<script>document.write("<scr"+"ipt>location='https:'+'//a.exam'+'ple/'</scr"+"ipt>")</script>`)}},
		{"an evaluated script", Text{HTML: true, Body: []byte(`<script>eval(atob("bG9jYXRpb249WyJodHRwczoiLCIiLCJhLmV4YW1wbGUiXS5qb2luKCIvIik="))</script>`)}},
		{"an attached program", Text{Script: true, Body: []byte(`var s="/elpmaxe.a//:sptth".split("").reverse().join("");`)}},
	} {
		r := Extract([]Text{tc.text})
		if !slices.Contains(hostsOf(r), "a.example") {
			t.Errorf("%s: %q", tc.name, show(r))
		}
	}
}

// The text as displayed under a right-to-left override is compared with the
// link's target.
func TestVisualOrder(t *testing.T) {
	for _, shown := range []string{"\u202emoc.knab.www//:sptth\u202c", "&#8238;moc.knab.www//:sptth", "<bdo dir=RTL>moc.knab.www//:sptth</bdo>", "https://\u202emoc.knab.www\u202c/"} {
		r := Extract([]Text{{HTML: true, Body: []byte("<a href=https://a.example/>" + shown + "</a>")}})
		if len(r.Links) == 0 || !slices.Contains(r.Links[0].Notes, "visible-mismatch") {
			t.Errorf("%s: %q", shown, show(r))
		}
	}
	same := Extract([]Text{{HTML: true, Body: []byte("<a href=https://www.bank.com/>\u202emoc.knab.www//:sptth\u202c</a>")}})
	if slices.Contains(same.Links[0].Notes, "visible-mismatch") {
		t.Errorf("the same host: %q", show(same))
	}
	if r := textOf("go to \u202e/elpmaxe.b//:ptth\u202c now\nhttp://c.example/"); !slices.Equal(hostsOf(r), []string{"b.example", "c.example"}) {
		t.Errorf("in text: %q", show(r))
	}
}

// Plain text that was made from HTML bears character references in its host names.
func TestReferencesInText(t *testing.T) {
	for in, want := range map[string]string{
		"https://a&#46;b&#x2e;example/x":    "https://a.b.example/x",
		"https&#58;//a&period;example/":     "https://a.example/",
		"www&#46;a&#46;example":             "http://www.a.example/",
		"https://a.example/?x=1&amp;y=&#61": "https://a.example/?x=1&y==",
		"https://a.example/?x=1&y=2":        "https://a.example/?x=1&y=2",
	} {
		r := textOf("see " + in + " now")
		if len(r.Links) != 1 || r.Links[0].URL != want {
			t.Errorf("%s: %q, want %s", in, show(r), want)
		}
	}
}
