package campaigns

import (
	"context"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// writeTraits replaces the stored traits of campaigns and operations.
//
// All are rewritten, since the counts elsewhere change with every new message.
func (c *Run) writeTraits(ctx context.Context, f *outcome) error {
	if _, err := c.tx.Exec(ctx, "DELETE FROM campaign_traits"); err != nil {
		return err
	}
	if _, err := c.tx.Exec(ctx, "DELETE FROM operation_traits"); err != nil {
		return err
	}
	var campaigns, operations []traitOf
	for i := range f.Campaigns {
		campaigns = appendTraits(campaigns, f.CampaignIDs[i].ID, f.Campaigns[i].Traits)
	}
	for i := range f.Operations {
		operations = appendTraits(operations, f.OperationIDs[i].ID, f.Operations[i].Traits)
	}
	if err := c.copyTraits(ctx, "campaign_traits", "campaign_id", campaigns, f.Values); err != nil {
		return err
	}
	return c.copyTraits(ctx, "operation_traits", "operation_id", operations, f.Values)
}

// traitOf is the n-th trait of a campaign or operation.
type traitOf struct {
	id int64
	n  int
	campaign.Trait
}

// appendTraits adds the traits of a campaign or operation with their numbers.
func appendTraits(list []traitOf, id int64, traits []campaign.Trait) []traitOf {
	for n, t := range traits {
		list = append(list, traitOf{id, n, t})
	}
	return list
}

// copyTraits writes the traits of campaigns or operations; id is the name of
// the key column.
func (c *Run) copyTraits(ctx context.Context, table, id string, list []traitOf, values map[evidence.Key]string) error {
	columns := []string{id, "n", "evidence", "kind", "value", "feature", "members", "elsewhere", "ham", "bits"}
	return wire.CopyIn(ctx, c.tx, table, columns, list, func(r *wire.Rows, t traitOf) { encodeTrait(r, t, values[t.Feature]) })
}

// encodeTrait writes a row in the order of copyTraits' columns.
func encodeTrait(r *wire.Rows, t traitOf, value string) {
	kind := t.Feature.Kind()
	r.Begin()
	r.Bigint(t.id)
	r.Smallint(t.n)
	r.TextValue(kind.Group().String())
	r.TextValue(kind.String())
	r.Text(value)
	r.Bigint(int64(t.Feature))
	r.Bigint(int64(t.Members))
	r.Bigint(int64(t.Elsewhere))
	r.Bigint(int64(t.Ham))
	r.Double(t.Bits)
	r.End()
}

// Values yields the values of traits that are stored.
func (c *Run) Values(ctx context.Context, each func(evidence.Key, string)) error {
	type row struct {
		Feature int64
		Value   string
	}
	err := store.EachRow(ctx, c.tx, sql.Query("campaign_values"), func(r *row) { each(evidence.Key(r.Feature), r.Value) })
	return store.Failed("read traits", err)
}
