package evidence

import (
	"strconv"
	"strings"
	"unicode"

	"spoor/internal/text"
)

// maxValues limits the values of one kind. Hostile messages have thousands of
// everything; a few are enough to find a campaign.
const maxValues = 20

// content adds the features of the text, the subject, the attachments and the
// contacts.
func (c *collector) content(m *Message) {
	if m.Text != 0 {
		c.put(Text, hex64(m.Text))
	}
	// A short subject ("hi", "photos", "invoice") proves nothing in common.
	if len(m.SubjectKey) >= 8 {
		c.put(SubjectKey, m.SubjectKey)
	}
	c.subjectWords(m)
	c.lure(m)
	c.put(SubjectForm, subjectForm(m.Subject, m.Readers))
	for _, h := range head(m.Attachments, maxValues) {
		c.put(Attachment, h)
	}
	for _, n := range head(m.FileNames, maxValues) {
		if n = numberForm(strings.ToLower(n)); len(n) > 6 {
			c.put(FileName, n)
		}
	}
	if m.HTMLForm != 0 {
		c.put(HTMLForm, hex64(m.HTMLForm))
	}
	c.contacts(m)
}

// subjectWords adds at most eight words of the subject, because the name of a
// product or share stays while the sentence around it changes. Words of less
// than four bytes are articles and prepositions; longer ones than 30 are
// generated. Their frequency decides their weight. The reader's own name
// differs from copy to copy and is left out.
func (c *collector) subjectWords(m *Message) {
	n := 0
	for w := range strings.FieldsSeq(m.SubjectKey) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if len(w) >= 4 && len(w) <= 30 && n < 8 && !namesReader(w, m.Readers) {
			c.put(SubjectWord, w)
			n++
		}
	}
}

// contacts adds the addresses, numbers and wallets at which the reader is to
// write, call or pay. It leaves out the reader's own addresses, which occur in
// greetings, and the Reply-To address, which is separate evidence.
func (c *collector) contacts(m *Message) {
	relayed := relayed(m)
	for _, a := range head(m.Mailboxes, maxValues) {
		if a = strings.ToLower(a); !containsFold(m.Readers, a) && !containsFold(m.ReplyTo, a) && !(relayed && ofList(m, a)) && !ofListProgram(a) && !unread(a) && !strings.EqualFold(a, m.From) {
			c.put(Mailbox, a)
		}
	}
	for _, p := range head(m.Phones, maxValues) {
		c.put(Phone, p)
	}
	for _, w := range head(m.Wallets, maxValues) {
		c.put(Wallet, w)
	}
}

// subjectForm returns the subject without its variable parts: words with
// digits, the reader's name or address, text after a run of blanks, tags in
// brackets, punctuation. It returns "" if fewer than two words remain.
func subjectForm(subject string, readers []string) string {
	subject = strings.ToLower(text.Cut(subject, 500))
	if i := strings.Index(subject, "    "); i > 8 {
		subject = subject[:i]
	}
	var words []string
	for _, w := range strings.Fields(subject) {
		if strings.ContainsAny(w, "0123456789@") || w[0] == '[' || namesReader(w, readers) {
			continue
		}
		if w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }); w != "" {
			words = append(words, w)
		}
	}
	for len(words) > 0 && isReplyPrefix(words[0]) {
		words = words[1:]
	}
	if len(words) < 2 {
		return ""
	}
	return strings.Join(words, " ")
}

// isReplyPrefix recognises the common prefixes of replies and forwards.
func isReplyPrefix(w string) bool {
	switch w {
	case "re", "fw", "fwd", "aw", "wg", "sv", "vs", "rv", "tr":
		return true
	}
	return false
}

// namesReader reports whether a word of the subject is the local part of a
// recipient.
func namesReader(word string, readers []string) bool {
	word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(word) < 3 {
		return false
	}
	for _, r := range head(readers, maxValues) {
		if local, _, _ := strings.Cut(r, "@"); strings.EqualFold(local, word) {
			return true
		}
	}
	return false
}

// containsFold reports whether a list contains s in any case. The list is
// searched in order, because it has few entries.
func containsFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// hex64 writes a stored hash in hex. The database has no unsigned type, so
// hashes are signed there and unsigned on screens.
func hex64(v int64) string { return strconv.FormatUint(uint64(v), 16) }

// head returns at most the first n elements of s. It shares their memory.
func head[T any](s []T, n int) []T { return s[:min(len(s), n)] }
