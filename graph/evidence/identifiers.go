package evidence

import (
	"strings"

	"spoor/internal/text"
)

// linkIdentifiers adds numbers that trackers and kits put into URLs, and
// images. A number of four digits that begins like a year is left out. At most
// 40 numbers and 6 images of a message count: an account number recurs in every
// link, while the rest are ids of the copy.
func (c *collector) linkIdentifiers(m *Message) {
	numbers, pictures := 0, 0
	for i := range head(m.Links, maxLinks) {
		l := &m.Links[i]
		if strings.HasPrefix(l.Found, "img") && pictures < 6 {
			if p := pathOf(l.URL); len(p) > 8 && len(p) < 300 {
				c.put(LinkPicture, l.Host+p)
				pictures++
			}
		}
		if l.Host == "" || strings.HasPrefix(l.Host, "www.w3.") {
			continue
		}
		for label := range strings.SplitSeq(l.Host, ".") {
			if n := longestNumber(label); len(n) >= 6 && numbers < 40 && len(label) != len(n) {
				c.put(HostNumber, n)
				numbers++
			}
		}
		rest := afterHost(text.Cut(l.URL, maxURL))
		for piece := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune("/?&=#;.-_%", r) }) {
			// A number inside a word must have four digits; one that stands
			// alone, or behind one letter, three: kits write one id as id=609
			// and as v609.html.
			for n := range strings.FieldsFuncSeq(piece, func(r rune) bool { return r < '0' || r > '9' }) {
				whole := len(n) == len(piece) || len(piece)-len(n) == 1 && strings.HasSuffix(piece, n) && isAlpha(piece[0])
				if (whole && len(n) >= 3 || len(n) >= 4) && len(n) <= 12 && numbers < 40 && !(len(n) == 4 && (n[:2] == "19" || n[:2] == "20")) {
					c.put(LinkNumber, n)
					numbers++
				}
			}
		}
	}
}

// longestNumber returns the longest run of digits in s, or "".
func longestNumber(s string) (best string) {
	for n := range strings.FieldsFuncSeq(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(n) > len(best) {
			best = n
		}
	}
	return best
}

// textIdentifiers adds invisible characters and the sampled words of the text,
// without the reader's name. The sample is drawn by ingest, so that equal texts
// give equal words.
func (c *collector) textIdentifiers(m *Message) {
	c.put(Invisible, m.Invisible)
	for _, w := range m.Words {
		if !namesReader(w, m.Readers) {
			c.put(BodyWord, w)
		}
	}
}

// fieldIdentifiers adds values of fields that the sender's side wrote: accounts
// at sending services, DKIM signers, tenants, and the values or beginnings of
// unknown fields. It leaves out values with the reader's address, the sender's
// host or the From address: the first differ from copy to copy, the others are
// evidence of their own kinds.
func (c *collector) fieldIdentifiers(m *Message) {
	for _, f := range head(m.SenderFields, 48) {
		name, v, _ := strings.Cut(f, ": ")
		if hasReader(v, m.Readers) {
			continue
		}
		switch name {
		case "feedback-id":
			for p := range strings.SplitSeq(v, ":") {
				if p = strings.TrimSpace(p); len(p) >= 3 {
					c.put(FeedbackID, p)
				}
			}
			continue
		case "list-id":
			c.put(ListID, strings.ToLower(v))
			continue
		case "dkim-signature":
			c.put(Signer, v)
			c.tenant(v)
			continue
		case "x-ms-exchange-crosstenant-id", "x-originatororg":
			c.put(CloudTenant, strings.ToLower(v))
			continue
		}
		// Values with the sender's own names are evidence of other kinds.
		if receivers(name) || m.From != "" && containsFoldText(v, m.From) || m.Sender.IsValid() && strings.Contains(v, m.Sender.String()) || m.HELO != "" && containsFoldText(v, m.HELO) {
			continue
		}
		switch {
		case len(v) <= 64 && accountLike(v):
			c.put(FieldValue, name+": "+v)
		case len(v) <= 80:
			c.put(FieldHabit, name+": "+v)
		}
		if len(v) >= 16 && strings.ContainsAny(v, "0123456789") && !strings.Contains(v, " ") {
			c.put(FieldStart, name+": "+v[:8])
		}
	}
	if b := m.BoundaryStart; len(b) >= 8 {
		c.put(BoundaryStart, b[:8])
		if len(b) >= 14 {
			c.put(BoundaryStart, b[:14])
		}
	}
	for _, a := range []string{m.From, m.ReturnPath, m.MessageID} {
		c.tenant(strings.ToLower(a))
	}
	local, host, ok := strings.Cut(strings.ToLower(m.ReturnPath), "@")
	if ok && !strings.EqualFold(m.ReturnPath, m.From) {
		d := registered(host)
		for n := range strings.FieldsFuncSeq(local, func(r rune) bool { return strings.ContainsRune("+-_=.", r) }) {
			if len(n) >= 4 && len(n) <= 12 && strings.Trim(n, "0123456789") == "" {
				c.put(BounceAccount, d+" "+n)
			}
		}
	}
}

// tenant adds the Microsoft 365 tenant in a host name or signature: the label
// before .onmicrosoft.com, which Microsoft gives to one customer.
func (c *collector) tenant(s string) {
	if i := strings.Index(s, ".onmicrosoft.com"); i > 0 {
		j := strings.LastIndexAny(s[:i], "@. ") + 1
		c.put(CloudTenant, s[j:i])
	}
}

// hasReader reports whether a value contains a recipient's address or, if it is
// long enough to be distinctive, its local part. Such values differ from copy
// to copy.
func hasReader(v string, readers []string) bool {
	v = strings.ToLower(v)
	for _, r := range head(readers, maxValues) {
		if local, _, ok := strings.Cut(strings.ToLower(r), "@"); ok && (strings.Contains(v, strings.ToLower(r)) || len(local) > 4 && strings.Contains(v, local)) {
			return true
		}
	}
	return false
}

// receivers reports whether Exchange or another receiver adds the field on
// arrival.
func receivers(name string) bool {
	for _, p := range []string{"x-ms-", "x-microsoft", "x-forefront", "x-eop", "x-sid-", "x-incoming", "x-message-", "x-sender-ip", "x-originating-ip", "x-spam", "x-rspamd", "x-pm-", "x-virus"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// accountLike reports whether a value can identify a customer or mailing: one
// token with digits that is neither a date nor an address. Ten bytes are the
// length of a date (2006-01-02) and of a Unix time, which differ from copy to
// copy.
func accountLike(v string) bool {
	digits := 0
	for i := range len(v) {
		switch {
		case isDigit(v[i]):
			digits++
		case v[i] <= ' ' || strings.IndexByte("/,<>", v[i]) >= 0:
			return false
		}
	}
	return digits >= 3 && len(v) >= 4 && len(v) != 10
}

func containsFoldText(v, s string) bool {
	return strings.Contains(strings.ToLower(v), strings.ToLower(s))
}
