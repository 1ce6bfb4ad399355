package script

import (
	"slices"
	"strings"
	"testing"

	"spoor/internal/lab/linear"
)

func TestStrings(t *testing.T) {
	const want = "https://a.example/x"
	for _, tc := range []struct{ name, source string }{
		{"base64", `location.href = atob("aHR0cHM6Ly9hLmV4YW1wbGUveA==")`},
		{"base64 in pieces", `window.location=window.atob('aHR0cHM6'+"Ly9hLmV4YW1wbGUveA")`},
		{"through variables", `var a="aHR0cHM6Ly9h", b = 'LmV4YW1wbGUveA=='; let c=a+b; open(atob(c));`},
		{"twice", `x(atob(atob("YUhSMGNITTZMeTloTG1WNFlXMXdiR1V2ZUE9PQ==")))`},
		{"a sum", `u = "htt" + 'ps:' + "//a.exam" + ` + "`ple/x`"},
		{"an appended variable", `var u="https:"; u+="//a.example"; u += "/x"; go(u)`},
		{"reversed", `go("x/elpmaxe.a//:sptth".split("").reverse().join(""))`},
		{"reversed in a variable", `var r="x/elpmaxe.a//:sptth"; r.split('').reverse().join('')`},
		{"a joined list", `["https:","","a.example","x"].join("/")`},
		{"elements of a list", `var p=["//a.example","https:","/x"]; location=p[1]+p[0]+p[2]`},
		{"codes", `String.fromCharCode(104,116,116,112,115,58,47,47,97,46,101,120,97,109,112,108,101,0x2f,120)`},
		{"codes in a list", `String.fromCharCode.apply(null,[104,116,116,112,115,58,47,47,97,46,101,120,97,109,112,108,101,47,120])`},
		{"codes by map", `[104,116,116,112,115,58,47,47,97,46,101,120,97,109,112,108,101,47,120].map(c => String.fromCharCode(c)).join('')`},
		{"codes spread", `String.fromCharCode(...[104,116,116,112,115,58,47,47,97,46,101,120,97,109,112,108,101,47,120])`},
		{"a replaced word", `"hxxps://a.example/x".replace("hxxp","http")`},
		{"a removed sign", `"h~tt~ps:/~/a.exam~ple/x".replace(/~/g, '')`},
		{"percent codes", `eval(unescape("%68%74tps://a.example/%78"))`},
		{"written", `document.write(decodeURIComponent("https%3A%2F%2Fa.example%2Fx"))`},
		{"a template", "var h='a.example'; go(`https://${h}/x`)"},
		{"an alias", `var d = window.atob; d("aHR0cHM6Ly9hLmV4YW1wbGUveA")`},
		{"a member in brackets", `window["at"+"ob"]("aHR0cHM6Ly9hLmV4YW1wbGUveA")`},
		{"a method in brackets", `"x/elpmaxe.a//:sptth"["split"]("")["reverse"]()["join"]("")`},
		{"a part", `"--https://a.example/x--".slice(2,-2)`},
		{"comments between", `atob(/* x */ "aHR0cHM6Ly9hLmV4" + // y
			"YW1wbGUveA==")`},
		{"an unknown in the sum", `location = atob("aHR0cHM6Ly9hLmV4YW1wbGUveA") + user`},
		{"in a function", `(function(){ var k=1; if(k>0){ return atob("aHR0cHM6Ly9hLmV4YW1wbGUveA=="); } })()`},
	} {
		if got := Strings([]byte(tc.source)); !slices.Contains(got, want) {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

// An expression that is not constant, or that stands in the source in clear,
// yields nothing.
func TestNoStrings(t *testing.T) {
	for _, source := range []string{
		`var a = "https://a.example/x";`, `a + b`, `f("x", y)`, `atob(x)`, `"abc`, `x = [1,2,3]; x[7]`, `"a".foo("b")`, `if (a == "b") c()`,
		`String.fromCharCode(x ^ 3)`, "", `((((((((((((("a"+"bcdef"`, `for(;;){}`, `"\`, `["a","b"`,
	} {
		if got := Strings([]byte(source)); len(got) > 0 && strings.Contains(strings.Join(got, " "), "://") {
			t.Errorf("%s: %q", source, got)
		}
	}
}

func TestLinear(t *testing.T) {
	for _, unit := range []string{
		`"a"+`, "[", "[1,", "(", "atob(", `atob("a"+`, `a="b";`, `a+=a+"x";`, `a=a+a+"x";`, "`${a}", "`", `"`, `'\`, "/*", "//", `"a".split("").`, `[1].map(`, `String.fromCharCode(1,`,
		`x.y.`, `window[`, `"a"["b"]`, `{[("`, "x=atob;",
	} {
		t.Run(unit, func(t *testing.T) {
			linear.Check(t, maxSource/4, func(n int) []byte { return []byte(`a="b";` + strings.Repeat(unit, n/len(unit))) }, func(b []byte) { Strings(b) })
		})
	}
}

func FuzzStrings(f *testing.F) {
	f.Add([]byte(`var a="aHR0"; u=atob(a+"cHM6").split("").reverse().join(""); [1,2].map(c=>String.fromCharCode(c)).join("")`))
	f.Add([]byte("`${a}` + \"\\x41\\u{42}\\u0043\".replace(/a/g,'b').slice(-1)"))
	f.Fuzz(func(t *testing.T, source []byte) {
		size := 0
		for _, s := range Strings(source) {
			size += len(s)
		}
		if size > maxOutput {
			t.Errorf("%d bytes", size)
		}
	})
}
