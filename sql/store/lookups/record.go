package lookups

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store"
)

// The statements of storing observations.
var (
	lockSubjectsSQL       = sql.Query("enrich_lock")
	lastAnswersSQL        = sql.Query("enrich_last")
	insertAnswersSQL      = sql.Query("enrich_answers")
	insertObservationsSQL = sql.Query("enrich_observations")
	extendSQL             = sql.Query("enrich_extend")
	endValuesSQL          = sql.Query("enrich_values_end")
	putValuesSQL          = sql.Query("enrich_values")
	mergeDomainsSQL       = sql.Query("enrich_domains")
	nameServersByDNSSQL   = sql.Query("enrich_domains_ns")
)

// Observe stores observations that were made outside of the queue.
func (s *Store) Observe(ctx context.Context, observations []enrich.Observation) error {
	list := prepareAll(observations)
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error { return record(ctx, tx, list) })
	return store.Failed("store observations", s.settled(ctx, err))
}

// settled brings domain_hosting up to date after a transaction that went well. It
// has one of its own, since it waits for others that do the same.
func (s *Store) settled(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return s.db.SettleHosting(ctx)
}

// prepareAll sorts observations in the order of locks, those of one source by
// time.
//
// The sort is stable, so that equal times keep the order in which they were
// made.
func prepareAll(observations []enrich.Observation) []prepared {
	now := time.Now()
	list := make([]prepared, len(observations))
	for i := range observations {
		list[i] = prepare(&observations[i], now)
	}
	slices.SortStableFunc(list, func(a, b prepared) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.source, b.source), a.askedAt.Compare(b.askedAt))
	})
	return list
}

// row is a row of observations: a new one, or an existing one with a longer
// life.
type row struct {
	*prepared     // all of a new row, only the key of an existing one
	asked         time.Time
	confirmed     time.Time
	fresh         time.Time
	confirmations int
	hash          []byte
	stored        bool // it exists
	touched       bool // an equal answer extended it
}

// series holds the latest rows of one server about one subject.
type series struct{ conclusive, attempt *row }

// recording is the state of one transaction on observations.
type recording struct {
	tx      pgx.Tx
	list    []prepared // by subject, kind, source, time
	last    map[seriesKey]*series
	current map[subjectSource]current
	rows    []*row
	changed []*prepared // conclusive ones that differ from the one before
}

// current is the newest conclusive answer of a source.
type current struct {
	hash []byte
	at   time.Time
}

// record stores sorted observations: new answers as new rows, equal ones by
// extending the existing row. It also updates the derived tables.
//
// It first locks all subjects in one order. So nobody else can write an answer
// between reading the last one and adding the next.
func record(ctx context.Context, tx pgx.Tx, list []prepared) error {
	if len(list) == 0 {
		return nil
	}
	r := &recording{tx: tx, list: list}
	blocks := blocksOf(list)
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return r.lock(ctx, blocks) },
		r.readLast,
		r.plan,
		// Citus demands that reference tables are written before distributed
		// ones.
		func(ctx context.Context) error { return writeBlocks(ctx, tx, blocks) },
		func(ctx context.Context) error { return writeNameServers(ctx, tx, list) },
		r.writeAnswers,
		r.writeRows,
		r.writeValues,
		r.mergeDomains,
		r.listChanges,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lock keeps others from recording the same subjects or netblocks at the same
// time.
func (r *recording) lock(ctx context.Context, blocks []block) error {
	var names []string
	for i := range r.list {
		names = append(names, r.list[i].subject)
	}
	for i := range blocks {
		for _, p := range blocks[i].prefixes {
			names = append(names, p.String())
		}
	}
	slices.Sort(names)
	if _, err := r.tx.Exec(ctx, lockSubjectsSQL, slices.Compact(names)); err != nil {
		return err
	}
	// Every statement reads some hundred rows by key. Without statistics the
	// planner would scan the whole table, again and again while it grows.
	_, err := r.tx.Exec(ctx, "SET LOCAL enable_seqscan = off")
	return err
}

