package find

import (
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// Document is where an indicator stands, for programs.
type Document struct {
	Kind   string      `json:"kind"`
	Value  string      `json:"value"`
	Spam   int64       `json:"spam"`
	Ham    int64       `json:"ham"`
	First  *time.Time  `json:"first_seen"`
	Last   *time.Time  `json:"last_seen"`
	Object *objectJSON `json:"object"` // what of ours the word names
	Hits   []hitJSON   `json:"hits"`

	LeftOut int64 `json:"left_out"` // hits beyond the first 5,000
}

type objectJSON struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Messages int64  `json:"messages"`
}

type hitJSON struct {
	Campaign *string `json:"campaign_id"`
	Name     *string `json:"campaign_name"`
	Role     string  `json:"role"`
	Value    string  `json:"value"`
	Spam     int64   `json:"spam"`
	Ham      int64   `json:"ham"`
	RoleSpam int64   `json:"role_spam"` // of the campaign in the role, whatever the value
	RoleHam  int64   `json:"role_ham"`
}

func documentOf(f *findings.Found) Document {
	out := Document{Kind: f.Indicator.Kind, Value: f.Indicator.Value, Hits: []hitJSON{}}
	if f.Object != nil {
		out.Object = &objectJSON{f.Object.Kind, f.Object.ID, f.Object.Messages}
	}
	for _, h := range f.Hits {
		out.Spam, out.Ham = h.AllSpam, h.AllHam
		out.LeftOut = max(h.AllHits-int64(len(f.Hits)), out.LeftOut)
		out.First, out.Last = cli.Time(h.FirstSeen), cli.Time(h.LastSeen)
		j := hitJSON{Role: h.Role, Value: h.Value, Spam: h.Spam, Ham: h.Ham, RoleSpam: h.RoleSpam, RoleHam: h.RoleHam}
		if h.Campaign != 0 {
			id := naming.ID(h.Campaign)
			j.Campaign, j.Name = &id, wording.NameOrNull(f.Names[h.Campaign])
		}
		out.Hits = append(out.Hits, j)
	}
	return out
}
