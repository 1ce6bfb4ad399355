package findings

import (
	"context"

	"spoor/internal/cli"
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
//
// from beyond the end gives no messages and no error.
func ReadMembers(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64, from, limit int) (*Members, error) {
	state, err := Existing(ctx, env, st, id)
	if err != nil {
		return nil, err
	}
	m := &Members{State: state, From: from}
	m.Messages, err = st.MessagesFrom(ctx, state.ID, from, limit)
	return m, err
}
