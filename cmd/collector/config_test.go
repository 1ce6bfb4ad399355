package main

import (
	"testing"

	"spoor/enrich/asking"
)

func TestEveryKeyHasADefault(t *testing.T) {
	for _, key := range asking.Keys() {
		if defaults[key] == "" {
			t.Errorf("config check does not say what holds where %s is not set", key)
		}
	}
	if len(defaults) != len(asking.Keys()) {
		t.Errorf("%d defaults for %d keys", len(defaults), len(asking.Keys()))
	}
}
