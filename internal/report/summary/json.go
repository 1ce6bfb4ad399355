package summary

import (
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// Document is the output of summary.
type Document struct {
	Since     *time.Time    `json:"since"`
	Run       int64         `json:"run"`
	Spam      int64         `json:"spam"` // messages that were stored since
	Ham       int64         `json:"ham"`
	Campaigns int64         `json:"campaign_count"`
	Members   int64         `json:"members"`
	Changes   []changedJSON `json:"changes"`
}

// changedJSON is one change of a campaign; other is the campaign that it merged
// with or came from.
type changedJSON struct {
	Change   string     `json:"change"` // new, grown, merged, split, awake, quiet, dissolved
	ID       string     `json:"campaign_id"`
	Name     *string    `json:"campaign_name"`
	Other    *string    `json:"other_id"`
	By       int64      `json:"changed_by"`
	Messages int64      `json:"messages"`
	First    *time.Time `json:"first_seen"`
	Last     *time.Time `json:"last_seen"`
	Subject  string     `json:"top_subject"`
	Kind     string     `json:"trait_kind"`
	Value    string     `json:"trait_value"`
}

// documentOf converts the changes, kind by kind.
func documentOf(s *findings.Summary) Document {
	out := Document{Since: cli.Time(s.Since), Run: s.Last.Run, Spam: s.Spam, Ham: s.Ham, Campaigns: s.Last.Campaigns, Members: s.Last.Members, Changes: []changedJSON{}}
	for _, of := range []struct {
		change string
		list   []findings.Changed
	}{{"new", s.New}, {"grown", s.Grown}, {"merged", s.Merged}, {"split", s.Split}, {"awake", s.Woke}, {"quiet", s.Quiet}, {"dissolved", s.Dissolved}} {
		for i := range of.list {
			c := &of.list[i]
			j := changedJSON{Change: of.change, ID: naming.ID(c.ID), Name: wording.NameOrNull(c.Name), Other: wording.IDOrNull(c.Other), By: c.By, Messages: c.Messages,
				First: cli.Time(c.FirstSeen), Last: cli.Time(c.LastSeen), Subject: c.Lure.Subject}
			if len(c.Kinds) > 0 {
				j.Kind, j.Value = c.Kinds[0], c.TraitValues[0]
			}
			out.Changes = append(out.Changes, j)
		}
	}
	return out
}
