package findings

import (
	"context"

	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// PublishersOptions select publishers.
type PublishersOptions struct {
	Name  string // address, or a domain; "" for every publisher
	Limit int    // 0: a screenful
	All   bool   // all of them
}

// Publishers is the list of publishers, or the issues of those that were named.
type Publishers struct {
	Last   campaigns.LastRun
	Asked  string
	List   []campaigns.Publisher
	Issues []campaigns.Message // of those asked for, newest first; nil if none was named
}

// ReadPublishers reads the publishers that the last run set aside, and the issues of those
// that are named.
//
// The limit is one of issues if a publisher is named.
func ReadPublishers(ctx context.Context, env *cli.Env, st *campaigns.Store, o PublishersOptions) (*Publishers, error) {
	limit := o.Limit
	switch {
	case o.All:
		limit = 0
	case limit == 0:
		limit = listed
	}
	p := &Publishers{Asked: o.Name}
	var err error
	if p.Last, err = st.LastRun(ctx); err != nil {
		return nil, err
	}
	if o.Name == "" {
		p.List, err = st.Publishers(ctx, "", limit)
		return p, err
	}
	if p.List, err = st.Publishers(ctx, o.Name, 0); err != nil {
		return nil, err
	}
	if len(p.List) == 0 {
		return nil, env.Nothing("No publisher is called %s; correlate publishers lists those there are.", env.Text(printable.Cut(o.Name, 100)))
	}
	var ids []int64
	for i := range p.List {
		ids = append(ids, p.List[i].ID)
	}
	p.Issues, err = st.Issues(ctx, ids, limit)
	return p, err
}
