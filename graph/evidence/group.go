package evidence

// Group is a line of argument. Features of one group count once for a pair of
// messages: a host, its domain and its netblock are one argument and not three.
type Group uint8

// The groups, in the order of screens: from the message to its sender. Their
// numbers are not stored.
const (
	Content Group = iota
	Links
	Registration
	Hosting
	Sending
	Mailer
	Groups // the number of groups
)

// groups holds the name of each group, the question that it answers, and the
// words for a disagreement.
var groups = [Groups]struct{ name, about, differ string }{
	Content:      {"content", "what it says", "texts differ"},
	Links:        {"links", "where it leads", "links lead elsewhere"},
	Registration: {"registration", "who registered that", "the domains' registrations differ"},
	Hosting:      {"hosting", "where that is", "the links' hosts are elsewhere"},
	Sending:      {"sending", "who sends it", "sent from elsewhere"},
	Mailer:       {"mailer", "what program wrote it", "written by another mailer"},
}

// String returns the name of the group, as stored, displayed and typed.
func (g Group) String() string { return groups[g].name }

// About returns the question that the group answers.
func (g Group) About() string { return groups[g].about }

// Differ describes a disagreement in the group.
func (g Group) Differ() string { return groups[g].differ }

// GroupOf returns the group with a name.
func GroupOf(name string) (Group, bool) {
	for g := range Groups {
		if groups[g].name == name {
			return g, true
		}
	}
	return 0, false
}

// Kinds lists the kinds of the group.
func (g Group) Kinds() []Kind {
	var out []Kind
	for k := range Kinds {
		if k.Group() == g {
			out = append(out, k)
		}
	}
	return out
}
