package findings

import (
	"context"
	"net/netip"

	"spoor/sql/store/campaigns"
)

// Limits of the infrastructure shown for a campaign: a larger graph can't be
// read.
const (
	mostDomains = 12
	mostSenders = 12
	mostAround  = 60  // domains and senders from which a part of the graph is taken
	slicesOfRun = 120 // of a timeline, for mail that came in no spamrun
)

// Infrastructure is the infrastructure of a campaign over time: senders, linked
// domains, and mail between them.
type Infrastructure struct {
	Senders []campaigns.UsedSender
	Domains []campaigns.UsedDomain
	Flows   []campaigns.Flow
	Bursts  []campaigns.Burst
	Around  string // node of the graph around which a part is asked for
}

// ReadInfrastructure reads the most frequent senders and domains of a campaign,
// the mail between them, and its bursts. Around a node of the graph it reads
// more of them.
//
// Flows and bursts are asked for the chosen senders and domains only; the rest
// of the mail is in the burst's lane of others.
func ReadInfrastructure(ctx context.Context, st *campaigns.Store, p *Page, around string) (*Infrastructure, error) {
	id := p.State.ID
	out := &Infrastructure{Around: around}
	senderRows, domainRows := mostSenders, mostDomains
	if around != "" {
		senderRows, domainRows = mostAround, mostAround
	}
	var err error
	if out.Senders, err = st.UsedSenders(ctx, id, senderRows); err != nil {
		return nil, err
	}
	if out.Domains, err = st.UsedDomains(ctx, id, domainRows); err != nil {
		return nil, err
	}
	var senders []netip.Addr
	for i := range out.Senders {
		senders = append(senders, out.Senders[i].Sender)
	}
	var domains []string
	for i := range out.Domains {
		domains = append(domains, out.Domains[i].Name)
	}
	if out.Flows, err = st.Flows(ctx, id, senders, domains); err != nil {
		return nil, err
	}
	out.Bursts, err = st.Bursts(ctx, id, p.Sums.Messages, p.Sums.FirstSeen, p.Sums.LastSeen, slicesOfRun, domains)
	return out, err
}
