package main

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func (b *browser) seesTheDark(base string) {
	const color = `getComputedStyle(document.body).backgroundColor`
	light := eval[string](b, color)
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	if dark := eval[string](b, color); dark == light {
		b.t.Errorf("light and dark are both %s", dark)
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
}

// readsOnPaper looks at pages as A4 shows them: paper is as narrow as a tablet, but has room for tables. As
// cards, which phones get, a campaign took fifteen sheets in place of six.
func (b *browser) readsOnPaper(base string) {
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	b.screen(672, 1000) // 178 mm at 96 dots an inch
	for _, path := range []string{"/", "/c/c1", "/c/c1/messages", "/m/fb3648c0"} {
		b.do(chromedp.Navigate(base + path))
		b.fits(path + " on paper")
		if cards := eval[int](b, `[...document.querySelectorAll("main table")].filter((t) => getComputedStyle(t).display != "table" || t.tHead.offsetHeight < 5).length`); cards > 0 {
			b.t.Errorf("%s: %d tables are cards on paper", path, cards)
		}
		if cut := eval[[]string](b, `[...document.querySelectorAll("main tbody th")].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)`); len(cut) > 0 {
			b.t.Errorf("%s: cut on paper: %q", path, cut)
		}
	}
	b.do(chromedp.Navigate(base + "/m/fb3648c0"))
	if hidden := eval[int](b, `[...document.querySelectorAll(".hops details pre")].filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length`); hidden > 0 {
		b.t.Errorf("%d Received fields are not on paper", hidden)
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	b.screen(1440, 900)
}
