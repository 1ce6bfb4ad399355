package main

import (
	"fmt"

	"spoor/internal/lab/labelled"
)

// bandsFrom are the lower ends of the bands of stated confidence. 93 to 97 % is one of
// them: of memberships stated at 95 % so many should be right.
var bandsFrom = [...]float64{0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.93, 0.97, 0.99}

// reliability compares stated confidence with the truth, band by band.
//
// A perfectly calibrated program has a share of right memberships in each band
// that equals the mean of the stated ones.
type reliability [len(bandsFrom)]band

// band is the memberships whose confidence is in one band.
type band struct {
	From        float64 `json:"from"`
	Memberships int     `json:"memberships"`
	Campaigns   int     `json:"campaigns"` // that have them: memberships of one campaign err together
	Stated      float64 `json:"stated"`    // sum of the confidences
	Right       int     `json:"right"`
}

// reliabilityOf judges each membership. It is right if the message is of the true campaign
// that most members are of; noise is never right. Of several that are equally frequent the
// first in the alphabet counts.
//
// A true campaign that is split over two found ones is right in both:
// confidence is about a membership and not about completeness.
func reliabilityOf(labels []labelled.Label, found []place) *reliability {
	count := map[string]map[string]int{}
	for i := range labels {
		if c := found[i].campaign; c != "" && labels[i].Noise() == "" {
			if count[c] == nil {
				count[c] = map[string]int{}
			}
			count[c][labels[i].Campaign]++
		}
	}
	most := map[string]string{}
	for c, classes := range count {
		for class, n := range classes {
			if m, ok := most[c]; !ok || n > classes[m] || n == classes[m] && class < m {
				most[c] = class
			}
		}
	}
	r := new(reliability)
	var counted [len(bandsFrom)]map[string]bool
	for i := range r {
		r[i].From, counted[i] = bandsFrom[i], map[string]bool{}
	}
	for i := range labels {
		if found[i].campaign == "" {
			continue
		}
		n := bandOf(found[i].confidence)
		b := &r[n]
		b.Memberships++
		b.Stated += found[i].confidence
		if counted[n][found[i].campaign] = true; labels[i].Noise() == "" && most[found[i].campaign] == labels[i].Campaign {
			b.Right++
		}
	}
	for i := range r {
		r[i].Campaigns = len(counted[i])
	}
	return r
}

// bandOf returns the band of a confidence.
func bandOf(confidence float64) int {
	n := 0
	for i, from := range bandsFrom {
		if confidence >= from {
			n = i
		}
	}
	return n
}

// add adds the counts of another band.
func (b *band) add(o band) {
	b.Memberships += o.Memberships
	b.Campaigns += o.Campaigns
	b.Stated += o.Stated
	b.Right += o.Right
}

// total adds the bands up; a campaign with members in several bands counts in each.
func (r *reliability) total() (all band) {
	for _, b := range r {
		all.add(b)
	}
	return all
}

// enough is the number of memberships from which a source's share is shown by itself.
// A share of a hundred has a standard error of five points at most.
const enough = 100

// reliabilityTable has a row a band, over all worlds, with the range over the sources and
// grades.
//
// "" means that the way states no confidence.
func reliabilityTable(grades [][]measured, way string) string {
	t := table{{"stated", "memberships", "campaigns", "stated on average", "right", "right, by source and grade"}}
	var all band
	for n := range bandsFrom {
		var sum band
		least, most := 1.0, 0.0
		for _, worlds := range grades {
			var b band
			for _, m := range worlds {
				if r := m.Ways[way].Confidence; r != nil {
					b.add(r[n])
				}
			}
			if sum.add(b); b.Memberships >= enough {
				least, most = min(least, b.right()), max(most, b.right())
			}
		}
		if all.add(sum); sum.Memberships == 0 {
			continue
		}
		spread := ""
		if least <= most {
			spread = percent(least) + " to " + percent(most)
		}
		t = append(t, append(sum.row(bandName(n)), spread))
	}
	if all.Memberships == 0 {
		return ""
	}
	all.Campaigns = 0 // one campaign has members in several bands
	return append(t, append(all.row("all"), "")).String()
}

func (b band) right() float64 { return float64(b.Right) / float64(b.Memberships) }

// row is a line of the table: the stated confidence beside the share that was
// right.
func (b band) row(name string) []string {
	campaigns := ""
	if b.Campaigns > 0 {
		campaigns = fmt.Sprint(b.Campaigns)
	}
	return []string{name, fmt.Sprint(b.Memberships), campaigns, percent(b.Stated / float64(b.Memberships)), percent(b.right())}
}

// bandName describes a band by its limits.
func bandName(n int) string {
	switch {
	case n == 0:
		return fmt.Sprintf("below %.0f %%", 100*bandsFrom[1])
	case n == len(bandsFrom)-1:
		return fmt.Sprintf("%.0f %% and more", 100*bandsFrom[n])
	}
	return fmt.Sprintf("%.0f to %.0f %%", 100*bandsFrom[n], 100*bandsFrom[n+1])
}
