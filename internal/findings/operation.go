package findings

import (
	"context"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/sql/store/campaigns"
)

// Operation is an operation with its campaigns and shared traits.
type Operation struct {
	campaigns.Operation
	Last   campaigns.LastRun
	List   []campaigns.Campaign // those of most messages first
	Lures  map[int64]campaigns.Lure
	Traits []campaigns.Trait // all of them
	Own    []campaigns.Trait // those that are its own, most specific first
}

// ReadOperation reads one operation; an unknown one is exit code 1.
func ReadOperation(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64) (*Operation, error) {
	all, err := st.Operations(ctx)
	if err != nil {
		return nil, err
	}
	o := &Operation{}
	for i := range all {
		if all[i].ID == id {
			o.Operation = all[i]
		}
	}
	if o.ID == 0 {
		return nil, env.Nothing("There is no operation %s; correlate list --all shows those there are.", naming.OperationID(id))
	}
	if o.Last, err = st.LastRun(ctx); err != nil {
		return nil, err
	}
	if o.List, err = st.Some(ctx, o.Campaigns); err != nil {
		return nil, err
	}
	if o.Lures, err = st.Lures(ctx, o.Campaigns); err != nil {
		return nil, err
	}
	if o.Traits, err = st.OperationTraits(ctx, id); err != nil {
		return nil, err
	}
	o.Own = Own(o.Traits, o.Messages, o.Last.Messages+o.Last.Ham)
	own, err := st.TraitsOf(ctx, o.Campaigns)
	for i := range o.List {
		c := &o.List[i]
		for _, t := range Told(Own(own[c.ID], c.Messages, o.Last.Messages+o.Last.Ham), c.Messages, toldOfEach) {
			c.Kinds, c.TraitValues = append(c.Kinds, t.Kind), append(c.TraitValues, t.Value)
		}
	}
	return o, err
}
