package find

import (
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// Document is the output of find. Spam and Ham count distinct messages; one may
// be in several hits.
type Document struct {
	Kind   string      `json:"kind"`
	Value  string      `json:"value"`
	Spam   int64       `json:"spam"`
	Ham    int64       `json:"ham"`
	First  *time.Time  `json:"first_seen"`
	Last   *time.Time  `json:"last_seen"`
	Object *objectJSON `json:"object"` // our own object that the word names
	Hits   []hitJSON   `json:"hits"`
	Aside  []asideJSON `json:"set_aside"` // messages in no campaign: issues of publishers, delivery reports

	LeftOut int64 `json:"left_out"` // hits beyond the first 5,000
}

// objectJSON is a campaign, an operation or another object of ours with this
// id.
type objectJSON struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Messages int64  `json:"messages"`
}

// asideJSON counts messages of one publisher, or delivery reports.
type asideJSON struct {
	Publisher *string `json:"publisher"` // null: delivery reports
	Messages  int64   `json:"messages"`
}

// hitJSON is one value in one role in one campaign; null: in no campaign.
type hitJSON struct {
	Campaign *string `json:"campaign_id"`
	Name     *string `json:"campaign_name"`
	Role     string  `json:"role"`
	Value    string  `json:"value"`
	Spam     int64   `json:"spam"`
	Ham      int64   `json:"ham"`
	RoleSpam int64   `json:"role_spam"` // of the campaign in the role, over all values
	RoleHam  int64   `json:"role_ham"`
}

// documentOf converts a result. Every hit repeats the totals, so any of them
// may give these.
func documentOf(f *findings.Found) Document {
	out := Document{Kind: f.Indicator.Kind, Value: f.Indicator.Value, Hits: []hitJSON{}, Aside: []asideJSON{}}
	if f.Object != nil {
		out.Object = &objectJSON{f.Object.Kind, f.Object.ID, f.Object.Messages}
	}
	if len(f.Hits) > 0 {
		for i, p := range f.Hits[0].AsidePublishers {
			out.Aside = append(out.Aside, asideJSON{wording.NameOrNull(p), f.Hits[0].AsideIssues[i]})
		}
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
