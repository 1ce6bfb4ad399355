package rented

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"spoor/internal/lab/dice"
)

// vocabulary is the words of one trade in one language.
type vocabulary struct{ things, deeds, traits []string }

func list(s string) []string { return strings.Split(s, " ") }

// tongue is a language: how sentences are built, and how letters begin and end.
type tongue struct {
	moulds  []string // T thing, D deed, A trait; $ a number, @ the offer's name
	opens   []string
	closes  []string
	presses []string // labels of the link
}

// tongues are sentences with gaps, by language: T a thing, D a deed, A a trait,
// $ a number, @ the brand.
var tongues = map[string]tongue{
	"en": {
		moulds: []string{
			"T and T of @ D every T.", "Please D the T before $ hours pass.", "@ D your A T within $ days.", "For $ the A T is A.", "Your T with number $ is A.",
			"We D $ T for A people.", "Without T no T can D.", "It takes $ minutes to D the T.", "A T, A T and @ at $ percent.", "Our T will D you.", "You may D the T as often as the T is A.",
		},
		opens: list("Hello Dear Greetings Attention Hi"), closes: []string{"Regards", "Sincerely", "Yours", "Thank you", "The team"}, presses: []string{"Continue", "Open now", "See details", "Review", "Get started"},
	},
	"de": {
		moulds: []string{
			"T und T von @ D jede T.", "Bitte D Sie die T vor Ablauf von $ Stunden.", "@ D Ihre A T in $ Tagen.", "Mit nur $ wird die T A.", "Ihre T Nummer $ ist A.", "Unsere T D Sie.", "Ohne T kann keine T D.", "Eine A T und @ zu $ Prozent.",
		},
		opens: list("Hallo Guten Liebe Achtung"), closes: []string{"Mit freundlichen Grüßen", "Ihr Team", "Viele Grüße"}, presses: []string{"Weiter", "Jetzt ansehen", "Bestätigen"},
	},
	"es": {
		moulds: []string{
			"T y T de @ D cada T.", "Debe D la T antes de $ horas.", "@ D su T A en $ días.", "Por $ la T es A.", "Su T número $ está A.", "Nuestra T va a D.", "Sin T ninguna T puede D.", "Una T A y @ al $ por ciento.",
		},
		opens: list("Hola Estimado Atención Saludos"), closes: []string{"Atentamente", "Saludos", "El equipo"}, presses: []string{"Continuar", "Ver ahora", "Confirmar"},
	},
	"ru": {
		moulds: []string{
			"T и T от @ D каждую T.", "Нужно D эту T за $ часов.", "@ D вашу T за $ дней.", "Всего $ и T будет A.", "Ваша T номер $ уже A.", "Наша T может D.", "Без T ни одна T не D.",
		},
		opens: list("Здравствуйте Добрый Внимание"), closes: []string{"С уважением", "Ваша команда"}, presses: []string{"Перейти", "Подробнее", "Открыть"},
	},
}

