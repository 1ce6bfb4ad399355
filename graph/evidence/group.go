package evidence

// Group is a line of argument. What two messages share within one group counts once: a
// host, its domain and its netblock are one argument, not three.
type Group uint8

const (
	Content Group = iota
	Links
	Registration
	Hosting
	Sending
	Mailer
	Groups // the number of groups
)

// groups name each group, the question that it answers, and a disagreement in it.
var groups = [Groups]struct{ name, about, differ string }{
	Content:      {"content", "what it says", "texts differ"},
	Links:        {"links", "where it leads", "links lead elsewhere"},
	Registration: {"registration", "who registered that", "the domains' registrations differ"},
	Hosting:      {"hosting", "where that is", "the links' hosts are elsewhere"},
	Sending:      {"sending", "who sends it", "sent from elsewhere"},
	Mailer:       {"mailer", "what program wrote it", "written by another mailer"},
}

// String returns the name of the group, as it is stored, shown and typed.
func (g Group) String() string { return groups[g].name }

// About returns the question that evidence of the group answers.
func (g Group) About() string { return groups[g].about }

// Differ says in words that two messages disagree in the group.
func (g Group) Differ() string { return groups[g].differ }

// GroupOf returns the group of a name as String gives it.
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
