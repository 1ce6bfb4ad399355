package world

import (
	"strings"

	"spoor/internal/lab/dice"
)

// A lure has few sentences, and real campaigns of one kind share few of them.
// Each text therefore also has sentences of its own, made from these words:
// nouns stay fixed, and words with synonyms become choices of the spinner.
var (
	nouns = strings.Fields(`answer morning package season garage kitchen window cousin winter invoice brother weekend summer holiday corner
		engine ladder basket folder signal ticket sister doctor market border forest island bottle budget camera carpet circle
		cotton county course dinner driver escape expert factor family farmer father figure finger flight flower friend future
		garden growth health height income letter memory mirror moment mother number office orange parent pencil period person
		picture pocket policy prince profit reason record report result reward sample school screen secret series shadow shower
		silver singer smile spirit spring square street stream studio symbol target teacher temple theory ticket tongue travel
		valley vessel village visit volume wallet weather wealth widow window winner wonder worker writer yellow blanket breakfast
		calendar candle cellar century chapter chimney coffee collar comfort concert contract counter couple courage creature`)
	synonyms = []string{"quick|fast|swift", "large|big|huge", "small|little|tiny", "new|fresh|recent", "good|fine|great", "cheap|low-cost|inexpensive", "strange|odd|unusual",
		"quiet|calm|silent", "strong|sturdy|robust", "clever|bright|smart", "happy|glad|cheerful", "real|true|genuine", "early|first|initial", "safe|secure|protected",
		"easy|simple|effortless", "famous|well known|renowned", "rare|scarce|uncommon", "free|open|available", "clean|neat|tidy", "rich|wealthy|well off"}
	actions = []string{"shows|reveals|displays", "brings|delivers|carries", "keeps|holds|retains", "changes|alters|transforms", "helps|aids|assists", "finds|discovers|locates",
		"needs|requires|demands", "saves|spares|rescues", "opens|unlocks|starts", "beats|surpasses|outdoes", "follows|tracks|pursues", "meets|joins|greets",
		"covers|protects|shields", "offers|presents|provides", "moves|shifts|pushes", "wins|earns|gains", "makes|builds|creates", "teaches|instructs|trains"}
	moulds = []string{
		"{The|This|Our} A N V every N.", "{When|If} a N V your N, the A N {follows|comes next}.", "{No|Not one} N V what our A N V {today|already}.",
		"{Ask|Tell} your N {about|of} the A N {and|or} the N in [city].", "Behind {each|every} A N {stands|waits} a N that V you.", "{Remember|Think of} the N {that|which} V the A N {last year|long ago}.",
		"{A|One} N from [city] V more N than a A N.", "{With|Through} our A N the N V {itself|on its own}.", "{Why|What for} keep a A N if the N V {it|both}?",
		"{Each|Every} N and N {in|near} [city] V the same A N.", "{First|At first} the N V, {then|later} the A N.", "{You|Anyone} can see {how|that} the N V a A N.",
		"[person] {says|writes}: the A N V my N.", "{Between|Among} N and N {lies|is} a A N.", "{Only|Just} this A N V {both|the} N and N.", "{Since|As} [date] the A N V our N.",
	}
)

// invented makes a sentence that only one text has.
//
// A, N and V stand for an adjective, a noun and a verb. The number of possible
// sentences is far above that of all texts of a world.
func (b *builder) invented() string {
	words := strings.Fields(dice.Pick(b.Dice, moulds))
	for i, w := range words {
		bare := strings.TrimRight(w, ".,?:")
		switch bare {
		case "A":
			bare = "{" + dice.Pick(b.Dice, synonyms) + "}"
		case "N":
			bare = dice.Pick(b.Dice, nouns)
		case "V":
			bare = "{" + dice.Pick(b.Dice, actions) + "}"
		default:
			continue
		}
		words[i] = bare + w[len(strings.TrimRight(w, ".,?:")):]
	}
	return strings.Join(words, " ")
}

// salad is a run of words without sense, as hash busters are.
func salad(d dice.Dice, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(dice.Pick(d, nouns))
	}
	return b.String()
}

// masked hides words from filters: letters that look alike, characters that are not
// seen, blanks between letters.
//
// how is 1 for Cyrillic letters in Latin words, 2 for a zero-width space, 3 for
// a sign between two letters. Addresses, links and numbers stay, since the
// reader must be able to use them.
func masked(d dice.Dice, how int, s string) string {
	if how == 0 || strings.Contains(s, "@") {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if len(w) < 5 || d.Chance(0.6) || strings.ContainsAny(w, "0123456789.:/") {
			continue
		}
		at := 1 + d.IntN(len(w)-2)
		switch how {
		case 1:
			words[i] = strings.NewReplacer("a", "\u0430", "e", "\u0435", "o", "\u043e").Replace(w)
		case 2:
			words[i] = w[:at] + "\u200b" + w[at:]
		case 3:
			words[i] = w[:at] + dice.Pick(d, []string{"'", "-", "_", "."}) + w[at:]
		}
	}
	return strings.Join(words, " ")
}