// trades' words; the key is language and trade.
var vocabularies = map[string]vocabulary{
	"en shop":   {list("remedy capsule bottle discount parcel checkout stock label formula energy doctor order bundle coupon warranty sample catalogue dose delivery price"), list("ships heals saves doubles beats replaces brings lifts improves restores"), list("natural cheap proven secret strong fresh new limited pure gentle")},
	"en lead":   {list("quote policy mortgage premium saving roof solar panel insurer credit adviser plan rate benefit household coverage bill lender estimate grant"), list("lowers compares unlocks covers protects qualifies refunds reduces selects approves"), list("free local monthly lower eligible senior annual fixed instant honest")},
	"en login":  {list("mailbox password storage session account device document signature quota voicemail archive statement portal message record profile invoice sign-in server administrator"), list("expires verify restore confirm locks suspends release update secure review"), list("pending unusual incomplete restricted important scheduled outdated failed blocked recent")},
	"en fee":    {list("fund inheritance transfer bank beneficiary deposit widow attorney compensation consignment diplomat trust estate partner charity project country minister account proposal"), list("transfers entrusts donates claims releases shares invests confirms assists inherits"), list("late sincere confidential urgent godly unclaimed legal overdue foreign honest")},
	"en threat": {list("camera recording software browser contact secret video device malware wallet payment friend habit system silence shame file evidence copy site"), list("recorded copied sends deletes infected watched shares destroys uploads collects"), list("private dirty embarrassing hidden remote patient full last certain unpleasant")},
	"en call":   {list("subscription renewal order charge laptop antivirus receipt refund helpdesk membership statement purchase licence protection desk agent cancellation total period warranty"), list("renews charges cancels refunds debits bills extends completes disputes processes"), list("automatic annual successful pending premium unauthorised yearly final valid recent")},
	"en job":    {list("job salary interview position schedule employer bonus task assistant manager payment week resume platform training candidate office contract vacancy duty"), list("hires pays trains offers needs accepts selects invites rewards starts"), list("remote flexible weekly easy paid reliable part-time serious daily urgent")},
	"en news":   {list("garden recipe travel museum concert bicycle library season market weather bread harbour mountain school painting river festival kitchen history forest"), list("opens celebrates visits grows explains welcomes paints repairs discovers remembers"), list("quiet early local green lovely curious old bright careful weekly")},
	"de login":  {list("Sendung Konto Karte Anmeldung Rechnung Sperrung Nachricht Zustellung Bestätigung Freigabe Adresse Gebühr Prüfung Sicherheit Bank"), list("bestätigen prüfen freigeben aktualisieren sperrt löscht verlängert entsperren"), list("neue offene dringende gesperrt ausstehend wichtige letzte sicher")},
	"es shop":   {list("oferta entrega receta crema cápsula salud precio cupón envío garantía fórmula belleza compra regalo tienda"), list("mejora ahorra cura recibir comprar reduce renueva entrega"), list("natural barata nueva segura única fresca rápida gratis")},
	"ru lead":   {list("база реклама рассылка скидка заявка услуга компания клиент доставка встреча аренда выставка продажа консультация программа"), list("увеличить снизить получить оформить предложить найти решить начать"), list("новая выгодная готова бесплатная лучшая срочная полная открыта")},
}

// offer is a campaign's product, threat or plea: a name, a language, a stock of
// sentences, and letters made of them.
type offer struct {
	trade    string
	lang     string
	name     string
	tongue   tongue
	words    vocabulary
	subjects []string
	letters  [][]string // sentences of each letter
	amount   string
}

// newOffer writes letters that share few sentences: of each, a part is from a common stock.
func (w *world) newOffer(trade string, letters, subjects int, common float64) *offer {
	var keys []string
	for _, k := range []string{"en " + trade, "de " + trade, "es " + trade, "ru " + trade} {
		if _, ok := vocabularies[k]; ok {
			keys = append(keys, k)
		}
	}
	key := dice.Pick(w.Dice, keys)
	lang, _, _ := strings.Cut(key, " ")
	o := &offer{trade: trade, lang: lang, name: w.Word(w.Between(2, 3)), tongue: tongues[lang], words: vocabularies[key], amount: w.Digits(w.Between(2, 4))}
	var stock []string
	for range 14 {
		stock = append(stock, o.sentence(w))
	}
	for range letters {
		var l []string
		for range w.Between(5, 10) {
			if w.Chance(common) {
				l = append(l, dice.Pick(w.Dice, stock))
			} else {
				l = append(l, o.sentence(w))
			}
		}
		o.letters = append(o.letters, l)
	}
	for range subjects {
		words := strings.Fields(strings.TrimSuffix(o.sentence(w), "."))
		o.subjects = append(o.subjects, strings.Join(words[:min(len(words), w.Between(3, 6))], " "))
	}
	return o
}

// sentence fills one sentence with words of the offer.
func (o *offer) sentence(w *world) string {
	f := strings.Fields(dice.Pick(w.Dice, o.tongue.moulds))
	for i, m := range f {
		bare := strings.TrimRight(m, ".,")
		rest := m[len(bare):]
		switch bare {
		case "T":
			bare = dice.Pick(w.Dice, o.words.things)
		case "D":
			bare = dice.Pick(w.Dice, o.words.deeds)
		case "A":
			bare = dice.Pick(w.Dice, o.words.traits)
		case "$":
			bare = dice.Pick(w.Dice, []string{o.amount, fmt.Sprint(w.Between(2, 90))})
		case "@":
			bare = o.name
		}
		f[i] = bare + rest
	}
	s := strings.Join(f, " ")
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// invisible are characters that some writers strew between letters against filters.
var invisible = []string{"\u200b", "\u200c", "\ufe0f", "\u00ad", "\u034f", "\u2060"}

// strew puts one of them into some words.
func (w *world) strew(s, with string) string {
	f := strings.Split(s, " ")
	for i, word := range f {
		if r := []rune(word); len(r) > 5 && w.Chance(0.3) {
			at := 1 + w.IntN(len(r)-2)
			f[i] = string(r[:at]) + with + string(r[at:])
		}
	}
	return strings.Join(f, " ")
}