// readLast reads the state of each series: its last conclusive answer, its last
// attempt, and the present answer of the source.
func (r *recording) readLast(ctx context.Context) error {
	r.last, r.current = map[seriesKey]*series{}, map[subjectSource]current{}
	var subjects, kinds, sources, servers []string
	for i := range r.list {
		k := r.list[i].key()
		if r.last[k] != nil {
			continue
		}
		r.last[k] = &series{}
		subjects, kinds = append(subjects, k.subject), append(kinds, k.kind)
		sources, servers = append(sources, k.source), append(servers, k.server)
	}
	rows, _ := r.tx.Query(ctx, lastAnswersSQL, subjects, kinds, sources, servers)
	var k seriesKey
	var of row
	var which string
	_, err := pgx.ForEachRow(rows, []any{&which, &k.subject, &k.kind, &k.source, &k.server, &of.asked, &of.confirmed, &of.hash}, func() error {
		one := of
		// The scanned bytes are valid until the next row only.
		one.hash, one.stored = bytes.Clone(of.hash), true
		one.prepared = &prepared{subject: k.subject, kind: k.kind, source: k.source, server: k.server}
		switch which {
		case "conclusive":
			r.last[k].conclusive = &one
		case "attempt":
			r.last[k].attempt = &one
		case "current":
			r.current[subjectSource{k.subject, k.kind, k.source}] = current{one.hash, one.confirmed}
		}
		return nil
	})
	return err
}

// plan decides which observations become rows.
//
// Answers and attempts are two series: a failure between two equal answers must
// not make the second look like a change.
func (r *recording) plan(context.Context) error {
	for i := range r.list {
		p := &r.list[i]
		s := r.last[p.key()]
		if p.conclusive() {
			s.conclusive = r.follow(s.conclusive, p)
			r.noteChange(p)
			continue
		}
		before := s.attempt
		if before != nil && s.conclusive != nil && s.conclusive.confirmed.After(before.confirmed) {
			before = nil // an answer came in between
		}
		s.attempt = r.follow(before, p)
	}
	return nil
}

// follow extends the last row by an equal answer, or begins a new row. It
// returns the row that is now the last.
//
// An answer that arrives late, after a newer one, gets a row of its own and
// does not become the last.
func (r *recording) follow(last *row, p *prepared) *row {
	if last != nil && bytes.Equal(last.hash, p.content) {
		if p.askedAt.After(last.confirmed) {
			last.confirmed, last.fresh = p.askedAt, p.freshUntil
			last.confirmations++
			if last.stored && !last.touched {
				r.rows = append(r.rows, last)
			}
			last.touched = true
		}
		return last
	}
	next := &row{prepared: p, asked: p.askedAt, confirmed: p.askedAt, fresh: p.freshUntil, hash: p.content}
	r.rows = append(r.rows, next)
	if last != nil && last.asked.After(p.askedAt) {
		return last // it arrived late
	}
	return next
}

// noteChange remembers p if its values replace earlier ones.
//
// Values are those of the source's newest answer, whichever of its servers gave
// it.
func (r *recording) noteChange(p *prepared) {
	k := subjectSource{p.subject, p.kind, p.source}
	c, there := r.current[k]
	if there && c.at.After(p.askedAt) {
		return
	}
	if !there || !bytes.Equal(c.hash, p.content) {
		r.changed = append(r.changed, p)
	}
	r.current[k] = current{p.content, p.askedAt}
}

// compressor returns the encoder of this process. EncodeAll is safe for
// concurrent use.
var compressor = sync.OnceValues(func() (*zstd.Encoder, error) {
	// Answers have some kilobytes; a window of 1 MiB covers all of them and
	// saves the memory of the default.
	return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
})

