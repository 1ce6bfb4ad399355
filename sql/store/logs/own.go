package logs

import (
	"context"
	"strings"

	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Own holds the configured addresses of our own.
type Own struct {
	Domains []string
	Users   []string // whole addresses, or local parts that exist in every domain
}

// AddOwn adds to the configured addresses.
func (s *Store) AddOwn(ctx context.Context, own Own) error {
	for kind, values := range map[string][]string{"domain": own.Domains, "user": own.Users} {
		clean := make([]string, 0, len(values))
		for _, v := range values {
			clean = append(clean, wire.Clean(strings.ToLower(strings.TrimSuffix(v, ".")), wire.MaxKey))
		}
		if len(clean) == 0 {
			continue
		}
		_, err := s.db.Pool.Exec(ctx, "INSERT INTO own_addresses (kind, value) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING", kind, clean)
		if err != nil {
			return store.Failed("note our own addresses", err)
		}
	}
	return nil
}
