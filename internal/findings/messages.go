package findings

import (
	"context"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// MessagesNamed lists the messages that a word names, at most six: copies and
// forgeries share a Message-ID.
func MessagesNamed(ctx context.Context, env *cli.Env, st *campaigns.Store, word string) (found []campaigns.NamedMessage, err error) {
	const some = 6
	id := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(word), "<"), ">")
	switch {
	case strings.Contains(id, "@"), id != strings.TrimSpace(word):
		found, err = st.MessagesByID(ctx, id, some)
	case naming.HashLike(word):
		found, err = st.MessagesByHash(ctx, strings.ToLower(word), some)
	default:
		return nil, cli.Usage("%q is no campaign's ID, such as c2, no Message-ID and no SHA-256 of a message (6 digits or more)", printable.Cut(word, 80))
	}
	if err == nil && len(found) == 0 {
		return nil, env.Nothing("No message is called %s.", env.Text(printable.Cut(word, 100)))
	}
	return found, err
}

// MessageLabel returns the displayed name of a message.
func MessageLabel(m campaigns.NamedMessage) string { return "message " + wording.Head(m.SHA256, 12) }
