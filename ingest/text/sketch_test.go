package text

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// sketchOf is the sketch of a body of one part.
func sketchOf(text string, html bool) []byte {
	return Read("", []Block{{Text: []byte(text), HTML: html}}).Sketch
}

// alike is the share of equal slots, as package graph/sketch has it.
func alike(t *testing.T, a, b []byte) float64 {
	t.Helper()
	if len(a) != 64 || len(b) != 64 {
		t.Fatalf("sketches of %d and %d bytes", len(a), len(b))
	}
	return slots(a, b)
}

func slots(a, b []byte) float64 {
	n := 0
	for i := 0; i < 64; i += 2 {
		if binary.LittleEndian.Uint16(a[i:]) == binary.LittleEndian.Uint16(b[i:]) {
			n++
		}
	}
	return float64(n) / 32
}

// invented makes words of 2 to 10 letters, none of which occurs twice by more than chance.
func invented(r *rand.Rand, n int) []string {
	words := make([]string, n)
	for i := range words {
		b := make([]byte, 2+r.IntN(9))
		for j := range b {
			b[j] = byte('a' + r.IntN(26))
		}
		words[i] = string(b)
	}
	return words
}

// jaccard is the exact similarity that the sketch estimates, worked out with
// maps.
func jaccard(a, b []string) float64 {
	x, y := elements(a), elements(b)
	both := 0
	for e := range x {
		if y[e] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

func elements(words []string) map[string]bool {
	set := map[string]bool{}
	for i, w := range words {
		if len(w) >= 5 {
			set[w] = true
		}
		if i > 0 {
			set[words[i-1]+" "+w] = true
		}
	}
	return set
}

// Spinning replaces words; the estimate must follow the true similarity of the sets, for
// texts of a dozen words as for long ones.
func TestSpunTextIsAlikeByItsShare(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, length := range []int{15, 60, 400} {
		for _, share := range []float64{0, 0.1, 0.3, 0.5, 1} {
			const rounds = 200
			var got, want, square float64
			for range rounds {
				a := append([]string{"longenough", "longenough"}, invented(r, length)...)
				b := append([]string{}, a...)
				for i, w := range invented(r, len(b)) {
					if r.Float64() < share {
						b[i] = w
					}
				}
				s := alike(t, sketchOf(strings.Join(a, " "), false), sketchOf(strings.Join(b, " "), false))
				j := jaccard(a, b)
				got, want, square = got+s/rounds, want+j/rounds, square+(s-j)*(s-j)/rounds
			}
			// The mean of 200 estimates lies within 3 of its standard errors.
			if spread := 3 * math.Sqrt(want*(1-want)/32/rounds); math.Abs(got-want) > spread+0.012 {
				t.Errorf("%d words, %.0f %% replaced: estimated %.3f, is %.3f", length, 100*share, got, want)
			}
			if deviation, limit := math.Sqrt(square), 1.6*math.Sqrt(want*(1-want)/32)+0.01; deviation > limit {
				t.Errorf("%d words, %.0f %% replaced: estimates are off by %.3f, more than %.3f", length, 100*share, deviation, limit)
			}
			t.Logf("%3d words, %3.0f %% replaced: estimated %.3f, is %.3f, off by %.3f", length, 100*share, got, want, math.Sqrt(square))
		}
	}
}

const letter = "Dear customer, your parcel could not be delivered because nobody was at home on Tuesday. " +
	"Please confirm your address and pay the fee, then our driver returns within two working days. "

func TestSameTextSameSketch(t *testing.T) {
	want := sketchOf(letter, false)
	for _, tc := range []struct {
		name, text string
		html       bool
	}{
		{"lines, blanks and case", "DEAR customer,\r\n\r\n" + strings.ToUpper(letter[15:]), false},
		{"the reader's address", strings.Replace(letter, "customer", "customer anna@mail.example", 1), false},
		{"a number and a link", strings.Replace(letter, "parcel", "parcel 00412-A77X http://a.example/zz", 1), false},
		{"HTML", "<p>" + strings.Replace(letter, "delivered", "deli<b>vered</b>", 1) + "</p>", true},
		{"words broken up by comments, invented tags and invisible characters", strings.NewReplacer("parcel", "par<!-- x -->cel", "address", "add<xyzzy>ress", "driver", "dri&#8203;v&shy;er").Replace(letter), true},
		{"letters as references", strings.NewReplacer("a", "&#97;", "e", "&#x65;").Replace(letter), true},
		{"words in an element that is not shown", letter + "<div style='display: none'>river <div>harvest</div> mountain clarity</div>", true},
		{"words of no size", `<span style="font-size:0px">river harvest <b>mountain</b> clarity</span>` + letter, true},
		{"words of one pixel", `<SPAN STYLE="FONT-SIZE:1px">river harvest mountain clarity</SPAN>` + letter, true},
		{"white on white", "<body bgcolor=#FFFFFF>" + letter + `<font size=1 color="#fffffe">river harvest mountain clarity</font></body>`, true},
		{"white by style", letter + `<p style="color: white">river harvest mountain clarity</p>`, true},
		{"the title", "<title>river harvest mountain clarity</title>" + letter, true},
		{"twice the same", letter + letter, false},
	} {
		got := sketchOf(tc.text, tc.html)
		if s := alike(t, got, want); s != 1 && !(tc.name == "twice the same" && s > 0.9) {
			t.Errorf("%s: %.2f", tc.name, s)
		}
	}
}

func TestScriptsWithoutBlanks(t *testing.T) {
	// A notice about a parcel, with one phrase changed.
	a := "お荷物のお届けにあがりましたが不在のため持ち帰りました。ご確認のうえ再配達をお申し込みください。期限は三日以内です。"
	b := strings.Replace(a, "三日以内", "来週の金曜日まで", 1)
	c := "新しい口座を開設された方に特別な贈り物を差し上げます。今すぐ登録して豪華な景品を手に入れましょう。数量限定の企画。"
	if s := alike(t, sketchOf(a, false), sketchOf(b, false)); s < 0.5 {
		t.Errorf("one phrase changed: %.2f", s)
	}
	if s := alike(t, sketchOf(a, false), sketchOf(c, false)); s > 0.3 {
		t.Errorf("another text: %.2f", s)
	}
	if s := alike(t, sketchOf(a, false), sketchOf(strings.ReplaceAll(a, "に", "に\n"), false)); s != 1 {
		t.Errorf("broken into lines: %.2f", s)
	}
}

func TestTooLittleHasNoSketch(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"few letters", "we owe you a lot of it as it is so do go"},
		{"few elements", strings.Repeat("unsubscribe ", 30)},
		{"numbers", strings.Repeat("48-1512-33 ", 30)},
	} {
		if s := sketchOf(tc.text, false); s != nil {
			t.Errorf("%s: %x", tc.name, s)
		}
	}
}

// Every slot must find a lender soon, whichever slot alone is filled.
func TestLendersComeUpSoon(t *testing.T) {
	most := 0
	for i := range sketchSlots {
		last := map[int]int{}
		for draw := uint64(1); len(last) < sketchSlots; draw++ {
			if draw > 1000 {
				t.Fatalf("slot %d draws only %d slots", i, len(last))
			}
			if slot := int(mix(uint64(i), draw) >> 59); last[slot] == 0 {
				last[slot], most = int(draw), max(most, int(draw))
			}
		}
	}
	t.Log("at most", most, "draws")
}

// The stored form is fixed: a change here is a change of ExtractorVersion.
func TestSketchIsFixed(t *testing.T) {
	got := fmt.Sprintf("%x", sketchOf(letter, false)[:16])
	if want := "e818d75f6d223c0a51e4e507e818c61b"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
