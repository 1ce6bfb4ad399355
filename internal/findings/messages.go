package findings

import (
	"context"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
)

// MessagesNamed lists the messages that a word names, at most six: copies and
// forgeries share a Message-ID.
//
// Brackets, or an "@", make a Message-ID of a word; six digits or more of
// hexadecimal a hash.
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

// MessageNamed returns the message that a word names. If it names several, the
// error lists their hashes.
func MessageNamed(ctx context.Context, env *cli.Env, st *campaigns.Store, word string) (campaigns.NamedMessage, error) {
	found, err := MessagesNamed(ctx, env, st, word)
	if err != nil {
		return campaigns.NamedMessage{}, err
	}
	if len(found) > 1 {
		var hashes []string
		for _, m := range found {
			hashes = append(hashes, wording.Head(m.SHA256, 12))
		}
		return found[0], cli.Usage("%q names several messages: %s; name one by its SHA-256", printable.Cut(word, 80), strings.Join(hashes, ", "))
	}
	return found[0], nil
}

// StoredMessages returns the messages that the words of a command name, of any
// class. Every word must name one: a misspelt id must not be reported as done.
func StoredMessages(ctx context.Context, st *facts.Store, words []string) (all []facts.Found, err error) {
	for _, word := range words {
		found, err := st.Find(ctx, strings.Trim(word, "<>"))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, &cli.Error{Code: cli.NoneFound, Message: "no message " + word, Hint: "A MESSAGE is a SHA-256 or its first 8 digits or more, or a Message-ID. Nothing was changed."}
		}
		all = append(all, found...)
	}
	return all, nil
}

// MessageLabel returns the displayed name of a message.
func MessageLabel(m campaigns.NamedMessage) string { return "message " + wording.Head(m.SHA256, 12) }
