package main

import (
	"testing"
	"time"

	"spoor/sql/store/lookups"
)

func TestLifeText(t *testing.T) {
	created, looked := time.Date(2004, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2006, 6, 1, 0, 0, 0, 0, time.UTC)
	for want, l := range map[string]lookups.Life{
		"nothing is known of its registration then":                                                          {},
		"registered, created 2004-06-01, registrar Acme, registrant Ann Holder; by the answer of 2006-06-01": {State: "registered", Registrar: "Acme", Registrant: "Ann Holder", Created: &created, LookedUpAt: &looked, ProvenBy: "answer"},
		"registered, created 2004-06-01; as far as the later answer proves it, of 2006-06-01":                {State: "registered", Created: &created, LookedUpAt: &looked, ProvenBy: "later answer"},
		"gone; by the answer of 2006-06-01":                                                                  {State: "gone", LookedUpAt: &looked, ProvenBy: "answer"},
	} {
		if got := lifeText(&l); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
