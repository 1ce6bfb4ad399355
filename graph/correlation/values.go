package correlation

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

// values maps features to their values. A key is a hash of its value, so a
// value never changes.
type values map[evidence.Key]string

// valuesOf finds the values of all traits of a result, and the addresses of publishers: in the store, in the
// answers of registries, or else in the facts of messages that have them.
func valuesOf(ctx context.Context, tx Tx, r *campaign.Result, known evidence.Knowledge) (values, error) {
	wanted := wantedOf(r)
	out := make(values, len(wanted.via)+len(wanted.of))
	for i := range r.Spamruns { // no fact of a message
		if f := campaign.Burst(&r.Spamruns[i]); wanted.runs[f.Key()] {
			out[f.Key()] = f.Value
		}
	}
	err := tx.Values(ctx, func(k evidence.Key, v string) {
		_, via := wanted.via[k]
		if _, of := wanted.of[k]; of || via {
			out[k] = v
		}
	})
	if err != nil {
		return nil, err
	}
	out.addKnown(wanted.via, known)
	return out, out.addFacts(ctx, tx, wanted.of)
}

// wanted says where the value of a feature can be found.
type wanted struct {
	via  map[evidence.Key]string // domain or address that has it
	of   map[evidence.Key]int64  // message that has it directly
	runs map[evidence.Key]bool   // spamruns
}

// wantedOf lists the features whose values a result shows: the traits of
// campaigns and operations, and those set aside. One example for each feature
// is enough.
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
	for i := range r.Publishers {
		w.of[r.Publishers[i].From] = r.Publishers[i].Example
	}
	return w
}

// addKnown looks features up in the answers about domains and addresses.
func (v values) addKnown(via map[evidence.Key]string, k evidence.Knowledge) {
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

// nameOf writes an address as keys of answers are written.
func nameOf(a netip.Addr) string { return a.Unmap().WithZone("").String() }

// add keeps the values of wanted features. An entry of wanted with an empty
// name is not wanted here.
func (v values) add(features []evidence.Feature, wanted map[evidence.Key]string) {
	for _, f := range features {
		if k := f.Key(); wanted[k] != "" {
			v[k] = f.Value
		}
	}
}

// addFacts derives wanted features from the facts of messages. It reads
// messages with the most of them first and skips those that are no longer
// needed.
func (v values) addFacts(ctx context.Context, tx Tx, of map[evidence.Key]int64) error {
	has := make(map[int64][]evidence.Key)
	for k, m := range of {
		if _, ok := v[k]; !ok {
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
		for len(order) > 0 && len(keys) < page {
			m := order[0]
			order = order[1:]
			if slices.ContainsFunc(has[m], func(k evidence.Key) bool { _, ok := v[k]; return !ok }) {
				keys = append(keys, m)
			}
		}
		messages, err := tx.Facts(ctx, keys)
		if err != nil {
			return err
		}
		for i := range messages {
			for _, f := range evidence.Of(&messages[i]) {
				if k := f.Key(); of[k] != 0 {
					v[k] = f.Value
				}
			}
		}
	}
	return nil
}
