package clitest

import (
	"slices"
	"testing"
)

// TestDifference shows that a renamed key is seen.
func TestDifference(t *testing.T) {
	lost, added := Difference(`{"list":{"properties":{"messages":{"type":"integer"},"name":{"type":"string"}}}}`, `{"list":{"properties":{"mails":{"type":"integer"},"name":{"type":"string"}}}}`)
	if !slices.Equal(lost, []string{`/list/properties/messages/type: "integer"`}) || !slices.Equal(added, []string{`/list/properties/mails/type: "integer"`}) {
		t.Errorf("lost %q, new %q", lost, added)
	}
	if lost, added := Difference(`{"a":1}`, `{"a":1}`); lost != nil || added != nil {
		t.Errorf("of equals: lost %q, new %q", lost, added)
	}
}
