package text

import (
	"strings"
	"testing"
)

func formOf(html string) int64 { return normalOf(html, true).form.hash() }

func TestHTMLForm(t *testing.T) {
	const row = `<tr><td><a href="x">one</a></td></tr>`
	const page = "<html><head><title>x</title></head><body><table>" + row + "</table><p>text<img src=a><hr></body></html>"
	want := formOf(page)
	if want == 0 {
		t.Fatal("a page has no form")
	}
	for _, tc := range []struct {
		name, html string
		same       bool
	}{
		{"other text and attributes", strings.NewReplacer("one", "two words", `href="x"`, `class=y href='z'`).Replace(page), true},
		{"upper case", strings.ToUpper(page), true},
		{"five rows instead of one", strings.Replace(page, row, strings.Repeat(row, 5), 1), true},
		{"paragraphs", strings.Replace(page, "<p>", "<p>a</p>\n<p>b</p><p>", 1), true},
		{"comments and invented tags", strings.Replace(page, "text", "te<!-- <div> -->x<xqz>t", 1), true},
		{"tags inside a style", strings.Replace(page, "text", "<style>", 1), false},
		{"one more element", strings.Replace(page, "<hr>", "<hr><div>", 1), false},
		{"two swapped", strings.Replace(page, "<img src=a><hr>", "<hr><img src=a>", 1), false},
		{"an element that is not shown", strings.Replace(page, "text", "<i style=display:none><b></b></i>", 1), false},
		{"Word's own", strings.Replace(page, "text", "<o:p></o:p>", 1), false},
	} {
		if got := formOf(tc.html); (got == want) != tc.same {
			t.Errorf("%s: the same %v, want %v", tc.name, got == want, tc.same)
		}
	}
	for _, few := range []string{"", "no tags", "<html><body><p>a<br>b", strings.Repeat("<p><br>", 100)} {
		if got := formOf(few); got != 0 {
			t.Errorf("%.30q has a form", few)
		}
	}
	nested := "<ul>" + strings.Repeat("<li><b>a</b><i>b</i><i>c</i></li>", 3) + "</ul><h1><h2><h3><h4><h5>"
	if formOf(nested) != formOf(strings.Replace(nested, "<i>c</i>", "", 2)) {
		t.Error("repeats inside of repeats are not left out")
	}
	long := strings.Repeat("<p><h1><h2><h3><h4><h5><h6><hr><br><div>", 400)
	if formOf(long) != formOf(long+"<table>") {
		t.Error("tags beyond the first 4,000 count")
	}
}

func TestOnlyWhatIsSeenIsRead(t *testing.T) {
	for _, tc := range []struct{ name, html, want string }{
		{"not displayed", "a<div style='display:none'>b</div>c", "ac"},
		{"the same element inside", "a<div style='display:none'>b<div>c</div>d</div>e", "ae"},
		{"blanks and case", `a<SPAN STYLE="Color:red; DISPLAY : None !important">b</SPAN>c`, "ac"},
		{"not visible", "a<b style=visibility:hidden>b</b>c", "ac"},
		{"transparent", "a<b style=opacity:0>b</b>c<b style=opacity:0.9>d</b>", "acd"},
		{"no height", "a<b style='max-height:0px;overflow:hidden'>b</b>c", "ac"},
		{"a line height is no height", "a<b style='line-height:0;max-height:20px'>b</b>c", "abc"},
		{"no size, set again inside", "a<td style=font-size:0px>b<div style='font-size:14px'>c</div>d</td>e", "acde"},
		{"small, not tiny", "a<b style=font-size:0.8em>b</b><i style=font-size:1em>c</i><u style=font-size:small>d</u>", "abcd"},
		{"a zero with a unit", "a<b style=font-size:0.0em>b</b>c", "ac"},
		{"never closed", "a<div style=display:none>b", "a"},
		{"closed by its cell", "<table><td>a<span style=display:none>b</td><td>c</table>", "ac"},
		{"a table inside", "a<div style=display:none><table><td>b</td></table>c</div>d", "ad"},
		{"closed by the next paragraph", "<p style=display:none>a<p>b", "b"},
		{"closed by the next cell, hidden too", "<td style=display:none>a<td style=display:none>b<td>c", "c"},
		{"a void element has nothing to hide", "<img style=display:none>a", "a"},
		{"nor has an invented one an end", "<xyz style=display:none>a", "a"},
		{"a body is shown by a script", "<body style=display:none>a", "a"},
		{"white without a background", "a<font color=white>b</font>c", "ac"},
		{"nearly white on white", "<body style='background:#fff'>a<font color=#F7fdfe>b</font>c", "ac"},
		{"white in RGB", "a<b style='color: rgb(255, 255, 250)'>b</b>c", "ac"},
		{"white on a button", "a<td bgcolor=#0055aa><a style=color:#fff>b</a></td>", "ab"},
		{"white on its own colour", "a<a style='color:#ffffff;background-color:#0055aa'>b</a>", "ab"},
		{"white on a colour of a style sheet", "<style>.x{background:navy}</style><b class=x style=color:white>b</b>", "b"},
		{"another colour inside", "a<div style=color:#fff>b<b style=color:#333>c</b></div>", "ac"},
		{"a background's colour is not the text's", "a<b style=background-color:white>b</b>", "ab"},
		{"yellow", "a<font color=#ffff00>b</font><font color=#ffe>c</font>", "abc"},
		{"a bare < inside", "a<i style=display:none>1 < 2 <!-- </i> -->b</i>c", "ac"},
		{"a part hides nothing in the next", "a", "a"},
	} {
		if got := letters(tc.html, true); got != tc.want {
			t.Errorf("%s: %s gives %q, want %q", tc.name, tc.html, got, tc.want)
		}
	}
}

// Parts are independent: an element left open in one does not extend into the
// next.
func TestTheNextPartIsSeen(t *testing.T) {
	n := normalOf("a<div style=display:none>b", true)
	n.add([]byte("c"), true)
	if string(n.out) != "ac" {
		t.Errorf("%q", n.out)
	}
}
