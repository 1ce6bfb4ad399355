package findings

import (
	"context"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/sql/store/campaigns"
)

// Members is a stretch of the list of a campaign's messages, newest first.
type Members struct {
	State    campaigns.State
	From     int // place of the first in the list
	Messages []campaigns.Message
}

// ReadMembers reads at most limit messages of a campaign, from a place in the list on. An id
// that went into another campaign leads there.
func ReadMembers(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64, from, limit int) (*Members, error) {
	state, ok, err := Follow(ctx, env, st, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, env.Nothing("There is no campaign %s; correlate list shows those there are.", naming.ID(id))
	}
	m := &Members{State: state, From: from}
	m.Messages, err = st.MessagesFrom(ctx, state.ID, from, limit)
	return m, err
}
