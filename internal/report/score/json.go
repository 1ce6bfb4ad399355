package score

import (
	"spoor/graph/score"
	"spoor/internal/findings"
)

// Document is the output of score. docs/scoring.md defines the figures.
type Document struct {
	Run        int64      `json:"run"`
	Lines      int        `json:"truth_messages"`
	NotStored  int        `json:"truth_not_stored"`
	Unsaid     int64      `json:"stored_not_in_truth"`
	UnsaidHam  int64      `json:"stored_not_in_truth_ham"`
	Messages   int        `json:"messages"`
	Singletons int        `json:"singletons"`
	Outside    int        `json:"singletons_outside"`
	Campaigns  *levelJSON `json:"campaigns"`
	Operations *levelJSON `json:"operations"`
}

// levelJSON has the figures of one level: campaigns or operations.
type levelJSON struct {
	Classes      int          `json:"classes"`
	Clusters     int          `json:"clusters"`
	BCubed       accuracyJSON `json:"b_cubed"`
	Pairwise     accuracyJSON `json:"pairwise"`
	AdjustedRand float64      `json:"adjusted_rand"`
	VMeasure     float64      `json:"v_measure"`
	Homogeneity  float64      `json:"homogeneity"`
	Completeness float64      `json:"completeness"`
	Mixed        []groupJSON  `json:"worst_mixed"`
	Broken       []groupJSON  `json:"worst_broken"`
}

// accuracyJSON is precision, recall and their harmonic mean.
type accuracyJSON struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// groupJSON is a campaign that mixes classes, or a class that is broken into
// campaigns.
type groupJSON struct {
	Name     string     `json:"name"` // the campaign's id, or the class of the truth
	Messages int        `json:"messages"`
	Pairs    int64      `json:"wrong_pairs"`
	Of       int        `json:"part_count"`
	Parts    []partJSON `json:"parts"`
}

// partJSON is the part of a group in one class or campaign, with an example.
type partJSON struct {
	Name     *string `json:"name"` // the class, or the campaign's id; null: none
	Messages int     `json:"messages"`
	Example  string  `json:"example_sha256"`
}

// json converts the figures.
func (s *scoring) json() Document {
	return Document{Run: s.Run, Lines: len(s.Truth.Rows), NotStored: len(s.Truth.Rows) - s.Truth.Found, Unsaid: s.Unsaid,
		UnsaidHam: s.UnsaidHam, Messages: len(s.Messages), Singletons: s.Campaigns.Singletons, Outside: s.Campaigns.Alone,
		Campaigns: s.levelJSON(s.Campaigns), Operations: s.levelJSON(s.Operations)}
}

// levelJSON converts one level; nil if the truth has none.
func (s *scoring) levelJSON(l *findings.Level) *levelJSON {
	if l == nil {
		return nil
	}
	return &levelJSON{Classes: l.Classes, Clusters: l.Clusters, BCubed: accuracyJSON(l.BCubed), Pairwise: accuracyJSON(l.Pairwise),
		AdjustedRand: l.AdjustedRand, VMeasure: l.VMeasure, Homogeneity: l.Homogeneity, Completeness: l.Completeness,
		Mixed: s.groupsJSON(l.Mixed), Broken: s.groupsJSON(l.Broken)}
}

// groupsJSON converts the worst groups.
func (s *scoring) groupsJSON(groups []score.Group) []groupJSON {
	out := []groupJSON{}
	for i := range groups {
		g := &groups[i]
		j := groupJSON{Name: className(g.Name), Messages: g.Items, Pairs: g.Pairs, Of: g.Of}
		for _, p := range g.Parts {
			part := partJSON{Messages: p.Items, Example: s.hash(p)}
			if name := className(p.Name); name != "" {
				part.Name = &name
			}
			j.Parts = append(j.Parts, part)
		}
		out = append(out, j)
	}
	return out
}
