package findings

import (
	"context"

	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// LeftOut counts the lines that a limit cut from the tables of a campaign.
type LeftOut struct{ Links, Senders, Anomalies, Subjects, Members int }

// readFor reads as much as a screen shows. Programs get everything; with a
// limit of their own, they get the number of items left out.
//
// To count the rest takes reading all of it, which a program has asked for
// anyway.
func (c *Page) readFor(ctx context.Context, env *cli.Env, st *campaigns.Store, limit int, o ShowOptions) error {
	if !env.ForPrograms() {
		return c.read(ctx, st, limit, o)
	}
	if err := c.read(ctx, st, 0, o); err != nil {
		return err
	}
	if o.Limit > 0 && !o.All {
		c.cut(o.Limit)
	}
	return nil
}

// cut applies the limit to each list and counts the rest.
func (c *Page) cut(limit int) {
	c.Links, c.LeftOut.Links = head(c.Links, limit)
	c.Senders, c.LeftOut.Senders = head(c.Senders, limit)
	c.Anomalies, c.LeftOut.Anomalies = head(c.Anomalies, limit)
	c.Subjects, c.LeftOut.Subjects = head(c.Subjects, limit)
	c.Messages, c.LeftOut.Members = head(c.Messages, limit)
}

// head returns the first items of a list, and the number of the others.
func head[T any](list []T, limit int) ([]T, int) {
	n := min(limit, len(list))
	return list[:n], len(list) - n
}
