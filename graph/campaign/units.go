package campaign

import (
	"cmp"
	"encoding/binary"
	"slices"

	"spoor/graph/disjoint"
	"spoor/graph/evidence"
	"spoor/graph/mixture"
	"spoor/graph/sketch"
)

// burstPause ends a burst: its sender paused for longer, in seconds.
const burstPause = 3600

// The kinds of the model are those of evidence and two that are no features of a message:
// the slots of its sketch, and the days in which it came.
const (
	slotKind = uint8(evidence.Kinds) + iota
	timeKind
	modelKinds
)

// bandKind is a further kind of a run. Its values call clusters and are no evidence, so
// profiles do without.
const (
	bandKind = modelKinds
	runKinds = modelKinds + 1
)

// timeSpan is the length of a value of timeKind, in seconds.
const timeSpan = 3 * 86400

// bursts lists the messages of each unit: mail of one sender and program
// without a pause. Any other message is a unit by itself.
func (x *Index) bursts() [][]int32 {
	order := make([]int32, 0, x.spam)
	for m := range int32(len(x.keys)) {
		if !x.isHam(m) {
			order = append(order, m)
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(x.at[a], x.at[b]), cmp.Compare(a, b)) })
	type habit [4]int32 // features: sender, Message-ID form, boundary form, encodings
	type open struct {
		unit int
		last int64
	}
	var units [][]int32
	running := make(map[habit]open)
	for _, m := range order {
		h := habit{-1, -1, -1, -1}
		for _, f := range x.rows.row(m) {
			switch x.kind[f] {
			case evidence.SenderAddress:
				h[0] = f
			case evidence.MessageIDForm:
				h[1] = f
			case evidence.BoundaryForm:
				h[2] = f
			case evidence.Encodings:
				h[3] = f
			}
		}
		b, ok := running[h]
		if h[0] < 0 || x.at[m] == 0 || x.report(m) || !ok || x.at[m]-b.last > burstPause {
			b.unit = len(units)
			units = append(units, nil)
		}
		units[b.unit] = append(units[b.unit], m)
		if h[0] >= 0 && !x.report(m) {
			running[h] = open{b.unit, x.at[m]}
		}
	}
	return x.joinIdentical(units)
}

// joinIdentical joins units whose messages are all equal in text, subject and
// link domains, if they dominate the store. Botnets send such mail from
// thousands of addresses, and a thousand units of it would make its traits
// look common.
func (x *Index) joinIdentical(units [][]int32) [][]int32 {
	type content [3]uint64 // text, subject, links
	contentOf := func(m int32) (c content, ok bool) {
		for _, f := range x.rows.row(m) {
			switch x.kind[f] {
			case evidence.Text:
				c[0] = uint64(f) + 1
			case evidence.SubjectKey:
				c[1] = uint64(f) + 1
			case evidence.LinkDomain, evidence.LinkTenant, evidence.ReplyTo, evidence.MailerCore:
				c[2] = mix(c[2] ^ uint64(f+1))
			}
		}
		// A link that no other message has makes the message another one.
		for _, k := range x.alone[x.aloneStart[m]:x.aloneStart[m+1]] {
			switch evidence.Kind(k) {
			case evidence.LinkDomain, evidence.LinkTenant, evidence.ReplyTo, evidence.SubjectKey:
				return c, false
			}
		}
		return c, c[0] != 0 && c[1] != 0 && !x.report(m)
	}
	contents, count := make([]content, len(units)), make(map[content]int)
	for i, messages := range units {
		first, ok := contentOf(messages[0])
		for _, m := range messages[1:] {
			c, same := contentOf(m)
			ok = ok && same && c == first
		}
		if ok {
			contents[i] = first
			count[first]++
		}
	}
	at := make(map[content]int)
	out, all := units[:0], len(units)
	for i, messages := range units {
		c := contents[i]
		if dominating*count[c] <= all {
			out = append(out, messages)
			continue
		}
		if i, known := at[c]; known {
			out[i] = append(out[i], messages...)
			continue
		}
		at[c] = len(out)
		out = append(out, messages)
	}
	return out
}

// Messages of one text dominate a store if they are more than one in dominating
// of its units: then they are not counted one by one. Below that, units counted
// one by one keep texts apart that many operators share. A small store has too
// few clusters to show that its own campaigns are not common mail: there one in
// dominatingFew is enough.
const (
	dominating    = 5
	dominatingFew = 12
	fewUnits      = 1000
)

// dominant returns the context of each unit if it dominates, and 0 for the
// others.
func dominant(contexts []int32, bursts [][]int32) []int32 {
	count := make(map[int32]int)
	for _, messages := range bursts {
		count[contexts[messages[0]]]++
	}
	part := dominating
	if len(bursts) < fewUnits {
		part = dominatingFew
	}
	out := make([]int32, len(bursts))
	for i, messages := range bursts {
		if c := contexts[messages[0]]; c != 0 && part*count[c] > len(bursts) {
			out[i] = c
		}
	}
	return out
}

