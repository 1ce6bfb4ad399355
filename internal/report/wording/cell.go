package wording

import (
	"encoding/json"
	"strings"
	"time"

	"spoor/internal/cli"
)

// IsNumber reports whether a value of an answer belongs to the right of its
// column.
func IsNumber(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

// Cell writes a value of an answer to a question of sql/questions; "" for NULL.
func Cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return cli.Number(v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case time.Time:
		return cli.Minute(v)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = Cell(v[i])
		}
		return strings.Join(parts, ", ")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
