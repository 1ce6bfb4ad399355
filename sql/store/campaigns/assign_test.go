package campaigns_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"spoor/graph/correlation"
	"spoor/graph/sketch"
	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// group is a run of the correlator, by its own rules.
func group(t testing.TB, s *store.DB) correlation.Changes {
	t.Helper()
	out, err := correlation.Run(t.Context(), campaigns.New(s), correlation.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out.Changes
}

// shop makes spam of one shop: one text with another word each, one program, one account
// number, senders of one network.
func shop(from, to int) *ingest.Batch {
	b := storetest.Batch("/var/mail/shop", from, to)
	for i := range b.Messages {
		f, n := &b.Messages[i], from+i
		f.Subject, f.SubjectKey = "Watches for less "+strconv.Itoa(n), "watches for less"
		f.TextHash, f.TextLength = 77, 700
		f.SenderAddr = netip.AddrFrom4([4]byte{203, 0, 113, byte(n)})
		f.HELO = "mail" + strconv.Itoa(n%3) + ".shop.example"
		f.Mailer, f.MessageIDForm, f.MIMESkeleton, f.BoundaryForm = "Sender 1", "9{8}.a{4}", "multipart/alternative(text/plain,text/html)", "----=_9{4}"
		f.HeaderNames = "Received,X-Shop-Number,From,To,Subject,Date,MIME-Version"
		f.ReceivedAt = time.Date(2006, 1, 8, 12, n, 0, 0, time.UTC)
		f.Links = []links.Link{{Raw: "http://shop.example/buy?account=8723641x", URL: "http://shop.example/buy?account=8723641x", Host: "shop.example", Domain: "shop.example", Part: 1, Where: "text", Via: -1, Count: 1}}
	}
	return b
}

// strangers stores spam that has nothing in common except traits of all mail.
func strangers(from, to int) *ingest.Batch {
	b := storetest.Batch("/var/mail/trap", from, to)
	for i := range b.Messages {
		f, n := &b.Messages[i], strconv.Itoa(from+i)
		host := "site" + n + ".example"
		f.Subject, f.SubjectKey = "about"+n+" thing"+n, "about"+n+" thing"+n
		f.SenderAddr, f.HELO = netip.AddrFrom4([4]byte{10, byte(i), 7, byte(from + i)}), "box."+host
		f.From, f.ReturnPath = ingest.Address{Address: "someone@" + host}, "someone@"+host
		f.Mailer, f.MessageIDForm, f.BoundaryForm, f.MIMESkeleton = "mailer "+n, "form"+n, "bound"+n, "text/plain"
		f.HeaderNames, f.DateForm, f.Encodings = "Received,X-"+n+",From,To,Subject,Date", "date"+n, "enc"+n
		f.Hops, f.Contacts, f.Parts, f.Anomalies = nil, nil, nil, nil
		f.TextSketch = sketchOf(uint64(from + i))
		f.Links = []links.Link{{Raw: "http://" + host + "/", URL: "http://" + host + "/", Host: host, Domain: host, Part: -1, Where: "text", Via: -1, Count: 1}}
	}
	return b
}

// sketchOf is the sketch of a text like no other.
func sketchOf(n uint64) []byte {
	dice, out := rand.New(rand.NewPCG(n, 5)), make([]byte, sketch.Size)
	for i := range out {
		out[i] = byte(dice.Uint32())
	}
	return out
}

// importBatch stores a batch as one import and returns its number.
func importBatch(t testing.TB, s *store.DB, class ingest.Class, b *ingest.Batch) int64 {
	t.Helper()
	id, err := importOne(t.Context(), s, class, b)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func importOne(ctx context.Context, s *store.DB, class ingest.Class, b *ingest.Batch) (int64, error) {
	for i := range b.Messages {
		b.Messages[i].Class = class
	}
	imp, err := facts.New(s).Begin(ctx, facts.Import{Class: class, StartedAt: time.Now()})
	if err != nil {
		return 0, err
	}
	_, err = imp.Store(ctx, b)
	return imp.ID, err
}

// shopStore holds strangers and twelve messages of a shop, correlated; it returns the
// shop's campaign.
func shopStore(t testing.TB, s *store.DB) int64 {
	t.Helper()
	importBatch(t, s, ingest.Spam, strangers(0, 60))
	importBatch(t, s, ingest.Spam, shop(1000, 1012))
	group(t, s)
	id := storetest.Column(t, s, `SELECT campaign_id::text FROM memberships JOIN messages USING (message_key)
		WHERE subject_key = 'watches for less' AND campaign_id IS NOT NULL GROUP BY 1 HAVING count(*) = 12`)
	if len(id) != 1 {
		t.Fatalf("the shop is in %d campaigns", len(id))
	}
	n, _ := strconv.ParseInt(id[0], 10, 64)
	return n
}

func assign(t testing.TB, s *store.DB, id int64) correlation.Assignment {
	t.Helper()
	a, err := correlation.Assign(t.Context(), campaigns.New(s), id, time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssignedAtOnceAndRevised(t *testing.T) {
	s := storetest.New(t)
	home := shopStore(t, s)
	before := storetest.Column(t, s, "SELECT messages::text FROM campaigns_v WHERE campaign_id = 'c'||$1", strconv.FormatInt(home, 10))

	id := importBatch(t, s, ingest.Spam, shop(1012, 1020))
	a := assign(t, s, id)
	if a.Messages != 8 || a.Joined[home] != 8 || len(a.Joined) != 1 || a.Skipped != "" || a.Run == 0 {
		t.Fatalf("%+v", a)
	}
	if got := storetest.Column(t, s, "SELECT format('%s %s', members, last_run) FROM campaigns WHERE campaign_id = $1", home); got[0] != "20 1" {
		t.Errorf("campaign: members, run %v", got)
	}
	if now := storetest.Column(t, s, "SELECT messages::text FROM campaigns_v WHERE campaign_id = 'c'||$1", strconv.FormatInt(home, 10)); before[0] != "12" || now[0] != "20" {
		t.Errorf("campaigns_v shows %v, before %v", now, before)
	}
	if got := storetest.Column(t, s, "SELECT format('%s %s', count(*), min(confidence) > 0.9) FROM memberships WHERE assigned_at IS NOT NULL AND run_id = 1"); got[0] != "8 t" {
		t.Errorf("marked: %v", got)
	}
	// Again there is nothing to do.
	if a := assign(t, s, id); a.Messages != 0 || len(a.Joined) != 0 {
		t.Errorf("again: %+v", a)
	}
	// The run decides as if nothing had been assigned: it alone made the campaign grow.
	group(t, s)
	if got := storetest.Column(t, s, "SELECT format('%s %s', members, last_run) FROM campaigns WHERE campaign_id = $1", home); got[0] != "20 2" {
		t.Errorf("after the run: members, run %v", got)
	}
	if got := lineage(t, s); !strings.Contains(strings.Join(got, "\n"), "c"+strconv.FormatInt(home, 10)+" grew - 8") {
		t.Errorf("lineage %v", got)
	}
	if got := storetest.Column(t, s, "SELECT count(*)::text FROM memberships WHERE assigned_at IS NULL AND campaign_id = $1", home); got[0] != "20" {
		t.Errorf("after the run: members %v", got)
	}
	assertWhole(t, s, 0)
}

// A run that groups a message elsewhere replaces its assignment.
func TestRunTakesBack(t *testing.T) {
	s := storetest.New(t)
	home := shopStore(t, s)
	assign(t, s, importBatch(t, s, ingest.Spam, shop(1012, 1020)))
	var first []int64
	for _, k := range keysOf(t, s) {
		if len(storetest.Column(t, s, "SELECT 'x' FROM memberships WHERE message_key = $1 AND assigned_at IS NULL AND campaign_id = $2", k, home)) > 0 {
			first = append(first, k)
		}
	}
	replace(t, s, first)
	if got := membersOf(t, s); got[home] != 12 || len(got) != 1 {
		t.Errorf("members %v", got)
	}
	if got := lineage(t, s); len(got) != 0 && strings.Contains(strings.Join(got, "\n"), "grew") {
		t.Errorf("lineage %v", got)
	}
	assertWhole(t, s, 0)
}

func TestAssignLeavesAlone(t *testing.T) {
	t.Run("before any run", func(t *testing.T) {
		s := storetest.New(t)
		if a := assign(t, s, importBatch(t, s, ingest.Spam, shop(0, 3))); a.Run != 0 || len(a.Joined) != 0 {
			t.Errorf("%+v", a)
		}
		if n := storetest.Column(t, s, "SELECT count(*)::text FROM incidence"); n[0] != "0" {
			t.Errorf("evidence of %s messages was derived for nothing", n[0])
		}
	})
	t.Run("wanted mail and strangers", func(t *testing.T) {
		s := storetest.New(t)
		shopStore(t, s)
		if a := assign(t, s, importBatch(t, s, ingest.Ham, shop(1012, 1015))); a.Messages != 0 || len(a.Joined) != 0 {
			t.Errorf("wanted mail: %+v", a)
		}
		if a := assign(t, s, importBatch(t, s, ingest.Spam, strangers(60, 63))); len(a.Joined) != 0 {
			t.Errorf("strangers: %+v", a)
		}
	})
	t.Run("while a run is under way", func(t *testing.T) {
		s := storetest.New(t)
		shopStore(t, s)
		id := importBatch(t, s, ingest.Spam, shop(1012, 1015))
		during(t, s, func(correlation.Tx) {
			if a := assign(t, s, id); a.Skipped != correlation.SkippedRunning || len(a.Joined) != 0 {
				t.Errorf("during: %+v", a)
			}
		})
		if a := assign(t, s, id); a.Skipped != "" || len(a.Joined) != 1 {
			t.Errorf("after: %+v", a)
		}
	})
	t.Run("a campaign that is no more", func(t *testing.T) {
		s := storetest.New(t)
		shopStore(t, s)
		if _, err := s.Pool.Exec(t.Context(), "UPDATE campaigns SET members = 0"); err != nil {
			t.Fatal(err)
		}
		if a := assign(t, s, importBatch(t, s, ingest.Spam, shop(1012, 1015))); len(a.Joined) != 0 {
			t.Errorf("%+v", a)
		}
		if n := storetest.Column(t, s, "SELECT count(*)::text FROM memberships WHERE assigned_at IS NOT NULL"); n[0] != "0" {
			t.Errorf("%s memberships", n[0])
		}
	})
}

// assignChildURL makes this test binary an importer that assigns without end, to be killed.
const assignChildURL = "SPOOR_TEST_ASSIGN_CHILD"

// assignAsChild imports mail of the shop, a few messages at a time, and assigns it.
func assignAsChild(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Program: "child"})
	if err != nil {
		return err
	}
	defer s.Close()
	for n := 2000 + 100*os.Getpid(); ; n += 3 {
		id, err := importOne(ctx, s, ingest.Spam, shop(n, n+3))
		if err != nil {
			return err
		}
		if _, err := correlation.Assign(ctx, campaigns.New(s), id, time.Now(), nil); err != nil {
			return err
		}
	}
}

// TestKilledAssigners kills two importers at once at any moment while runs of the correlator
// go on; campaigns have as many members as they say, and runs work.
func TestKilledAssigners(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	shopStore(t, s)
	assigned := 0
	for round := range 3 {
		var children [2]*exec.Cmd
		var said [2]strings.Builder
		for i := range children {
			children[i] = exec.Command(os.Args[0])
			children[i].Env = append(os.Environ(), assignChildURL+"="+url)
			children[i].Stderr = &said[i]
			if err := children[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		if round%2 == 1 {
			group(t, s)
		}
		for range 100 { // until something is assigned, or never while a run is under way
			n, _ := strconv.Atoi(storetest.Column(t, s, "SELECT count(*)::text FROM memberships WHERE assigned_at IS NOT NULL")[0])
			if assigned = max(assigned, n); n > 0 {
				break
			}
			time.Sleep(30 * time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		for i, c := range children {
			c.Process.Kill()
			c.Wait()
			if said[i].Len() > 0 {
				t.Fatal(said[i].String())
			}
		}
		during(t, s, func(correlation.Tx) {}) // waits until the server has seen that they are gone
		if bad := storetest.Column(t, s, `SELECT format('c%s says %s, has %s', c.campaign_id, c.members, count(b)) FROM campaigns c
			LEFT JOIN memberships b USING (campaign_id) GROUP BY c.campaign_id HAVING c.members <> count(b)`); len(bad) > 0 {
			t.Errorf("round %d: %v", round, bad)
		}
	}
	if assigned == 0 {
		t.Error("nothing was ever assigned")
	}
	group(t, s)
	assertWhole(t, s, -1)
}
