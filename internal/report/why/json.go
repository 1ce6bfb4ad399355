package why

import (
	"time"

	"spoor/graph/campaign"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// PairDocument is the output of why for two messages.
//
// verdict is the sentence of the screen; a program decides by linked and
// together.
type PairDocument struct {
	Messages  []whyMessageJSON  `json:"messages"`
	Stored    int               `json:"stored"`           // messages of the last run
	Since     int64             `json:"stored_since_run"` // that came after it
	Verdict   string            `json:"verdict"`
	Pair      explanationJSON   `json:"evidence"`
	Without   []withoutJSON     `json:"without"`
	Own       []explanationJSON `json:"own_campaigns"`
	Rests     []restingJSON     `json:"rests_on"`
	Decisions []string          `json:"decisions"`
}

// whyMessageJSON is one of the messages compared.
type whyMessageJSON struct {
	SHA256     string     `json:"sha256"`
	MessageID  string     `json:"message_id"`
	Received   *time.Time `json:"received_at"`
	From       string     `json:"from_address"`
	FromName   string     `json:"from_name"`
	Subject    string     `json:"subject"`
	Ham        bool       `json:"ham"`
	Campaign   *string    `json:"campaign_id"`
	Confidence *float64   `json:"confidence"`
	Publisher  *string    `json:"publisher"` // it is set aside as an issue of
	Report     bool       `json:"report"`    // it is set aside as a delivery report
}

// explanationJSON is the evidence between two messages: prior plus the bits of
// all steps is the total.
//
// a and b are hashes. together says that the last run has them in one campaign,
// linked that this evidence alone would join them, or that a is a member of the campaign that it
// was compared with.
type explanationJSON struct {
	A        string     `json:"a"`
	B        string     `json:"b"`
	Prior    float64    `json:"prior_bits"`
	Steps    []stepJSON `json:"steps"`
	Total    float64    `json:"total_bits"`
	With     int        `json:"with"` // other messages of the campaign that a was compared with as a whole; 0: with b alone
	Together bool       `json:"together"`
	Linked   bool       `json:"linked"`
	Lacks    string     `json:"lacks"`
	Groups   int        `json:"groups"`
	Decided  string     `json:"decided"`
}

// stepJSON is one line of the evidence. Bits are 0 if a stronger line implies
// it; worth is how much rarer the value is than chance, in bits.
type stepJSON struct {
	Group    string   `json:"evidence"`
	Kind     string   `json:"kind"`
	Value    *string  `json:"value"`
	Feature  int64    `json:"feature"`
	Words    string   `json:"words"`
	ViaA     string   `json:"via_a"`
	ViaB     string   `json:"via_b"`
	Bits     float64  `json:"bits"`
	Messages int      `json:"messages"`
	Ham      int      `json:"ham"`
	Members  int      `json:"members"`
	Worth    float64  `json:"worth_bits"`
	Implied  bool     `json:"implied"`
	Common   bool     `json:"common"`
	Against  bool     `json:"against"`
	Share    *float64 `json:"share"`
}

// withoutJSON is the total without one line or group.
type withoutJSON struct {
	Without string  `json:"without"`
	Total   float64 `json:"total_bits"`
	Linked  bool    `json:"linked"`
}

// restingJSON lists the original lines under one line of the evidence.
type restingJSON struct {
	Words string     `json:"words"`
	Lines []lineJSON `json:"lines"`
}

// lineJSON is an original line.
type lineJSON struct {
	Message *string `json:"message"` // null: both
	Source  string  `json:"source"`  // "": the message itself
	Line    string  `json:"line"`
}

// json converts the evidence between two messages.
func (p *pairScreen) json() PairDocument {
	out := PairDocument{Stored: p.Stored, Since: p.Since, Verdict: p.verdict(), Pair: p.explanation(&p.E), Without: []withoutJSON{}, Own: []explanationJSON{},
		Rests: []restingJSON{}, Decisions: []string{}}
	for _, key := range []int64{p.E.A, p.E.B} {
		out.Messages = append(out.Messages, p.messageJSON(key))
	}
	for i := range p.Less {
		out.Without = append(out.Without, withoutJSON{p.lessWords(&p.Less[i]), p.Less[i].Total, p.Less[i].Linked})
	}
	for i := range p.Own {
		out.Own = append(out.Own, p.explanation(&p.Own[i]))
	}
	for i := range p.Rests {
		r := restingJSON{Words: p.stepWords(p.Rests[i].Step, p.E.A, p.E.B)}
		for _, l := range p.Rests[i].Lines {
			j := lineJSON{Source: l.Where, Line: l.Text}
			if m := p.Proofs[l.Key]; m != nil {
				j.Message = &m.SHA256
			}
			r.Lines = append(r.Lines, j)
		}
		out.Rests = append(out.Rests, r)
	}
	for i := range p.Decisions {
		out.Decisions = append(out.Decisions, naming.DecisionID(p.Decisions[i].ID))
	}
	return out
}

// messageJSON converts one message.
func (t *screen) messageJSON(key int64) whyMessageJSON {
	m, proof := t.Teller.Facts[key], t.Proofs[key]
	out := whyMessageJSON{SHA256: proof.SHA256, MessageID: m.MessageID, Received: cli.Time(m.ReceivedAt), From: m.From, FromName: m.FromName, Subject: m.Subject, Ham: m.Ham,
		Publisher: wording.NameOrNull(proof.Publisher), Report: proof.Report}
	if proof.Campaign != 0 {
		id, c := naming.ID(proof.Campaign), proof.Confidence
		out.Campaign, out.Confidence = &id, &c
	}
	return out
}

// explanation converts an explanation, all of its steps included.
//
// All steps are in it, the implied and the common ones too, which a sum must
// leave out.
func (t *screen) explanation(e *campaign.Explanation) explanationJSON {
	out := explanationJSON{A: t.Proofs[e.A].SHA256, B: t.Proofs[e.B].SHA256, Prior: e.Prior, Steps: []stepJSON{}, Total: e.Total, With: e.With, Together: e.Together,
		Linked: e.Linked, Lacks: e.Lacks, Groups: e.Groups, Decided: e.Decided}
	for i := range e.Steps {
		s := &e.Steps[i]
		j := stepJSON{Group: s.Group, Kind: s.Kind, Feature: int64(s.Feature), Words: t.stepWords(s, e.A, e.B), Bits: s.Bits, Messages: s.Messages, Ham: s.Ham,
			Members: s.Members, Worth: s.Worth, Implied: s.Implied, Common: s.Common, Against: s.Against,
			ViaA: t.Teller.Via(e.A, s.Feature), ViaB: t.Teller.Via(e.B, s.Feature)}
		if v, ok := t.Teller.Values[s.Feature]; ok {
			j.Value = &v
		}
		if s.Feature == 0 {
			j.Share = &s.Share
		}
		out.Steps = append(out.Steps, j)
	}
	return out
}
