package spamrun

import "fmt"

// Habits summarize the activity of one sender.
type Habits struct {
	ReverseName  string
	Nameless     bool // our servers looked for a reverse name and found none
	HELOs        map[string]int
	SameHELO     int // other senders that introduce themselves by the same name
	Mails, Tried int
	Bad          int // recipients refused, or damaged
	Domains      int // of envelope senders
	Runs         int
	Wanted       int // mails filed as ham
}

// Judgement rates whether a sender is a compromised machine.
type Judgement struct {
	Bits    float64 // log2 of the odds
	Reasons []string
	Class   string // of its HELO name
}

// priorZombie is the log odds, in bits, of a sender without any evidence.
const priorZombie = -3

// Judge rates the evidence of a compromised machine. Each line is a rough odds
// ratio. The sum is limited, since they depend on each other.
func Judge(h Habits) Judgement {
	j := Judgement{Bits: priorZombie}
	add := func(yes bool, bits float64, reason string) {
		if yes {
			j.Bits += bits
			j.Reasons = append(j.Reasons, fmt.Sprintf("%+.0f %s", bits, reason))
		}
	}
	most, n := "", 0
	for name, k := range h.HELOs {
		if k > n || k == n && name < most {
			most, n = name, k
		}
	}
	j.Class = helloClass(most)
	a := Arrival{HELO: most, ReverseName: h.ReverseName}
	add(Pool(h.ReverseName), 4, "reverse name of a dynamic pool")
	add(h.Nameless, 2, "no reverse name")
	add(j.Class == "number", 3, "HELO is a number")
	add(j.Class == "word" || j.Class == "literal", 2, "HELO is no host name")
	add(named(&a) && !Pool(h.ReverseName), -4, "HELO and reverse name agree")
	add(h.SameHELO > 1 && j.Class != "literal", 2, "other senders have the same HELO")
	add(len(h.HELOs) > 3 && h.Mails >= 4, 2, "many HELO names")
	add(h.Tried >= 5 && 4*h.Bad >= h.Tried, 3, "many broken or refused recipients")
	add(h.Tried >= 20 && h.Bad == 0, -3, "no broken recipient")
	add(h.Mails >= 6 && 5*h.Domains >= 4*h.Mails, 1, "another envelope sender each time")
	add(h.Runs > 0, 2, "sent a spamrun")
	add(h.Wanted > 0, -4, "sends wanted mail")
	j.Bits = max(-12, min(12, j.Bits))
	return j
}