// writeAnswers stores original answers, each once by its hash: thousands of
// addresses in one block get the same answer.
func (r *recording) writeAnswers(ctx context.Context) error {
	z, err := compressor()
	if err != nil {
		return err
	}
	fresh := map[string]*prepared{}
	for _, w := range r.rows {
		if !w.stored && w.answer != nil {
			fresh[string(w.answer)] = w.prepared
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var hashes, data [][]byte
	var sizes []int32
	for _, p := range fresh {
		hashes, sizes = append(hashes, p.answer), append(sizes, int32(len(p.raw)))
		data = append(data, z.EncodeAll(p.raw, nil))
	}
	_, err = r.tx.Exec(ctx, insertAnswersSQL, hashes, sizes, data)
	return err
}

// writeRows adds new rows and extends existing ones.
func (r *recording) writeRows(ctx context.Context) error {
	var in, longer rowColumns
	for _, w := range r.rows {
		if w.stored {
			longer.add(w)
		} else {
			in.add(w)
		}
	}
	if len(in.subjects) > 0 {
		c := &in
		if _, err := r.tx.Exec(ctx, insertObservationsSQL, c.subjects, c.kinds, c.sources, c.servers, c.asked, c.confirmed, c.fresh,
			c.confirmations, c.took, c.outcomes, c.details, c.hashes, c.answers, c.parsed); err != nil {
			return err
		}
	}
	if len(longer.subjects) > 0 {
		c := &longer
		if _, err := r.tx.Exec(ctx, extendSQL, c.subjects, c.kinds, c.sources, c.servers, c.asked, c.confirmed, c.fresh, c.confirmations); err != nil {
			return err
		}
	}
	return nil
}

// rowColumns holds rows by column, as unnest takes them.
type rowColumns struct {
	subjects, kinds, sources, servers []string
	asked, confirmed, fresh           []time.Time
	confirmations                     []int32
	took                              []time.Duration
	outcomes                          []string
	details                           []*string
	hashes, answers                   [][]byte
	parsed                            []*string
}

// add appends a row to each column.
func (c *rowColumns) add(w *row) {
	c.subjects, c.kinds = append(c.subjects, w.subject), append(c.kinds, w.kind)
	c.sources, c.servers = append(c.sources, w.source), append(c.servers, w.server)
	c.asked, c.confirmed, c.fresh = append(c.asked, w.asked), append(c.confirmed, w.confirmed), append(c.fresh, w.fresh)
	c.confirmations = append(c.confirmations, int32(w.confirmations))
	c.took, c.outcomes = append(c.took, w.took), append(c.outcomes, w.outcome)
	c.details, c.parsed = append(c.details, textOrNull(w.detail)), append(c.parsed, textOrNull(string(w.parsed)))
	c.hashes, c.answers = append(c.hashes, w.content), append(c.answers, w.answer)
}

// writeValues ends values that are missing from an answer and adds new ones.
//
// An answer that says "does not exist" ends all values of its source.
func (r *recording) writeValues(ctx context.Context) error {
	newest := map[subjectSource]*prepared{}
	for _, p := range r.changed {
		// The key has no kind: values are searched by name, and domains and
		// hosts share theirs.
		newest[subjectSource{p.subject, "", p.source}] = p // the list is sorted by time
	}
	var subjects, sources []string
	var at []time.Time
	var inSubjects, inSources, fields, list []string
	var since []time.Time
	for k, p := range newest {
		subjects, sources, at = append(subjects, k.subject), append(sources, k.source), append(at, p.askedAt)
		if p.outcome != string(enrich.Answered) {
			continue
		}
		for _, v := range valuesOf(p.of) {
			inSubjects, inSources, since = append(inSubjects, k.subject), append(inSources, k.source), append(since, p.askedAt)
			fields, list = append(fields, v.field), append(list, v.value)
		}
	}
	if len(subjects) == 0 {
		return nil
	}
	if _, err := r.tx.Exec(ctx, endValuesSQL, subjects, sources, at, inSubjects, inSources, fields, list); err != nil {
		return err
	}
	_, err := r.tx.Exec(ctx, putValuesSQL, inSubjects, inSources, since, fields, list)
	return err
}

// mergeDomains updates the registrations about which there are new answers.
func (r *recording) mergeDomains(ctx context.Context) error {
	var names []string
	for i := range r.list {
		p := &r.list[i]
		if p.conclusive() && p.kind == string(enrich.Domain) && slices.Contains(registrationSources, enrich.Source(p.source)) {
			names = append(names, p.subject)
		}
	}
	if len(names) > 0 {
		if _, err := r.tx.Exec(ctx, mergeDomainsSQL, slices.Compact(names)); err != nil {
			return err
		}
	}
	return r.nameServersByDNS(ctx)
}

// nameServersByDNS sets the name servers of domains whose registry gives none.
func (r *recording) nameServersByDNS(ctx context.Context) error {
	var names []string
	for _, p := range r.changed {
		if p.kind == string(enrich.Domain) && p.source == string(enrich.DNS) {
			names = append(names, p.subject)
		}
	}
	if len(names) == 0 {
		return nil
	}
	_, err := r.tx.Exec(ctx, nameServersByDNSSQL, names)
	return err
}

// listChanges lists the names whose domains may point elsewhere now, for
// store.SettleHosting. Equal answers are listed too: by its new age one may win
// over that of another source.
func (r *recording) listChanges(ctx context.Context) error {
	var names []string
	for i := range r.list {
		if p := &r.list[i]; p.conclusive() && (p.kind == string(enrich.Domain) || p.kind == string(enrich.Host)) {
			names = append(names, p.subject)
		}
	}
	if len(names) == 0 {
		return nil
	}
	_, err := r.tx.Exec(ctx, "INSERT INTO domain_changes (kind, name) SELECT 'name', n FROM unnest($1::text[]) AS n", slices.Compact(names))
	return err
}

// registrationSources are the sources that are merged into domains.
var registrationSources = []enrich.Source{enrich.RDAP, enrich.WHOIS, enrich.RegistrarWHOIS}
