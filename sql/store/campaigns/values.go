package campaigns

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store/wire"
)

// traitValues are the values of features by their keys. A key is a hash of its value, so
// that a value once found stands for good.
type traitValues map[evidence.Key]string

// traitValues finds the values of all traits of a result: among those of the run before,
// in what registries say, and else in the facts of the messages that have them.
func (c *Run) traitValues(ctx context.Context, r *campaign.Result, k Knowledge) (traitValues, error) {
	wanted := wantedOf(r)
	values := make(traitValues, len(wanted.via)+len(wanted.of))
	for i := range r.Spamruns { // no fact of a message
		if f := campaign.Burst(&r.Spamruns[i]); wanted.runs[f.Key()] {
			values[f.Key()] = f.Value
		}
	}
	if err := c.valuesBefore(ctx, wanted, values); err != nil {
		return nil, err
	}
	values.addKnown(wanted.via, k)
	return values, c.addFacts(ctx, wanted.of, values)
}

// wanted says where the value of a feature can be found.
type wanted struct {
	via  map[evidence.Key]string // the domain or address that has it
	of   map[evidence.Key]int64  // the message that has it by itself
	runs map[evidence.Key]bool   // spamruns
}

func wantedOf(r *campaign.Result) wanted {
	w := wanted{make(map[evidence.Key]string), make(map[evidence.Key]int64), make(map[evidence.Key]bool)}
	add := func(traits []campaign.Trait) {
		for _, t := range traits {
			if t.Feature.Kind() == evidence.Spamrun {
				w.runs[t.Feature] = true
				continue
			}
			if t.Via != "" {
				w.via[t.Feature] = t.Via
			} else if _, ok := w.of[t.Feature]; !ok {
				w.of[t.Feature] = t.Example
			}
		}
	}
	for i := range r.Campaigns {
		add(r.Campaigns[i].Traits)
	}
	for i := range r.Operations {
		add(r.Operations[i].Traits)
	}
	add(r.SetAside)
	return w
}

// valuesBefore takes over what the run before found.
func (c *Run) valuesBefore(ctx context.Context, w wanted, values traitValues) error {
	return wire.EveryRow(ctx, c.tx.Conn().PgConn(), sql.Query("campaign_values"), func(f *wire.Fields) {
		k, v := evidence.Key(f.Int64()), f.Text()
		_, via := w.via[k]
		if _, of := w.of[k]; of || via {
			values[k] = v
		}
	})
}

// addKnown looks features up in what registries say of domains and addresses.
func (v traitValues) addKnown(via map[evidence.Key]string, k Knowledge) {
	names := make(map[string]bool)
	for key, name := range via {
		if _, ok := v[key]; !ok {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return
	}
	for i := range k.Domains {
		if names[k.Domains[i].Name] {
			v.add(k.Domains[i].Features(), via)
		}
	}
	for i := range k.Addresses {
		a := &k.Addresses[i]
		if names[nameOf(a.Addr)] {
			v.add(a.Features(), via)
			v.add(a.HostFeatures(), via)
		}
	}
}

func nameOf(a netip.Addr) string { return a.Unmap().WithZone("").String() }

func (v traitValues) add(features []evidence.Feature, wanted map[evidence.Key]string) {
	for _, f := range features {
		if k := f.Key(); wanted[k] != "" {
			v[k] = f.Value
		}
	}
}

// addFacts derives anew the features of messages that have what is wanted. One message
// often has several: those with most are read first, and none that is no longer needed.
func (c *Run) addFacts(ctx context.Context, of map[evidence.Key]int64, values traitValues) error {
	has := make(map[int64][]evidence.Key)
	for k, m := range of {
		if _, ok := values[k]; !ok {
			has[m] = append(has[m], k)
		}
	}
	order := make([]int64, 0, len(has))
	for m := range has {
		order = append(order, m)
	}
	slices.SortFunc(order, func(a, b int64) int { return cmp.Or(len(has[b])-len(has[a]), cmp.Compare(a, b)) })
	for len(order) > 0 {
		var keys []int64
		for len(order) > 0 && len(keys) < evidencePage {
			m := order[0]
			order = order[1:]
			if slices.ContainsFunc(has[m], func(k evidence.Key) bool { _, ok := values[k]; return !ok }) {
				keys = append(keys, m)
			}
		}
		messages, err := factsOf(ctx, c.tx.Conn().PgConn(), keys)
		if err != nil {
			return err
		}
		for i := range messages {
			for _, f := range evidence.Of(&messages[i]) {
				if k := f.Key(); of[k] != 0 {
					values[k] = f.Value
				}
			}
		}
	}
	return nil
}
