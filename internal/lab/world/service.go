package world

import (
	"fmt"
	"strings"

	"spoor/internal/lab/dice"
)

// mailService gives mailboxes to anyone.
type mailService struct {
	domain string
	net    *network
	names  string // pattern of its outbound servers' names
	web    bool   // adds the browser's address as a hop below
	like   *mailer
}

// platform is any service that strangers share, and that their links name.
type platform struct {
	kind   string // "tenant" (label), "bucket" (path), "short", "tracker", "esp"
	domain string
	net    *network
	path   string // pattern of a link: %{id} is the customer's, %{r} the recipient's token, %{c} the mailing's
	id     string // pattern of a customer's id
	mailer *mailer
	wraps  string // "", "b64", "hex": how the ids are packed
}

// Real services stand here by name because the list of shared names in spoor/internal/domain
// knows them; half of the services of a world are invented, so that sharing must show in
// the mail itself.
var (
	oldTenants  = strings.Fields("tripod.com narod.ru freewebs.com 50webs.com freeservers.com blogspot.com")
	newTenants  = strings.Fields("web.app pages.dev weebly.com netlify.app workers.dev github.io wixsite.com vercel.app webflow.io r2.dev")
	oldBuckets  = strings.Fields("geocities.com angelfire.com xoom.com")
	newBuckets  = strings.Fields("storage.googleapis.com s3.amazonaws.com ipfs.io sites.google.com")
	oldShort    = strings.Fields("tinyurl.com shorturl.com snipurl.com tr.im")
	newShort    = strings.Fields("bit.ly tinyurl.com cutt.ly is.gd rb.gy t.ly")
	mailboxes   = strings.Fields("yahoo.com hotmail.com gmail.com aol.com mail.ru web.de")
	newMailbox  = strings.Fields("gmail.com outlook.com yahoo.com hotmail.com icloud.com gmx.de")
	trackerURLs = []string{
		"/c/%{id}/%{c}/%{r}", "/click?aff=%{id}&offer=%{c}&sub=%{r}", "/?a=%{id}&c=%{c}&s1=%{r}", "/t/%{packed}", "/rd/%{packed}", "/%{r}/%{c}/%{id}.htm",
		"/track/%{c}-%{id}-%{r}/go", "/l.php?x=%{packed}",
	}
	espURLs = []string{"/ls/click?upn=u%{id}-%{packed}", "/track/click/%{id}/%{c}?p=%{packed}", "/e/c/%{id}:%{r}/%{c}", "/wf/click?upn=%{packed}&acct=%{id}", "/f/a/%{r}~~/%{id}/%{c}"}
)

// services builds the services whose customers are unrelated.
func (b *builder) services() {
	tenants, buckets, shorts, boxes := oldTenants, oldBuckets, oldShort, mailboxes
	if b.year >= 2010 {
		tenants, buckets, shorts, boxes = newTenants, newBuckets, newShort, newMailbox
	}
	for _, d := range dice.Some(b.Dice, boxes, 4) {
		b.mailService(d)
	}
	for range 3 {
		b.mailService(b.domain(twoWords, dice.Pick(b.Dice, []string{"com", "net", "de", "ru"})))
	}
	b.foundRegistrars(b.year < 2012)
	for _, m := range b.freemail {
		b.registerService(m.domain, m.net)
	}
	for _, d := range append(dice.Some(b.Dice, tenants, 4), b.domain(twoWords, "com"), b.domain(pronounceable, "io")) {
		b.found("tenant", d, "", "%s8")
	}
	for _, d := range append(dice.Some(b.Dice, buckets, 2), b.domain(twoWords, "com")) {
		b.found("bucket", d, "", "%s9")
	}
	for _, d := range append(dice.Some(b.Dice, shorts, 3), b.domain(pronounceable, "me")) {
		b.found("short", d, "/%m7", "")
	}
	for range b.Between(3, 5) {
		b.found("tracker", b.domain(dice.Pick(b.Dice, []int{twoWords, pronounceable, lettersOnly}), "com"), dice.Pick(b.Dice, trackerURLs), dice.Pick(b.Dice, []string{"%d5", "%d6", "%x8", "%s6"}))
	}
	for i := range b.Between(3, 5) {
		d := b.domain(twoWords, "net")
		if i == 0 && b.year >= 2010 {
			d = dice.Pick(b.Dice, []string{"sendgrid.net", "list-manage.com", "mailerlite.com", "hubspotlinks.com"})
		}
		b.found("esp", d, dice.Pick(b.Dice, espURLs), dice.Pick(b.Dice, []string{"%d7", "%x10", "%s8", "%d5"}))
	}
}

// mailService makes up a mailbox provider.
func (b *builder) mailService(d string) {
	n := b.network(title(strings.Split(d, ".")[0])+" Mail, Inc.", d, dice.Pick(b.Dice, []string{"US", "US", "DE", "RU"}), "", 20)
	m := &mailService{domain: d, net: n, names: dice.Pick(b.Dice, []string{"out%d2.%h", "mail-%a2%d2.%h", "web%d5.mail.%h", "mx-out-%d3.%h", "sonic%d3.pool%d1.mail.%h"}), web: b.Chance(0.6)}
	m.like = b.webMailer(d)
	b.freemail = append(b.freemail, m)
}

// registerService registers a service, which has owned its domain for long.
func (b *builder) registerService(domain string, n *network) {
	o := owner{registrar: b.registrar(), servers: own(domain), redacted: b.redacts}
	o.who = b.corporate(domain)
	b.register(domain, o, b.long(), n.address(b.Dice))
	b.mx(domain, n)
}

// mx gives a domain a mail exchanger, once.
func (b *builder) mx(domain string, n *network) {
	if d := b.byName[domain]; d != nil && len(d.MX) == 0 {
		d.MX = []string{"10 mx." + domain}
		b.host("mx."+domain, n.address(b.Dice))
	}
}

// found makes up a platform that customers share.
func (b *builder) found(kind, domain, path, id string) {
	owner := title(strings.Split(domain, ".")[0]) + " Services, Inc."
	n := b.network(owner, domain, "US", "", 20)
	p := &platform{kind: kind, domain: domain, net: n, path: path, id: id, wraps: dice.Pick(b.Dice, []string{"b64", "b64", "hex", "dots"})}
	b.registerService(operator(domain), n)
	b.platforms[kind] = append(b.platforms[kind], p)
	b.host(domain, n.address(b.Dice))
}

// operator is the registered name above a service's host.
func operator(domain string) string {
	parts := strings.Split(domain, ".")
	return strings.Join(parts[len(parts)-2:], ".")
}

// link is a platform's URL of one customer, mailing and recipient.
func (p *platform) link(d dice.Dice, id, mailing, rcpt string) string {
	raw := fmt.Sprintf("%s|%s|%s", id, mailing, rcpt)
	packed := raw
	switch p.wraps {
	case "b64":
		packed = base64URL(fmt.Sprintf(`{"u":"%s","m":"%s","r":"%s"}`, id, mailing, rcpt))
	case "hex":
		packed = fmt.Sprintf("%x", raw)
	case "dots":
		packed = id + "." + mailing + "." + rcpt
	}
	return expand(d, p.path, fill{named: map[string]string{"id": id, "c": mailing, "r": rcpt, "packed": packed}})
}
