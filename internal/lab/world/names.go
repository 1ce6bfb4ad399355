package world

import (
	"fmt"
	"strings"

	"spoor/internal/lab/dice"
)

// Words that names are made of.
var (
	given = strings.Fields(`Anna Peter Susan Mark Elena Igor Wei Ming Aisha Musa Grace Daniel Laura Henrik Olga Pavel Maria
		Jose Lucia Bruno Claire Pierre Hans Greta Yuki Kenji Priya Arun Fatima Omar Esther Samuel Joyce Victor Rita Ivan Nina
		Karl Emma Lars Sofia Marta Diego Carla Tom Helen George Alice Frank Donna Keith Brenda Roger Sheila Leon Ruth Ahmed Zainab`)
	family = strings.Fields(`Marlow Henley Fischer Novak Petrov Ivanova Okafor Adeyemi Mensah Chen Wang Park Kimura Tanaka Silva
		Costa Moreau Girard Weber Kruger Jansen Visser Rossi Conti Garcia Lopez Kowalski Nowak Horvath Larsen Berg Lindqvist
		Baker Turner Cooper Hughes Foster Grant Barnes Doyle Keane Rahman Iqbal Singh Patel Mehta Nair Osei Banda Diallo Traore`)
	firstWords = strings.Fields(`blue silver north bright prime quick true grand clear high green star river stone gold cedar maple
		summit harbor lucky royal fresh smart union metro delta nova alpha ever swift solid open inner outer wise pure vivid calm
		urban rapid sunny amber crystal falcon eagle tiger ocean coast field garden hill lake valley bridge gate tower crown`)
	lastWords = strings.Fields(`health media trade store market care direct line point group works labs life home deals offers
		savings finance credit capital center systems mail press news travel design digital shop house source hub world zone
		partners supply rewards choice value logic link path track wave cloud data sense form craft scope view base port`)
	syllables = strings.Fields(`ba be bi bo da de di do fa fe fi ga ge go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe
		pi po ra re ri ro sa se si so ta te ti to va ve vi vo xa xe za ze zo lux ter ron mar vex tal nor dex vin sol gen dra`)
	cities = strings.Fields(`Springfield Riverton Lakewood Ashford Milton Oakdale Georgetown Salem Fairview Bristol Clayton Dayton
		Hudson Lexington Newport Oxford Winchester Kingston Burlington Dover Auburn Marion Franklin Clinton Greenville Madison`)
	streets = strings.Fields(`Main Oak Pine Maple Cedar Elm Hill Park Lake River Church Mill Bridge High Station Market Queen King`)
)

// nameMaker invents names, each once.
type nameMaker struct {
	dice.Dice
	taken map[string]bool
}

// syllabic is a word of n syllables.
func (m *nameMaker) syllabic(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(dice.Pick(m.Dice, syllables))
	}
	return b.String()
}

// coined is a word for a product or a firm.
func (m *nameMaker) coined() string {
	for {
		s := m.syllabic(m.Between(3, 4))
		if !m.taken["coined "+s] {
			m.taken["coined "+s] = true
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// company makes up a company with its legal form.
func (m *nameMaker) company() string {
	form := dice.Pick(m.Dice, []string{"LLC", "Ltd", "Inc.", "GmbH", "B.V.", "Group", "Co.,Ltd", "S.A.", "Holdings"})
	if m.Chance(0.5) {
		return m.coined() + " " + title(dice.Pick(m.Dice, lastWords)) + " " + form
	}
	return title(dice.Pick(m.Dice, firstWords)) + " " + title(dice.Pick(m.Dice, lastWords)) + " " + m.coined() + " " + form
}

// Habits of naming domains. An actor who registers many keeps to one.
const (
	twoWords = iota
	pronounceable
	hyphened
	lettersOnly
	wordDigits
	hexadecimal
	threeWords
	namingHabits
)

// label makes up the label of a domain in its owner's habit.
func (m *nameMaker) label(habit int) string {
	switch habit {
	case pronounceable:
		return m.syllabic(m.Between(3, 5))
	case hyphened:
		return dice.Pick(m.Dice, firstWords) + "-" + dice.Pick(m.Dice, lastWords) + "-" + m.syllabic(2)
	case lettersOnly:
		return m.Chars(dice.Lower, m.Between(7, 12))
	case wordDigits:
		return dice.Pick(m.Dice, firstWords) + dice.Pick(m.Dice, lastWords) + m.Chars(dice.Digits, m.Between(2, 4))
	case hexadecimal:
		return m.Chars(dice.Lower, 1) + m.Chars(dice.Hex, m.Between(8, 14))
	case threeWords:
		return dice.Pick(m.Dice, firstWords) + dice.Pick(m.Dice, lastWords) + dice.Pick(m.Dice, lastWords)
	}
	return dice.Pick(m.Dice, firstWords) + m.syllabic(1) + dice.Pick(m.Dice, lastWords)
}

// domain invents a registered domain that no other part of the world has.
func (m *nameMaker) domain(habit int, tld string) string {
	for {
		name := m.label(habit) + "." + tld
		if !m.taken[name] {
			m.taken[name] = true
			return name
		}
		habit = m.IntN(namingHabits)
	}
}

// person is a name.
type person struct{ given, family string }

func (m *nameMaker) person() person {
	return person{dice.Pick(m.Dice, given), dice.Pick(m.Dice, family)}
}

func (p person) String() string { return p.given + " " + p.family }

// local is a mailbox name that a person might have.
func (m *nameMaker) local(p person) string {
	g, f := strings.ToLower(p.given), strings.ToLower(p.family)
	switch m.IntN(6) {
	case 0:
		return g + "." + f
	case 1:
		return g[:1] + f
	case 2:
		return g + m.Chars(dice.Digits, 2)
	case 3:
		return f + "_" + g
	case 4:
		return g + f[:1] + m.Chars(dice.Digits, 3)
	}
	return g + f
}

// phone makes up a number; those of North America are reserved ones (555).
func (m *nameMaker) phone(country string) string {
	switch country {
	case "US", "CA":
		return fmt.Sprintf("+1.%s%s", dice.Pick(m.Dice, strings.Fields("212 305 312 415 503 602 617 702 713 786 818 866 888")), "555"+m.Chars(dice.Digits, 4))
	case "CN":
		return "+86.13" + m.Chars(dice.Digits, 9)
	case "RU":
		return "+7.495" + m.Chars(dice.Digits, 7)
	case "NG":
		return "+234.80" + m.Chars(dice.Digits, 8)
	}
	return "+44.20" + "79" + m.Chars(dice.Digits, 6)
}
