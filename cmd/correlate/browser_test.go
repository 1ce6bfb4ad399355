package main

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/internal/page/serve"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/messages"
	"spoor/sql/store/storetest"
)

// browser is a tab of a real browser that records its requests and the scripts
// run in it.
type browser struct {
	t            *testing.T
	ctx          context.Context
	mu           sync.Mutex
	asked, deeds []string // requested URLs, and actions that no page may perform
}

// longestStep is how long a browser may take for one step on a machine that is busy. No test
// waits for it.
const longestStep = time.Minute

// openBrowser starts Chromium. Without it tests are skipped, but not under CI.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			found = path
			break
		}
	}
	switch {
	case found == "" && os.Getenv("CI") != "":
		t.Fatal("there is no Chromium, which .ci/run installs")
	case found == "":
		t.Skip("there is no Chromium: the page is not tried in a browser (apt-get install chromium)")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...) // it ends in Cleanup
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		// Ends the browser in an orderly way, so that its folder can be removed.
		if err := chromedp.Cancel(ctx); err != nil {
			t.Log(err)
		}
		leave()
	})
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatalf("start %s: %v", found, err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, page.Enable, page.EnableParams{})
	// A page that runs a spammer's text would call one of these.
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		window.deeds = [];
		for (const name of ["alert", "confirm", "prompt", "open", "fetch"]) window[name] = (...a) => { window.deeds.push(name + " " + a); };
		document.addEventListener("securitypolicyviolation", (e) => window.deeds.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
		addEventListener("error", (e) => window.deeds.push("error " + e.message));`})
	return b
}

func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *page.EventJavascriptDialogOpening:
		b.deeds = append(b.deeds, "dialog "+e.Message)
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](b *browser, c cdp.Command[P, R], p P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	r, err := chromedp.Call(ctx, c, p)
	if err != nil {
		b.t.Fatalf("%s: %v", c.Method, err)
	}
	return r
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// leads performs an action that opens another page, and waits for it.
func (b *browser) leads(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// eval evaluates an expression on the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (b *browser) heading() string {
	return eval[string](b, `document.querySelector("h1").textContent`)
}

// harmless checks that the page ran nothing but our script, and asked for nothing but itself.
func (b *browser) harmless(where, base string) {
	b.t.Helper()
	if deeds := eval[[]string](b, `window.deeds`); len(deeds) > 0 {
		b.t.Errorf("%s does %q", where, deeds)
	}
	for what, expression := range map[string]string{
		"elements that no page of ours has": `[...document.querySelectorAll("script:not(:last-of-type),img,iframe,object,embed,link:not([rel=icon]),base,foreignObject,animate,set,use,image,video,audio,[style]")].map((e) => e.outerHTML.slice(0, 80))`,
		"handlers":                          `[...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).map((e) => e.outerHTML.slice(0, 80))`,
		"links that run":                    `[...document.querySelectorAll("[href]")].map((e) => e.getAttribute("href")).filter((h) => !/^(\/|#|[a-z0-9-]+\.html$|data:image\/svg)/.test(h))`,
	} {
		if found := eval[[]string](b, expression); len(found) > 0 {
			b.t.Errorf("%s has %s: %q", where, what, found)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range b.asked {
		if !strings.HasPrefix(url, base) && !strings.HasPrefix(url, "data:") {
			b.t.Errorf("%s asks for %s", where, url)
		}
	}
	if len(b.deeds) > 0 {
		b.t.Errorf("%s: %q", where, b.deeds)
	}
	b.asked = nil
}

// fits checks that nothing goes beyond the width of the screen, except elements
// that scroll by themselves.
func (b *browser) fits(where string) {
	b.t.Helper()
	if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		wide := eval[[]string](b, `[...document.querySelectorAll("main *")].filter((e) => !e.closest(".pan,.unseen,thead") && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))`)
		b.t.Errorf("%s is %d pixels too wide: %q", where, over, wide)
	}
}

// screens are the sizes that a page is looked at.
var screens = []struct{ width, height int64 }{{1440, 900}, {1024, 768}, {390, 844}}

func (b *browser) screen(width, height int64) { b.do(chromedp.EmulateViewport(width, height)) }

// desk serves a store that the tests may decide on.
func desk(t *testing.T, url string) string {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	reader, err := store.Open(t.Context(), url, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	env := &cli.Env{Stderr: t.Output(), Getenv: func(string) string { return "" }, Now: time.Now}
	s := httptest.NewServer(serve.Handler(serve.Desk{Env: env, Reader: campaigns.New(reader), Messages: messages.New(reader), Lookups: lookups.New(reader), DB: reader, Decider: campaigns.New(db), Where: "here"}, serve.Access{Token: deskToken, Port: "0"}))
	t.Cleanup(s.Close)
	return s.URL
}

const deskToken = "0123456789abcdef0123456789"

// exampleStore holds the example mailbox, registries' answers about it, and its
// campaigns.
func exampleStore(t *testing.T) string {
	t.Helper()
	url := storetest.URL(t)
	if err := importPaths(t.Context(), url, ingest.Spam, []string{"../../examples/spambin/january.mbox"}); err != nil {
		t.Fatal(err)
	}
	if err := observe(t.Context(), url, "../../examples/answers", []string{"offleware.example", "tealodge.example", "203.0.113.31", "203.0.113.94", "198.51.100.202"}); err != nil {
		t.Fatal(err)
	}
	correlateAt(t, url)
	return url
}

// correlateAt runs the command and returns its output.
func correlateAt(t *testing.T, url string, args ...string) string {
	t.Helper()
	var out, errs strings.Builder
	env := &cli.Env{Args: append([]string{"--db", url}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now}
	if code := run(t.Context(), env); code != cli.Done {
		t.Fatalf("correlate %q ends with %d: %s%s", args, code, out.String(), errs.String())
	}
	return out.String()
}

// A person looks at the example store: every page on every screen, searches, follows, decides.
func TestPagesInABrowser(t *testing.T) {
	b := openBrowser(t)
	url := exampleStore(t)
	base := desk(t, url)
	b.do(chromedp.Navigate(base + "/?token=" + deskToken))
	if got := b.heading(); got != "Campaigns" {
		t.Fatalf("the first page is %q", got)
	}
	for _, s := range screens {
		b.screen(s.width, s.height)
		for _, path := range []string{"/", "/c/c1", "/c/c2", "/c/c1/messages", "/m/fb3648c0", "/m/fb3648c0/why", "/ask", "/ask/campaign-senders?campaign=c1", "/find?q=offleware.example", "/decisions", "/publishers", "/publishers?name=news@gardenweekly.example", "/changes?since=2000-01-01", "/c/c99"} {
			b.do(chromedp.Navigate(base + path))
			where := fmt.Sprintf("%s at %d", path, s.width)
			b.fits(where)
			b.harmless(where, base)
		}
	}
	b.screen(1440, 900)
	b.searches(base)
	b.followsTheGraph(base)
	b.filters(base)
	b.addsUp(base)
	b.usesKeysOnly(base)
	b.seesTheDark(base)
	b.readsOnPaper(base)
	b.decides(base)
	b.harmless("all that was done", base)
	b.readsOffline(url)
}

// searches types into the box and follows the results.
func (b *browser) searches(base string) {
	b.do(chromedp.Navigate(base + "/"))
	b.do(chromedp.SendKeys("#q", "hxxp://www[.]offleware[.]example/"))
	b.leads(chromedp.SendKeys("#q", "\r"))
	if got := b.heading(); !strings.Contains(got, "offleware") {
		b.t.Errorf("found %q", got)
	}
	b.leads(chromedp.Click(`#hits a[href="/c/c1"]`))
	if got := b.heading(); got != "“Software”" {
		b.t.Errorf("that leads to %q", got)
	}
	b.leads(chromedp.Click(`#h-uses ~ table a[href="/find?q=203.0.113.31"]`)) // a pivot from a sender
	if got := eval[string](b, `document.querySelector("#hits").textContent`); !strings.Contains(got, "sender") || !strings.Contains(got, "c1") {
		b.t.Errorf("the sender stands in %q", got)
	}
}

// followsTheGraph highlights a node's neighbours, and enlarges the graph.
func (b *browser) followsTheGraph(base string) {
	b.do(chromedp.Navigate(base + "/c/c1"))
	nodes, edges := eval[int](b, `document.querySelectorAll(".graph .node").length`), eval[int](b, `document.querySelectorAll(".graph path").length`)
	if nodes < 10 || nodes > 48 || edges < 10 {
		b.t.Errorf("%d nodes, %d edges", nodes, edges)
	}
	if got := eval[string](b, `[...document.querySelectorAll(".graph path title")].map((t) => t.textContent).join("|")`); !strings.Contains(got, "registered offleware[.]example (registrant · 6.5 bits)") {
		b.t.Errorf("edges say %q", got)
	}
	if got := eval[[]string](b, `(() => {
		const boxes = [...document.querySelectorAll(".graph .node")].map((n) => [n.textContent, n.getBoundingClientRect()]);
		return boxes.flatMap(([t, a], i) => boxes.slice(i + 1).filter(([, c]) => a.left < c.right && c.left < a.right && a.top < c.bottom - 1 && c.top < a.bottom - 1).map(([u]) => t + " over " + u));
	})()`); len(got) > 0 {
		b.t.Errorf("nodes lie over one another: %q", got)
	}
	b.do(chromedp.Focus(`.graph .node a[href="/find?q=offleware.example"]`))
	if lit := eval[int](b, `document.querySelectorAll(".graph .on").length`); lit < 5 {
		b.t.Errorf("%d parts of the graph are lit", lit)
	}
	b.do(chromedp.Click(`.graph [data-zoom="1.25"]`))
	if wide := eval[bool](b, `document.querySelector(".pan svg").getBoundingClientRect().width > 1.2 * document.querySelector(".pan svg").viewBox.baseVal.width`); !wide {
		b.t.Error("the graph did not grow")
	}
}

func (b *browser) filters(base string) {
	b.do(chromedp.Navigate(base + "/c/c1/messages"))
	b.do(chromedp.SendKeys(`[data-filter=messages]`, "203.0.113.94"))
	if n := eval[int](b, `[...document.querySelectorAll("#messages tbody tr")].filter((r) => !r.hidden).length`); n != 14 {
		b.t.Errorf("%d messages are left", n)
	}
}

// addsUp checks that the lines of a waterfall add up to its sum as they are printed, and that
// the bars go from one to the next.
func (b *browser) addsUp(base string) {
	b.do(chromedp.Navigate(base + "/m/fb3648c0/why"))
	lines := eval[[]float64](b, `[...document.querySelectorAll(".waterfall tbody tr:not(.total) td:nth-child(3)")].map((c) => Number(c.textContent))`)
	total := eval[float64](b, `Number(document.querySelector(".waterfall .total td:nth-child(3)").textContent)`)
	sum := 0.0
	for _, v := range lines {
		sum += v
	}
	if len(lines) < 4 || math.Abs(sum-total) > 1e-6 || total < 4 {
		b.t.Errorf("%v add up to %v, the page says %v", lines, sum, total)
	}
	if gaps := eval[[]string](b, `(() => { const bars = [...document.querySelectorAll(".waterfall tbody tr:not(.total) .track line:last-child")];
		return bars.slice(1).filter((l, i) => l.getAttribute("x1") !== bars[i].getAttribute("x2")).map((l) => l.outerHTML); })()`); len(gaps) > 0 {
		b.t.Errorf("bars do not begin where the one before ends: %q", gaps)
	}
}

// usesKeysOnly goes from the first page to a campaign and to the box without a mouse.
func (b *browser) usesKeysOnly(base string) {
	b.do(chromedp.Navigate(base + "/"))
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := eval[string](b, `document.activeElement.textContent`); got != "To the content" {
		b.t.Errorf("the first stop is %q", got)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	for range 20 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[string](b, `document.activeElement.getAttribute("href") || ""`) == "/c/c1" {
			break
		}
	}
	if outline := eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`); outline != "solid" {
		b.t.Errorf("the focus can't be seen: %s", outline)
	}
	b.leads(chromedp.KeyEvent(kb.Enter))
	if got := b.heading(); got != "“Software”" {
		b.t.Errorf("keys lead to %q", got)
	}
	b.do(chromedp.KeyEvent("/"))
	if got := eval[string](b, `document.activeElement.id`); got != "q" {
		b.t.Errorf("a slash leads to %q", got)
	}
}

// decides gives a campaign a name and takes it back.
func (b *browser) decides(base string) {
	b.do(chromedp.Navigate(base + "/c/c1"))
	b.do(chromedp.SendKeys("#d-name", "toner gang <b>"))
	b.leads(chromedp.SendKeys("#d-name", "\r"))
	if got := eval[string](b, `document.querySelector("main").textContent`); !strings.Contains(got, `is called "toner gang <b>"`) {
		b.t.Errorf("the answer is %q", got)
	}
	b.leads(chromedp.Click(`main a[href="/c/c1"]`))
	if got := b.heading(); got != "toner gang <b>" {
		b.t.Errorf("it is called %q", got)
	}
	b.do(chromedp.Navigate(base + "/decisions"))
	b.do(chromedp.SendKeys("#undo-id", "d1"))
	b.leads(chromedp.SendKeys("#undo-id", "\r"))
	b.do(chromedp.Navigate(base + "/c/c1"))
	if got := b.heading(); got != "“Software”" {
		b.t.Errorf("it is called %q still", got)
	}
}

// readsOffline opens a report from the disk.
func (b *browser) readsOffline(url string) {
	dir := b.t.TempDir()
	correlateAt(b.t, url, "report", "--out", filepath.Join(dir, "report.html"))
	correlateAt(b.t, url, "report", "--out", filepath.Join(dir, "report"))
	if err := os.Chmod(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	letters, _ := filepath.Glob(dir + "/report/message-*.html") // the pattern is good
	for _, s := range screens {
		b.screen(s.width, s.height)
		for _, name := range append(letters[:1:1], dir+"/report.html", dir+"/report/index.html", dir+"/report/c1.html", dir+"/report/c1-messages.html") {
			b.do(chromedp.Navigate("file://" + name))
			where := fmt.Sprintf("%s at %d", name, s.width)
			b.fits(where)
			b.harmless(where, "file://"+dir)
			if policy := eval[int](b, `document.styleSheets.length + document.scripts.length`); policy != 2 || eval[bool](b, `!!document.querySelector(".tools[hidden]")`) {
				b.t.Errorf("%s: the policy of the file keeps its own style or script out", where)
			}
		}
	}
	if pages := len(call(b, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true)}).Data); pages < 10_000 {
		b.t.Errorf("on paper it is %d bytes", pages)
	}
}

// A spammer's text is text on every page, and in a report.
func TestNothingRunsInABrowser(t *testing.T) {
	b := openBrowser(t)
	url := hostileStore(t)
	correlateAt(t, url)
	base := desk(t, url)
	b.do(chromedp.Navigate(base + "/?token=" + deskToken))
	correlateAt(t, url, "name", "c1", attacks[4]+attacks[5])
	correlateAt(t, url, "note", "c1", attacks[4]+attacks[5])
	b.screen(390, 844)
	var paths []string
	for _, sha256 := range storetest.Column(t, storetest.Open(t, url), "SELECT DISTINCT ON (subject) encode(sha256, 'hex') FROM messages ORDER BY subject") {
		paths = append(paths, "/m/"+sha256)
	}
	for _, path := range append(paths, "/", "/c/c1", "/c/c1/messages", "/find?q=evil.example", "/find?q=203.0.113.5", "/decisions", "/publishers", "/c/c1?judge=1&around=%3Csvg%20onload=alert(1)%3E", "/ask/campaign-subjects?campaign=c1", "/changes?since=2000-01-01", "/find?q=%3Cscript%3Ealert(1)%3C/script%3E", "/c/%3Cimg%20src=x%20onerror=alert(1)%3E") {
		b.do(chromedp.Navigate(base + path))
		b.harmless(path, base)
		b.fits(path)
	}
	dir := t.TempDir()
	correlateAt(t, url, "report", "--out", filepath.Join(dir, "report.html"))
	b.do(chromedp.Navigate("file://" + filepath.Join(dir, "report.html")))
	b.harmless("the report", "file://"+dir)
	if !strings.Contains(eval[string](b, `document.body.textContent`), "<script>alert(1)</script>") {
		t.Error("the report leaves out what a spammer wrote")
	}
}
