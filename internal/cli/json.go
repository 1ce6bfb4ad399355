package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"spoor/internal/printable"
)

// Format is the version of what --json prints. It rises when a key is renamed, removed
// or changes its meaning; new keys don't raise it.
const Format = 1

// WriteJSON prints v, a struct or map, as one JSON object that begins with
// "spoor_format". Whatever foreign strings it holds, a terminal is safe: what it would
// act on is escaped.
func (e *Env) WriteJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	fields, ok := bytes.CutPrefix(b.Bytes(), []byte("{"))
	if !ok {
		return errors.New("write JSON: not an object")
	}
	head := fmt.Sprintf("{\n  \"spoor_format\": %d", Format)
	if !bytes.HasPrefix(fields, []byte("}")) {
		head += ","
	}
	_, err := e.Stdout.Write(append([]byte(head), printable.JSON(fields)...))
	return err
}

// Time is t for JSON: RFC 3339 in UTC, null where it is not known.
func Time(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
