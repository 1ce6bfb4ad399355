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

// Own orders traits of a campaign, or of an operation, of so many members by
// how specific they are to it, and drops unspecific ones. stored counts all
// messages, wanted mail too. A trait of all members and hardly any other mail
// comes first. A trait of half of all mail, such as one that the reader's own
// mail system adds, says nothing.
//
// The order of equal ones stays, so the same traits give the same list.
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

// ownness is the share of members with a trait, times the bits by which that
// share exceeds the share of all other mail. One more message is counted
// elsewhere, since a trait not seen elsewhere may still exist there; and
// strangers more, so that the traits of a store with one campaign get a value
// too.
//
// For example, a trait of all members and of one in a hundred others is worth
// 6.6.
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

// strangers is the number of other messages assumed to exist beside the stored
// ones.
const strangers = 64

// minLift is the least excess of the inner share over the outer, in bits. Below
// four times, others have the habit too.
const minLift = 2

// anybodys reports whether a trait names a platform, such as a shortener or a
// mailbox provider: many customers share it.
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

// Told selects n traits for a short list: one of each kind, those with readable
// values first, no value twice. Values that occur in the subject are avoided,
// because it is shown beside them. Traits of less than a tenth of the members
// come last.
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

// ranks is the number of ranks of rankOf.
const ranks = 4

// rankOf ranks traits by how much they tell a reader: 0 names and addresses, 1
// subjects and programs, 2 patterns, 3 traits of few members.
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

// lastWord is the part of a value that other forms of it share: "4471" of
// "aff=4471", the domain of an address.
func lastWord(value string) string {
	return value[strings.LastIndexAny(value, "=@")+1:]
}
