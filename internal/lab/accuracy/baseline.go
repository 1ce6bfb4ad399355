package main

import (
	"slices"
	"strconv"
	"strings"

	"spoor/graph/disjoint"
	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// indicators are the values that the simple methods group by. Empty strings are
// ignored.
//
// An analyst would pivot on them by hand.
type indicators struct {
	subject, text, sender string
	domains, contacts     []string
	sketch                []byte
}

// indicatorsOf takes them from the facts that the correlator starts with too,
// so that no method profits from a better parser. It omits the domain of a
// shared host and the recipient's own address, since they link unrelated mail.
func indicatorsOf(m *evidence.Message) indicators {
	x := indicators{subject: m.SubjectKey, sketch: m.Sketch}
	if m.Text != 0 {
		x.text = strconv.FormatInt(m.Text, 16)
	}
	if m.Sender.IsValid() {
		x.sender = m.Sender.String()
	}
	for _, l := range m.Links {
		if l.Domain != "" && l.Shared == "" {
			x.domains = append(x.domains, l.Domain)
		}
	}
	for _, c := range slices.Concat(m.Phones, m.Wallets, m.Mailboxes) {
		if !slices.ContainsFunc(m.Readers, func(r string) bool { return strings.EqualFold(r, c) }) {
			x.contacts = append(x.contacts, c)
		}
	}
	for _, r := range m.ReplyTo {
		x.contacts = append(x.contacts, strings.ToLower(r))
	}
	return x
}

// baseline is a simple way of grouping: it returns a label a message, "" for
// alone.
type baseline struct {
	name  string
	group func([]indicators) []string
}

// baselines are the simple ways of grouping that the correlator must beat.
//
// The last joins by any of them, and shows how far chains of common values
// reach.
func baselines() []baseline {
	subject := func(x *indicators) []string { return []string{x.subject} }
	domains := func(x *indicators) []string { return x.domains }
	sender := func(x *indicators) []string { return []string{x.sender} }
	any := func(x *indicators) []string {
		out := []string{tagged("subject", x.subject), tagged("text", x.text), tagged("sender", x.sender)}
		for _, d := range x.domains {
			out = append(out, tagged("domain", d))
		}
		for _, c := range x.contacts {
			out = append(out, tagged("contact", c))
		}
		return out
	}
	return []baseline{
		{"same subject", byShared(subject)},
		{"same domain", byShared(domains)},
		{"same sender", byShared(sender)},
		{"similar text", byText},
		{"anything shared", byShared(any)},
	}
}

// tagged marks a value with its kind, so that equal values of two kinds do not
// join; "" stays "".
func tagged(kind, value string) string {
	if value == "" {
		return ""
	}
	return kind + " " + value
}

// byShared joins messages that share a value, directly or through others.
//
// Linear in the number of values. Joins are transitive, as in the practice of
// pivoting.
func byShared(values func(*indicators) []string) func([]indicators) []string {
	return func(all []indicators) []string {
		sets := disjoint.New(len(all))
		first := map[string]int32{}
		for i := range all {
			for _, v := range values(&all[i]) {
				if v == "" {
					continue
				}
				if at, ok := first[v]; ok {
					sets.Join(at, int32(i))
				} else {
					first[v] = int32(i)
				}
			}
		}
		return labels(sets)
	}
}

// alike is the estimated Jaccard similarity from which texts are
// near-duplicates.
const alike = 0.5

// byText joins near-duplicates, directly or through others (single linkage). It
// compares all pairs, which a benchmark may.
func byText(all []indicators) []string {
	sets := disjoint.New(len(all))
	for a := range all {
		for b := range a {
			if likeness, ok := sketch.Similarity(all[a].sketch, all[b].sketch); ok && likeness >= alike {
				sets.Join(int32(a), int32(b))
			}
		}
	}
	return labels(sets)
}

// labels names each item's group by its first item; those alone have "".
func labels(sets disjoint.Sets) []string {
	of, members := make([]int32, len(sets)), make([]int, len(sets))
	for i := range sets {
		of[i] = sets.Find(int32(i))
		members[of[i]]++
	}
	out := make([]string, len(sets))
	for i, r := range of {
		if members[r] > 1 {
			out[i] = strconv.Itoa(int(r))
		}
	}
	return out
}