// weights are the shares of their log likelihood ratios that kinds of a group count for
// beside each other: they depend on each other (see docs/campaigns.md).
var weights = [...]float64{mixture.Text: .3, mixture.Creative: .5, mixture.Links: .4, mixture.Registration: .35,
	mixture.Sending: .3, mixture.Mailer: .4, mixture.Contact: .5, mixture.Time: .4}

// runKindsOf describes the kinds to the model of a run, in which bands of texts call clusters in
// place of slots.
func runKindsOf() []mixture.Kind {
	out := append(modelKindsOf(), mixture.Kind{Group: mixture.Text, Call: 1. / bandsOfText})
	out[slotKind].Call = 0
	return out
}

// modelKindsOf describes the kinds to the model.
func modelKindsOf() []mixture.Kind {
	out := make([]mixture.Kind, modelKinds)
	for k := range evidence.Kinds {
		g := groupOf(k)
		out[k] = mixture.Kind{Group: g, Weight: weights[g], Call: weights[g], Aspect: aspectOf(k)}
	}
	for _, k := range []evidence.Kind{evidence.Mailbox, evidence.Phone, evidence.Wallet, evidence.ReplyTo, evidence.Attachment} {
		out[k].Own = true
	}
	// A spamrun is one sender's, and units are spamruns already; a Message-ID that is met
	// twice is one message on two ways.
	out[evidence.Spamrun], out[evidence.MessageID], out[evidence.Report] = mixture.Kind{}, mixture.Kind{}, mixture.Kind{}
	// Lures divide clusters (offer.go). Their words are evidence already.
	out[evidence.Lure], out[evidence.LureName], out[evidence.LureText] = mixture.Kind{}, mixture.Kind{}, mixture.Kind{}
	out[slotKind] = mixture.Kind{Group: mixture.Text, Weight: 1, Whole: true, Aspect: mixture.Content, Call: 1. / sketch.Slots} // all slots are one observation
	out[timeKind] = mixture.Kind{Group: mixture.Time, Weight: weights[mixture.Time]}
	return out
}

// aspectOf returns the aspect of a kind. Aspects change independently, so one follows from
// no other: the registration of a domain changes with the domain, whether it is in a link or
// in an address of the sender, and an account at a service stands in its field and its links.
func aspectOf(k evidence.Kind) mixture.Aspect {
	switch k {
	case evidence.LinkHost, evidence.LinkDomain, evidence.LinkHostForm, evidence.LinkTenant, evidence.FromDomain, evidence.FromAddress,
		evidence.BounceDomain, evidence.Signer:
		return mixture.Hosting
	case evidence.MessageIDHost:
		return mixture.NoAspect // the sender's domain in some programs, its machine in others
	case evidence.ListID, evidence.FeedbackID, evidence.FieldValue, evidence.BounceAccount, evidence.Unsubscribe, evidence.LinkService:
		return mixture.NoAspect // of an account at a service, which links show too
	case evidence.MailerFingerprint, evidence.HeaderOrder, evidence.BoundaryForm, evidence.IDAndBoundary, evidence.BoundaryStart, evidence.Encodings, evidence.MIMESkeleton:
		return mixture.NoAspect // depend on the body, too
	}
	switch groupOf(k) {
	case mixture.Mailer:
		return mixture.Program
	case mixture.Sending:
		return mixture.Route
	case mixture.Registration:
		return mixture.Hosting
	}
	return mixture.Content
}

// groupOf returns the group of a kind. Kinds that are copied with a text (From
// name, MIME structure) belong to the text and not to the sender.
func groupOf(k evidence.Kind) mixture.Group {
	switch k {
	case evidence.Text, evidence.BodyWord:
		return mixture.Text
	case evidence.Mailbox, evidence.Phone, evidence.Wallet, evidence.ReplyTo, evidence.Attachment, evidence.LinkToken,
		evidence.LinkNumber, evidence.HostNumber, evidence.LinkPicture, evidence.LinkTenant:
		return mixture.Contact
	case evidence.FromName, evidence.Encodings, evidence.MIMESkeleton:
		return mixture.Creative
	}
	switch k.Group() {
	case evidence.Content:
		return mixture.Creative
	case evidence.Links:
		return mixture.Links
	case evidence.Registration, evidence.Hosting:
		return mixture.Registration
	case evidence.Sending:
		return mixture.Sending
	}
	return mixture.Mailer
}

// Bounds of the values of one kind in a unit: campaigns are found by a few.
const (
	maxOfKind  = 12
	maxOfWords = 64 // words, numbers and slots
	mostOften  = 3  // a word or slot counts if at least one in so many messages of a unit has it
)

