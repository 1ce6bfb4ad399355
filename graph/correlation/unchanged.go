package correlation

import (
	"context"

	"github.com/cespare/xxhash/v2"

	"spoor/graph/evidence"
)

// input returns a fingerprint of everything that the result of a run depends on, and the run
// before if its input was the same; 0 if not.
func input(ctx context.Context, tx Tx, known evidence.Knowledge, o Options) (print, same int64, err error) {
	stored, run, before, err := tx.Input(ctx)
	if err != nil {
		return 0, 0, err
	}
	print = stored ^ int64(printOf(known)) ^ int64(xxhash.Sum64String(o.Program))
	if print == before {
		same = run
	}
	return print, same, nil
}

// printOf is a fingerprint of registries' answers. They come in no order, so it is a sum.
func printOf(known evidence.Knowledge) (sum uint64) {
	add := func(name string, features []evidence.Feature) {
		of := xxhash.Sum64String(name)
		sum += of
		for _, f := range features {
			sum += (of ^ uint64(f.Key())) * 0x9E3779B97F4A7C15
		}
	}
	for i := range known.Domains {
		add(known.Domains[i].Name, known.Domains[i].Features())
	}
	for i := range known.Addresses {
		a := &known.Addresses[i]
		add(nameOf(a.Addr), a.Features())
		add(nameOf(a.Addr)+" as host", a.HostFeatures())
	}
	return sum
}
