package findings

import (
	"context"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// RunsOptions select spamruns; the zero value selects the largest of all.
type RunsOptions struct {
	Sender   string // address or network, as people write it; "" for any
	Campaign int64  // 0: any campaign
	Since    time.Time
	Domain   string // of recipients
	MX       string // server of ours
	Wanted   bool   // instead, bursts that look like wanted mail
	Limit    int    // 0: a screenful
	All      bool   // all of them
}

// Runs is the data of the list of spamruns.
type Runs struct {
	Last  campaigns.LastRun
	Asked campaigns.SpamrunFilter
	List  []campaigns.Spamrun
}

// ReadRuns reads spamruns, those of most messages first.
//
// A wrong address is a usage error, found before any query.
func ReadRuns(ctx context.Context, env *cli.Env, st *campaigns.Store, o RunsOptions) (*Runs, error) {
	asked, err := o.filter()
	if err != nil {
		return nil, err
	}
	r := &Runs{Asked: asked}
	if r.Last, err = st.LastRun(ctx); err != nil {
		return nil, err
	}
	if o.Campaign != 0 {
		state, err := Existing(ctx, env, st, o.Campaign)
		if err != nil {
			return nil, err
		}
		r.Asked.Campaign = state.ID
	}
	r.List, err = st.Spamruns(ctx, r.Asked)
	return r, err
}

// filter checks the selection. An address may be a network in CIDR form.
func (o RunsOptions) filter() (campaigns.SpamrunFilter, error) {
	out := campaigns.SpamrunFilter{Campaign: o.Campaign, Since: o.Since, Domain: strings.ToLower(o.Domain), MX: strings.ToLower(o.MX), Wanted: o.Wanted, Limit: o.Limit}
	if out.Limit == 0 {
		out.Limit = listed
	}
	if o.All {
		out.Limit = 0
	}
	if o.Sender == "" {
		return out, nil
	}
	i, ok := naming.ParseIndicator(o.Sender)
	if !ok || i.Kind != "net" {
		return out, cli.Usage("--sender %q is no IP address or network", printable.Cut(o.Sender, 60))
	}
	out.Sender = i.Net
	return out, nil
}