// input makes the model's units of bursts.
func (x *Index) input(bursts [][]int32) mixture.Input {
	slots, slotNumbers, most := x.slots()
	contexts := make([]int32, len(bursts))
	if most*mostApart >= x.spam || len(bursts) < fewUnits {
		contexts = dominant(x.alikes(), bursts)
	}
	x.fit.slots, x.fit.days = slots, make(map[int64]int32)
	in := mixture.Input{Kinds: runKindsOf(), KindOf: make([]uint8, 0, len(x.features)+slotNumbers), Units: make([]mixture.Unit, len(bursts)), Trusted: map[int32]bool{}}
	for _, k := range x.kind {
		in.KindOf = append(in.KindOf, uint8(k))
	}
	for range slotNumbers {
		in.KindOf = append(in.KindOf, slotKind)
	}
	for _, k := range x.decisions.Trusted {
		if f, ok := x.feature(k); ok {
			in.Trusted[f] = true
		}
	}
	for _, messages := range bursts {
		day := x.at[messages[0]] / timeSpan
		if _, ok := x.fit.days[day]; !ok {
			x.fit.days[day] = int32(len(in.KindOf))
			in.KindOf = append(in.KindOf, timeKind)
		}
	}
	var bands int
	x.fit.bands, bands = x.bands()
	x.fit.bands.first = int32(len(in.KindOf))
	for range bands {
		in.KindOf = append(in.KindOf, bandKind)
	}
	x.fit.kindOf = in.KindOf
	var v unitValues
	for i, messages := range bursts {
		v.reset()
		for _, m := range messages {
			x.values(m, &v)
		}
		v.shared = append(v.shared, x.day(messages[0]))
		for _, m := range messages {
			x.fit.bands.of(x.sketchOf(m), &v)
		}
		in.Units[i] = v.unit(in.KindOf, len(messages))
		in.Units[i].Apart = x.report(messages[0])
		in.Units[i].Context = contexts[i]
	}
	x.strangers(&in)
	return in
}

// day is the feature of the days in which message m came.
func (x *Index) day(m int32) int32 { return x.fit.days[x.at[m]/timeSpan] }

// strangers tells the model of wanted mail.
func (x *Index) strangers(in *mixture.Input) {
	in.Strangers = len(x.keys) - x.spam
	if in.Strangers == 0 {
		return
	}
	in.Elsewhere, in.ElsewhereByKind = make([]int32, len(in.KindOf)), make([]int32, runKinds)
	copy(in.Elsewhere, x.ham)
	for m := range int32(len(x.keys)) {
		if !x.isHam(m) {
			continue
		}
		var has [modelKinds]bool
		for _, f := range x.rows.row(m) {
			has[x.kind[f]] = true
		}
		for _, k := range x.alone[x.aloneStart[m]:x.aloneStart[m+1]] {
			has[k] = true
		}
		for k, ok := range has {
			if ok {
				in.ElsewhereByKind[k]++
			}
		}
	}
}

// mostApart says that no text dominates if not even one in so many messages has the most
// frequent value of a slot: texts of one context agree in 40 % of their slots.
const mostApart = 100

// slots numbers the values of sketch slots that two messages or more have, behind the
// features; -1 for others. most is how many messages have the most frequent one.
func (x *Index) slots() (number []int32, n, most int) {
	number = make([]int32, sketch.Slots<<16)
	for m := range int32(len(x.keys)) {
		b := x.sketchOf(m)
		if b == nil || x.isHam(m) {
			continue
		}
		for i := range sketch.Slots {
			number[i<<16|int(binary.LittleEndian.Uint16(b[2*i:]))]++
		}
	}
	for i, count := range number {
		most = max(most, int(count))
		if count < 2 {
			number[i] = -1
			continue
		}
		number[i] = int32(len(x.features) + n)
		n++
	}
	return number, n, most
}

// alikes numbers, from 1, the messages whose texts are nearly the same; 0 for those with
// too little text.
func (x *Index) alikes() []int32 {
	out := make([]int32, len(x.keys))
	first := make(map[string]int32) // by sketch
	var distinct []int32
	for m := range int32(len(x.keys)) {
		b := x.sketchOf(m)
		if b == nil || x.isHam(m) {
			continue
		}
		f, ok := first[string(b)]
		if !ok {
			f = m
			first[string(b)] = m
			distinct = append(distinct, m)
		}
		out[m] = f + 1
	}
	u := disjoint.New(len(x.keys))
	x.meet(distinct, func(a, b int32) {
		// Compare with the representative of the other's group, so that a chain
		// of similar texts does not merge dissimilar ones.
		a, b = u.Find(a), u.Find(b)
		if s, ok := x.likeness(a, b); a != b && ok && s >= sameText {
			u.Join(a, b)
		}
	})
	for m := range out {
		if out[m] > 0 {
			out[m] = u.Find(out[m]-1) + 1
		}
	}
	return out
}
