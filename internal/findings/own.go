package findings

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/domain"
	"spoor/sql/store/campaigns"
)

// Own orders the traits of a campaign, or of an operation, of so many members by how much
// they are its own, and drops those that are not. stored counts all messages, wanted mail too.
// A trait that every member has and hardly anybody else comes first; what half of all mail
// has, as the reader's own mail system writes it, says nothing.
func Own(traits []campaigns.Trait, members, stored int64) []campaigns.Trait {
	type ranked struct {
		campaigns.Trait
		own float64
	}
	var list []ranked
	for _, t := range traits {
		if own := ownness(&t, members, stored); own > 0 && !anybodys(&t) {
			list = append(list, ranked{t, own})
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.own, a.own) })
	out := make([]campaigns.Trait, len(list))
	for i := range list {
		out[i] = list[i].Trait
	}
	return out
}

// ownness is the share of the members that have a trait, times the bits by which that share
// is above the share of all other mail. One more message is counted elsewhere: that nobody
// else was seen to have it does not prove that nobody has; and some strangers more, so that a
// store of one campaign's mail says something too.
func ownness(t *campaigns.Trait, members, stored int64) float64 {
	if members <= 0 {
		return 0
	}
	inside := min(float64(t.Members)/float64(members), 1)
	outside := float64(t.Elsewhere+t.Ham+1) / float64(max(stored-members, t.Elsewhere+t.Ham, 0)+strangers)
	lift := math.Log2(inside / min(outside, 1))
	if lift < minLift {
		return 0
	}
	return inside * lift
}

// strangers is how much other mail is supposed to exist beside what is stored.
const strangers = 64

// minLift is the least by which a trait's share inside is above that outside, in bits: at
// four times it is a habit that others have too.
const minLift = 2

// anybodys reports whether a trait names what a rule calls a platform's: many customers have
// it, and this campaign is one of them.
func anybodys(t *campaigns.Trait) bool {
	k, ok := evidence.KindOf(t.Kind)
	if !ok {
		return false
	}
	switch k {
	case evidence.LinkDomain, evidence.LinkHost, evidence.FromDomain, evidence.BounceDomain, evidence.ReverseDomain, evidence.NameServers:
		n, ok := domain.Parse(t.Value)
		return ok && n.Shared != "" && n.Shared != "private-suffix" && (k != evidence.LinkHost || n.Tenant == "")
	case evidence.Signer:
		d, _, _ := strings.Cut(t.Value, " ")
		n, ok := domain.Parse(d)
		return ok && n.Shared != ""
	}
	return false
}

// Told chooses the n traits of a list of few: one of a kind, those first whose values say
// something to people and stand in no subject, which is shown beside them, and no value
// twice. What less than a tenth of the members have comes last.
func Told(own []campaigns.Trait, members int64, n int) (out []campaigns.Trait) {
	met := make(map[string]bool)
	for rank := range ranks {
		for _, t := range own {
			value := lastWord(t.Value)
			if len(out) == n || rankOf(&t, members) != rank || met[t.Kind] || value != "" && met["="+value] {
				continue
			}
			met[t.Kind], met["="+value] = true, true
			out = append(out, t)
		}
	}
	return out
}

// ranks are how many rankOf knows.
const ranks = 4

// rankOf sorts traits by what they say to people: names and addresses, subjects, patterns,
// and what few members have.
func rankOf(t *campaigns.Trait, members int64) int {
	k, ok := evidence.KindOf(t.Kind)
	switch {
	case 10*t.Members < members:
		return 3
	case !ok || t.Value == "" || !k.Is(evidence.Telling):
		return 2
	case k == evidence.SubjectKey || k == evidence.SubjectWord || k == evidence.MailerName || k == evidence.OddHeader:
		return 1
	}
	return 0
}

// lastWord is what one value has in common with another way to say it: "4471" of "aff=4471",
// the domain of an address.
func lastWord(value string) string {
	return value[strings.LastIndexAny(value, "=@")+1:]
}
