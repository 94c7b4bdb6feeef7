package linkage

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// findingsAtOnce bounds the raw text that is held while findings are written.
const findingsAtOnce = 10_000

// shownCandidates is how many candidates a finding carries.
const shownCandidates = 3

// composer turns judged suspects into findings: it reads back the raw rows of
// both sides and explains the weights.
type composer struct {
	*decider
	weighers []*score.Weigher
	key      []byte
	names    []string
	sources  []*ingest.Source

	hypotheses hypotheses
	elsewhere  map[suspectID]bool // see sameElsewhere
	record     score.Person
	person     score.Person
	weight     score.Weight
}

// dataset sends the findings of one dataset to the sink in file order.
func (c *composer) dataset(ctx context.Context, d int, sink Sink) (DatasetCount, error) {
	v := c.datasets[d]
	count := DatasetCount{Dataset: c.names[d], Links: v.judged}
	count.ByCause[Verified][NoCause] = v.judged
	var ids []suspectID
	end := len(c.where)
	if d+1 < len(c.first) {
		end = c.first[d+1]
	}
	for id := c.first[d]; id < end; id++ {
		if c.judged[id].verdict != Verified {
			ids = append(ids, suspectID(id))
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	composed := c.composeAhead(ctx, d, ids)
	defer func() {
		cancel()
		for range composed { // until it has ended
		}
	}()
	for part := range composed {
		if part.err != nil {
			return count, part.err
		}
		for i := range part.findings {
			f := &part.findings[i]
			count.ByCause[Verified][NoCause]--
			count.ByCause[f.Verdict][f.Cause]++
			if f.Ambiguous {
				count.Ambiguous++
			}
			v.groups.judge(f.Verdict, c.register.place(c.row(part.ids[i]), c.info(part.ids[i]).holder), f.Organization, c.linkDate(f))
			if err := sink.Finding(f); err != nil {
				return count, err
			}
		}
	}
	return count, nil
}

// composedPart is a run of findings.
type composedPart struct {
	ids      []suspectID
	findings []Finding
	err      error
}

// composeAhead composes the next findings while the sink writes the ones
// before, and the system reads the rows that those behind them show.
func (c *composer) composeAhead(ctx context.Context, d int, ids []suspectID) <-chan composedPart {
	parts := make(chan composedPart)
	go func() {
		defer close(parts)
		chunks := slices.Collect(slices.Chunk(ids, findingsAtOnce))
		foresee := func(i int) {
			if i < len(chunks) {
				c.foresee(d, chunks[i])
			}
		}
		foresee(0)
		for i, chunk := range chunks {
			var ahead sync.WaitGroup
			ahead.Go(func() { foresee(i + 1) })
			findings, err := c.compose(ctx, d, chunk)
			ahead.Wait()
			select {
			case parts <- composedPart{chunk, findings, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return parts
}

// foresee tells the system which rows some findings show.
func (c *composer) foresee(d int, ids []suspectID) {
	lines := make([]int64, 0, len(ids))
	people := make([]int64, 0, 3*len(ids))
	for _, id := range ids {
		lines = append(lines, c.line(id))
		if h := c.info(id).holder; h != noRef {
			people = append(people, c.register.line(h))
		}
		for _, cand := range c.shown(id) {
			people = append(people, c.register.line(cand.person))
		}
	}
	slices.Sort(people)
	c.sources[d].Foresee(lines)
	c.register.source.Foresee(people)
}

// shown are the candidates that a finding shows: the likeliest, and the owner.
func (c *composer) shown(id suspectID) []candidate {
	j := &c.judged[id]
	if j.verdict == Unverifiable {
		return nil
	}
	all := c.candidatesOf(id)
	n := min(shownCandidates, len(all))
	if i := slices.IndexFunc(all[n:], func(x candidate) bool { return x.person == j.owner }); i >= 0 {
		return append(all[:n:n], all[n+i])
	}
	return all[:n]
}

func (c *composer) linkDate(f *Finding) normalize.Date {
	d, _ := normalize.ParseDate([]byte(f.Record.Fields[ingest.RoleDate]))
	return d
}

func (c *composer) compose(ctx context.Context, d int, ids []suspectID) ([]Finding, error) {
	findings := make([]Finding, len(ids))
	lines := make([]int64, len(ids))
	for i, id := range ids {
		lines[i] = c.line(id)
	}
	if err := fetchRaws(ctx, c.sources[d], lines, func(i int, raw Raw) { findings[i].Record = raw }); err != nil {
		return nil, err
	}
	people := map[int64]*Raw{}
	for i, id := range ids {
		c.explain(d, id, &findings[i], people)
	}
	if err := fetchPeople(ctx, c.register.source, people); err != nil {
		return nil, err
	}
	for i, id := range ids {
		f := &findings[i]
		if h := c.info(id).holder; h != noRef {
			f.Holder = *people[c.register.line(h)]
			f.Differences = score.Differences(textsOf(&f.Record), textsOf(&f.Holder))
		}
		for k := range f.Candidates {
			f.Candidates[k].Person = *people[f.Candidates[k].Line]
		}
		if f.Owner != nil {
			f.Owner.Person = *people[f.Owner.Line]
		}
	}
	return findings, nil
}

// fetchesAtOnce is how many reads of a file are under way: they wait for the
// disk, not for a processor.
const fetchesAtOnce = 16

// fetch reads the rows on some lines again and hands over each with its place
// in the list, where the file allows it many at once.
func fetch(ctx context.Context, source *ingest.Source, lines []int64, take func(i int, b *ingest.Batch, row int)) error {
	tasks := 1
	if source.Seekable() {
		tasks = fetchesAtOnce
	}
	errs := make([]error, tasks)
	parallel(tasks, tasks, func(_, t int) {
		i, end := len(lines)*t/tasks, len(lines)*(t+1)/tasks
		errs[t] = source.Fetch(ctx, lines[i:end], func(line int64, b *ingest.Batch, row int) error {
			for lines[i] < line {
				i++
			}
			take(i, b, row)
			return nil
		})
	})
	return errors.Join(errs...)
}

// fetchRaws reads the text of the rows on some lines again.
func fetchRaws(ctx context.Context, source *ingest.Source, lines []int64, take func(i int, raw Raw)) error {
	return fetch(ctx, source, lines, func(i int, b *ingest.Batch, row int) { take(i, rawRow(b, row, source)) })
}

// fetchPeople reads the rows of the register on some lines again.
func fetchPeople(ctx context.Context, src *ingest.Source, into map[int64]*Raw) error {
	lines := make([]int64, 0, len(into))
	for line := range into {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return fetchRaws(ctx, src, lines, func(i int, raw Raw) { *into[lines[i]] = raw })
}

// explain fills what does not need raw text of the register, and notes whose
// rows do.
func (c *composer) explain(d int, id suspectID, f *Finding, people map[int64]*Raw) {
	info, j := c.info(id), &c.judged[id]
	weigher := c.weighers[d]
	f.Dataset = c.names[d]
	f.SourceLine = c.line(id)
	f.RecordID = f.Record.Fields[ingest.RoleRecord]
	if f.RecordID == "" {
		f.RecordID = fmt.Sprint(f.SourceLine)
	}
	number := c.row(id).number
	f.Number = f.Record.Fields[ingest.RoleNumber]
	if number != malformed {
		f.Number = c.format(number)
	}
	f.CaseID = CaseID(c.key, f.Dataset, f.RecordID, f.Number)
	f.Verdict, f.PWrong = j.verdict, j.wrong
	if f.Verdict != Unverifiable {
		f.Cause = j.cause
	}
	if f.Verdict == Orphan {
		f.PWrong = 1
	}
	f.Organization = f.Record.Fields[ingest.RoleOrganization]
	if f.Organization == "" { // a bank's rows are counted by their bank code
		f.Organization = f.Record.Fields[ingest.RoleBankCode]
	}
	f.Channel = f.Record.Fields[ingest.RoleChannel]
	f.Date = isoDate(f.Record.Fields[ingest.RoleDate])
	if place := c.register.place(c.row(id), info.holder); place != 0 {
		f.Municipality = fmt.Sprintf("%05d", place)
		f.Prefecture = f.Municipality[:2]
	}
	c.view(id, &c.record)
	if info.holder != noRef {
		people[c.register.line(info.holder)] = &Raw{}
		c.register.view(info.holder, &c.person)
		weigher.Weigh(&c.record, &c.person, &c.weight)
		w := &c.weight
		f.Weight = float64(w.Total)
		f.Evidence = weigher.Evidence(w)
		if e := c.hypotheses.asHolder(id); e.Weight > 0 {
			f.Evidence = append(f.Evidence, e)
			f.Weight += e.Weight
		}
		cross := c.cross(id)
		f.Weight -= cross.against()
		f.Evidence = append(f.Evidence, cross.evidence(c.datasets[d].integrity.kind)...)
		f.Evidence = append(f.Evidence, c.notes(id)...)
		f.NameLevel, f.KanaLevel = nameLevels(&w.Name)
		f.BirthLevel, f.SexLevel, f.AddressLevel = w.Birth, w.Sex, w.Address
		f.RuleClass = c.rules.classOf(f)
	}
	if f.Verdict == Unverifiable {
		return
	}
	f.Priors = c.priorsOf(id, j)
	var alike []ref
	if f.Ambiguous = j.ambiguous; f.Ambiguous {
		alike, _ = c.hypotheses.alsoFit(id)
	}
	for i, cand := range c.shown(id) {
		c.register.view(cand.person, &c.person)
		weigher.Weigh(&c.record, &c.person, &c.weight)
		posterior, cause := c.hypotheses.posteriorOf(id, cand.person)
		out := Candidate{
			Number: c.format(c.register.at(cand.person).number), Cause: cause,
			Posterior: posterior, Weight: float64(cand.weight),
			Evidence: weigher.Evidence(&c.weight), Line: c.register.line(cand.person),
			Alike: slices.Contains(alike, cand.person),
		}
		if c.sharesKey(id, cand.person) {
			out.Evidence = append(out.Evidence, c.keyEvidence(id))
		}
		if cand.person == j.owner {
			out.Cause = j.cause
			f.Owner = &out
		}
		for _, e := range c.hypotheses.asOwner(id, cand.person, out.Cause) {
			out.Evidence = append(out.Evidence, e)
			out.Weight += e.Weight
		}
		people[out.Line] = &Raw{}
		if i < shownCandidates {
			f.Candidates = append(f.Candidates, out)
		}
	}
	slices.SortStableFunc(f.Candidates, func(a, b Candidate) int { return cmp.Compare(b.Posterior, a.Posterior) })
}

// priorsOf lists the hypotheses by cause, the holder first.
func (c *composer) priorsOf(id suspectID, j *judgement) []CausePrior {
	priors := &c.priors[c.where[id].dataset]
	rest := 1.0
	for cause := Family; cause < Causes; cause++ {
		rest -= priors[cause]
	}
	out := []CausePrior{}
	if c.info(id).holder != noRef {
		out = append(out, CausePrior{NoCause, rest, j.mass[NoCause]})
	}
	for cause := Family; cause < Causes; cause++ {
		if priors[cause] > 0 && j.mass[cause] > 0 {
			out = append(out, CausePrior{cause, priors[cause], j.mass[cause]})
		}
	}
	return out
}

func (c *composer) format(number uint64) string {
	return string(c.scheme.Append(nil, normalize.Number(number)))
}

func nameLevels(n *score.NameComparison) (kanji, kana score.Level) {
	return max(n.FamilyKanji, n.GivenKanji), max(n.FamilyKana, n.GivenKana)
}

func isoDate(raw string) string {
	d, _ := normalize.ParseDate([]byte(raw))
	if d.Day() == 0 || d.Month() == 0 || d.Year() == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year(), d.Month(), d.Day())
}

// nextBest names the verified links that are the likeliest to be wrong, in that
// order.
func (c *composer) nextBest(ctx context.Context) ([]NextBest, error) {
	list := make([]NextBest, len(c.next))
	for d, src := range c.sources {
		var of []int // positions in the list
		for i, id := range c.next {
			if int(c.where[id].dataset) == d {
				of = append(of, i)
			}
		}
		slices.SortFunc(of, func(a, b int) int { return int(c.line(c.next[a]) - c.line(c.next[b])) })
		lines := make([]int64, len(of))
		for k, i := range of {
			lines[k] = c.line(c.next[i])
		}
		err := fetch(ctx, src, lines, func(k int, b *ingest.Batch, row int) {
			id, n := c.next[of[k]], &list[of[k]]
			*n = NextBest{Dataset: c.names[d], SourceLine: lines[k], RecordID: string(b.Field(row, ingest.RoleRecord)),
				Number: c.format(c.row(id).number), Cause: c.judged[id].cause, PWrong: c.judged[id].wrong}
			if n.RecordID == "" {
				n.RecordID = fmt.Sprint(n.SourceLine)
			}
			n.CaseID = CaseID(c.key, n.Dataset, n.RecordID, n.Number)
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CaseID is the same for the same dataset, record and number on every night,
// and tells nothing without the key.
func CaseID(key []byte, dataset, record, number string) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "case\x00%s\x00%s\x00%s", dataset, record, number)
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// rawRow copies the text of one row.
func rawRow(b *ingest.Batch, row int, src *ingest.Source) Raw {
	r := Raw{Columns: make([]string, len(src.Headings))}
	for i := range src.Headings {
		r.Columns[i] = string(b.Column(row, i))
	}
	for role := ingest.RoleOther + 1; role < ingest.Roles; role++ {
		if b.Has(role) {
			r.Fields[role] = string(b.Field(row, role))
		}
	}
	return r
}

// textsOf gathers the compared texts of a row as they were written.
func textsOf(r *Raw) score.Texts {
	join := func(whole, family, given ingest.Role) string {
		if r.Fields[whole] != "" || r.Fields[family] == "" {
			return r.Fields[whole]
		}
		return r.Fields[family] + "," + r.Fields[given]
	}
	return score.Texts{
		Name:       join(ingest.RoleName, ingest.RoleFamilyName, ingest.RoleGivenName),
		Kana:       join(ingest.RoleKana, ingest.RoleFamilyKana, ingest.RoleGivenKana),
		FormerName: r.Fields[ingest.RoleFormerName],
		Alias:      r.Fields[ingest.RoleAlias],
		BirthDate:  r.Fields[ingest.RoleBirthDate],
		Sex:        r.Fields[ingest.RoleSex],
		PostalCode: r.Fields[ingest.RolePostalCode],
		Address:    r.Fields[ingest.RoleAddress],
	}
}
