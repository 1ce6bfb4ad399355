package correlation

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
)

// memory is a Store and its transaction, without a database.
type memory struct {
	known   evidence.Knowledge
	facts   map[int64]*evidence.Message
	rows    map[int64]campaign.Row
	before  Before
	stored  map[evidence.Key]string
	said    []decision.Decision
	pages   []int // sizes of the transactions in which rows were stored
	read    []int64
	written *Outcome
	fails   error // of Write
	running bool
}

func newMemory(messages ...*evidence.Message) *memory {
	m := &memory{facts: make(map[int64]*evidence.Message), rows: make(map[int64]campaign.Row), before: Before{FreeCampaign: 1, FreeOperation: 1}}
	for _, msg := range messages {
		m.facts[msg.Key] = msg
	}
	return m
}

func (m *memory) Underived(context.Context, int) (out []int64, err error) {
	for k := range m.facts {
		if _, ok := m.rows[k]; !ok {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (m *memory) StoreRows(_ context.Context, keys []int64, _ int, offer func(*evidence.Message) campaign.Row) error {
	m.pages = append(m.pages, len(keys))
	for _, k := range keys {
		m.rows[k] = offer(m.facts[k])
	}
	return nil
}

func (m *memory) Exclusively(_ context.Context, f func(Tx) error) error { return f(m) }

func (m *memory) Standing(context.Context) ([]decision.Decision, error) { return m.said, nil }

func (m *memory) Incidence(_ context.Context, each func(campaign.Row)) error {
	for _, r := range m.rows {
		each(r)
	}
	return nil
}

func (m *memory) Knowledge(context.Context) (evidence.Knowledge, error) { return m.known, nil }

func (m *memory) Facts(_ context.Context, keys []int64) (out []evidence.Message, err error) {
	m.read = append(m.read, keys...)
	for _, k := range keys {
		if f := m.facts[k]; f != nil {
			out = append(out, *f)
		}
	}
	return out, nil
}

func (m *memory) Values(_ context.Context, each func(evidence.Key, string)) error {
	for k, v := range m.stored {
		each(k, v)
	}
	return nil
}

func (m *memory) Before(context.Context) (Before, error) { return m.before, nil }

func (m *memory) Input(context.Context) (print, run, before int64, err error) {
	if m.written != nil {
		run, before = 7, m.written.Input
	}
	return int64(len(m.rows)), run, before, nil
}

func (m *memory) Write(_ context.Context, o *Outcome) (int64, error) {
	m.written = o
	return 7, m.fails
}

func (m *memory) Profiled(context.Context) (int64, campaign.Parameters, error) {
	if m.written == nil {
		return 0, campaign.Parameters{}, nil
	}
	return 7, m.written.Parameters, nil
}

func (m *memory) Free(context.Context, int64) error {
	if m.running {
		return fmt.Errorf("read the last run: %w", ErrRunning)
	}
	return nil
}

func (m *memory) Assignable(context.Context, int64) (out []int64, err error) {
	for k := range m.facts {
		if i, ok := membershipOf(m.written.Members, k); !ok || i.Campaign == 0 {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (m *memory) Rows(_ context.Context, keys []int64) (out []campaign.Row, err error) {
	for _, k := range keys {
		out = append(out, m.rows[k])
	}
	return out, nil
}

func (m *memory) Profiles(_ context.Context, each func(int64, []byte)) error {
	for i := range m.written.Campaigns {
		each(m.written.CampaignIDs[i].ID, m.written.Campaigns[i].Profile.Pack(nil))
	}
	return nil
}

func (m *memory) Join(_ context.Context, list []Membership, _ int64, _ time.Time) (map[int64]int64, error) {
	return sizes(list), m.Free(context.Background(), 0)
}

// message returns a message of a shop, or of a stranger, which has nothing in
// common with any other.
func message(key int64, shop bool) *evidence.Message {
	own := strings.Repeat(string(rune('a'+key%26)), 3) + strings.Repeat(string(rune('a'+key/26%26)), 3)
	m := &evidence.Message{Key: key, ReceivedAt: time.Unix(1e9+key*9000, 0), Text: 100 + key, SubjectKey: own + " and " + own + "s", Subject: "x", From: fmt.Sprintf("%s@home%d.example", own, key),
		Sender: netip.AddrFrom4([4]byte{byte(11 + key), byte(key), 100, byte(key)}), HELO: fmt.Sprintf("h%d.home%d.example", key, key), HeaderNames: "From,X-" + own, MXPriority: -1}
	if shop {
		m.Text, m.SubjectKey, m.Phones, m.HeaderNames = 77, "watches for less money", []string{"+15550100"}, "From,Subject,X-Shop"
		m.Links = []evidence.Link{{URL: "http://www.shop.example/order.php?aff=a12345", Host: "www.shop.example", Domain: "shop.example", Found: "text"}}
	}
	return m
}

func shopAndStrangers() *memory {
	var list []*evidence.Message
	for k := int64(1); k <= 30; k++ {
		list = append(list, message(k, k <= 6))
	}
	return newMemory(list...)
}

func TestRunFindsAndWrites(t *testing.T) {
	m := shopAndStrangers()
	var steps []Doing
	got, err := Run(t.Context(), m, Options{Progress: func(s Step) { steps = append(steps, s.Doing) }})
	if err != nil {
		t.Fatal(err)
	}
	if got.Run != 7 || got.Messages != 30 || got.Campaigns != 1 || got.Members != 6 || got.New != 1 {
		t.Errorf("%+v", got)
	}
	if !slices.IsSorted(steps) || len(steps) < 3 || steps[len(steps)-1] != Writing {
		t.Errorf("steps %v", steps)
	}
	if o := m.written; len(o.Members) != 6 || len(o.Events) != 1 || o.Events[0] != (Event{Campaign: 1, Kind: born, Messages: 6}) {
		t.Errorf("members %v, events %v", o.Members, o.Events)
	}
	for _, trait := range m.written.Campaigns[0].Traits {
		if m.written.Values[trait.Feature] == "" {
			t.Errorf("a trait of kind %s has no value", trait.Feature.Kind())
		}
	}
}

// Values that are stored are not looked for in the facts again.
func TestValuesAreReadOnce(t *testing.T) {
	m := shopAndStrangers()
	if _, err := Run(t.Context(), m, Options{}); err != nil || len(m.read) == 0 {
		t.Fatal(err, m.read)
	}
	m.stored, m.read = m.written.Values, nil
	if _, err := Run(t.Context(), m, Options{}); err != nil || len(m.read) != 0 {
		t.Errorf("%v; the facts of %v were read again", err, m.read)
	}
}

func TestRunCarriesIDsOver(t *testing.T) {
	m := shopAndStrangers()
	for k := int64(1); k <= 4; k++ {
		m.before.Members = append(m.before.Members, Membership{Message: k, Campaign: 5})
	}
	m.before.Members = append(m.before.Members, Membership{Message: 29, Campaign: 6}, Membership{Message: 30, Campaign: 6})
	m.before.FreeCampaign = 9
	got, err := Run(t.Context(), m, Options{})
	want := []Event{{Campaign: 5, Kind: grew, Messages: 2}, {Campaign: 6, Kind: dissolved, Messages: 2}}
	if err != nil || got.New != 0 || got.Dissolved != 1 || m.written.CampaignIDs[0].ID != 5 || !slices.Equal(m.written.Events, want) {
		t.Errorf("%+v, %v, events %v", got, err, m.written.Events)
	}
}

func TestRunFailsWithItsWrite(t *testing.T) {
	m := shopAndStrangers()
	m.fails = errors.New("disk full")
	if _, err := Run(t.Context(), m, Options{}); !errors.Is(err, m.fails) {
		t.Error(err)
	}
}

func TestDeriveGoesOn(t *testing.T) {
	var list []*evidence.Message
	for k := range int64(2*page + 5) {
		list = append(list, message(k, false))
	}
	m := newMemory(list...)
	m.rows[3] = campaign.Row{Key: 3}
	var told []int64
	n, err := Derive(t.Context(), m, func(done, all int64) { told = append(told, done, all) })
	if err != nil || n != 2*page+4 || !slices.Equal(m.pages, []int{page, page, 4}) || !slices.Equal(told, []int64{page, n, 2 * page, n, n, n}) {
		t.Errorf("%d, %v, pages %v, told %v", n, err, m.pages, told)
	}
	if m.rows[4].At != 1e9+4*9000 || len(m.rows[4].Features) == 0 {
		t.Errorf("%+v", m.rows[4])
	}
}

func TestSleepers(t *testing.T) {
	const day = 24 * 3600
	o := &Outcome{Result: &campaign.Result{}}
	for i := range int64(3) {
		o.CampaignIDs = append(o.CampaignIDs, Identity{ID: i + 1})
		o.Campaigns = append(o.Campaigns, campaign.Campaign{Members: []campaign.Member{{Key: i}}})
	}
	at := []Seen{{0, 100 * day, false}, {1, 70 * day, false}, {2, 99 * day, false}, {8, 999 * day, false}, {9, 400 * day, true}}
	// The clock of message 8 runs ahead, and 9 is wanted mail: neither puts anybody to sleep.
	got := o.sleepers(at, map[int64]bool{3: true}, 101*day)
	if want := []Event{{Campaign: 2, Kind: slept, Messages: 1}, {Campaign: 3, Kind: woke, Messages: 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAssign(t *testing.T) {
	m := shopAndStrangers()
	if a, err := Assign(t.Context(), m, 1, time.Now(), nil); err != nil || a.Run != 0 {
		t.Errorf("without a run: %+v, %v", a, err)
	}
	if _, err := Run(t.Context(), m, Options{}); err != nil {
		t.Fatal(err)
	}
	m.facts[40], m.facts[41] = message(40, true), message(41, false)
	a, err := Assign(t.Context(), m, 1, time.Now(), nil)
	if err != nil || a.Run != 7 || a.Joined[1] != 1 || len(a.Joined) != 1 || a.Skipped != "" {
		t.Errorf("%+v, %v", a, err)
	}
	m.running = true
	if a, err := Assign(t.Context(), m, 1, time.Now(), nil); err != nil || a.Skipped != SkippedRunning || len(a.Joined) != 0 {
		t.Errorf("while a run is under way: %+v, %v", a, err)
	}
	m.running = false
	for k := range int64(maxAssign + 1) {
		m.facts[1000+k] = m.facts[41]
	}
	if a, err := Assign(t.Context(), m, 1, time.Now(), nil); err != nil || a.Skipped != SkippedMany {
		t.Errorf("of too many: %+v, %v", a, err)
	}
}
