package linkage

import (
	"cmp"
	"math"
	"slices"

	"github.com/himozuke/himozuke/score"
)

// judgement is what the hypotheses make of one suspect.
type judgement struct {
	wrong   float64 // 1 - P(holder)
	mass    [Causes]float64
	owner   ref // best candidate
	cause   Cause
	verdict Verdict

	doubles   [2]float64 // of the namesakes' mass: to doubles of the holder, by whether the row is tied
	tied      bool       // another resident fits the row as well as the holder
	ambiguous bool       // and nothing around the row tells them apart
}

// decider weighs the competing hypotheses of every suspect: the holder, each
// candidate by each cause that leads to it, somebody outside the register.
type decider struct {
	*caseload
	candidates []candidate
	span       []span // candidates of each suspect
	claimants  *claimants
	priors     []Priors          // by dataset
	logs       []Priors          // their logarithms
	taught     taughtPriors      // of the model, if it learned from decisions
	confirmed  []score.Confirmed // by dataset, links of which people decided; nil without
	people     float64           // logarithm of the number of people
	mixups     []mixups          // by dataset
	judged     []judgement
	rules      Rules            // of the run
	clearing   []*score.Weigher // by dataset, of the first look
	frozen     []bool           // by dataset: its model was given, or could not be learned

	mislinkedFrom float64 // p_wrong, as cut
	reviewFrom    float64
	budgets       []ReviewBudget
	next          []suspectID // verified, the likeliest to be wrong first
}

type span struct{ from, to int }

func newDecider(c *caseload, candidates []candidate, clearing []*score.Weigher, frozen []bool) *decider {
	d := &decider{
		clearing: clearing, frozen: frozen,
		caseload: c, candidates: candidates,
		span:   make([]span, len(c.where)),
		judged: make([]judgement, len(c.where)),
	}
	for i := 0; i < len(candidates); {
		j := i
		for ; j < len(candidates) && candidates[j].suspect == candidates[i].suspect; j++ {
		}
		d.span[candidates[i].suspect] = span{i, j}
		i = j
	}
	var claims []uint64
	for id := range c.shadowsFrom {
		if h := c.info(suspectID(id)).holder; h != noRef {
			claims = append(claims, uint64(h)<<32|uint64(id))
		}
	}
	d.claimants = newClaimants(claims)
	for range c.datasets {
		d.priors = append(d.priors, defaultPriors)
		d.mixups = append(d.mixups, newMixups(c.register.doubles))
	}
	d.logs = make([]Priors, len(d.priors))
	return d
}

// decide runs the hypotheses, adapting to what they explain the priors of each
// dataset and the m of its model (expectation–maximization), and then cuts the
// verdicts.
func (d *decider) decide(cfg *Config, jobs int) {
	d.rules = cfg.Rules
	d.takeLogs()
	d.learn(jobs, cfg.ReviewFloor)
	d.weighAnew(d.shadows(), jobs)
	d.markAmbiguous(jobs)
	d.cut(cfg)
}

// negligible is the probability of being wrong below which a suspect's mass is
// left out when priors are adapted: the highest prior could not raise it to
// anything.
const negligible = 1e-7

// masses is how many links of each dataset are expected to be wrong by each
// cause, of some suspects.
func (d *decider) masses(ids []suspectID) []masses {
	sums := make([]masses, len(d.datasets))
	for _, id := range ids {
		if d.info(id).holder != noRef {
			sums[d.where[id].dataset].add(masses{d.judged[id].mass, d.judged[id].doubles})
		}
	}
	return sums
}

// masses is how many links are expected to be wrong.
type masses struct {
	causes  Priors
	doubles [2]float64 // as in a judgement
}

func (m *masses) add(o masses) {
	for c := range m.causes {
		m.causes[c] += o.causes[c]
	}
	for i := range m.doubles {
		m.doubles[i] += o.doubles[i]
	}
}

// adaptPriors sets the priors to the masses of all suspects.
func (d *decider) adaptPriors(of []masses) {
	for i := range d.priors {
		n := float64(max(d.datasets[i].judged, 1))
		sums := &of[i].causes
		if i < d.real {
			d.mixups[i].adapt(&of[i], d.register.doubles, n)
			// A namesake from outside shows only where an address could tell: the
			// cleared links hold as many of them as the prior says.
			sums[UnknownOwner] /= 1 - absentNamesake*d.datasets[i].patterns.NameOnly()
		}
		for c := Family; c < Causes; c++ {
			var before TaughtPrior // none: nothing but this run says how often it happens
			if i < len(d.taught) {
				before = d.taught[i][c]
			}
			d.priors[i][c] = min(max((sums[c]+before.Prior*before.Links)/(n+before.Links), priorFloor), priorRoof)
		}
	}
	d.takeLogs()
}

func (d *decider) takeLogs() {
	d.people = math.Log2(float64(max(d.register.people, 1)))
	for i := range d.priors {
		for c := Family; c < Causes; c++ {
			d.logs[i][c] = math.Log2(d.priors[i][c])
		}
	}
}

// cut gives the verdicts: the mislinked list grows from the most certain link
// down while the expected share of false alarms in it stays within MaxFDR, and
// the likeliest of the rest go to review, and those that nothing can decide, as
// many as the budget has room for.
func (d *decider) cut(cfg *Config) {
	var order []suspectID
	all := 0
	for id := range d.shadowsFrom {
		j := &d.judged[id]
		switch flags := d.info(suspectID(id)).flags; {
		case flags&isOrphan != 0:
			j.verdict = Orphan
		case flags&isUnverifiable != 0:
			j.verdict = Unverifiable
		default:
			all++
			j.verdict = Verified
			if j.ambiguous || j.wrong >= min(mislinkedFloor, cfg.ReviewFloor, negligibleDoubt) {
				order = append(order, suspectID(id))
			}
		}
	}
	slices.SortFunc(order, func(a, b suspectID) int {
		return cmp.Or(cmp.Compare(d.judged[b].wrong, d.judged[a].wrong), cmp.Compare(a, b))
	})
	d.mislinkedFrom, d.reviewFrom = max(mislinkedFloor, 1-cfg.MaxFDR), cfg.ReviewFloor
	room := cfg.ReviewBudget
	if room == 0 {
		room = all
	}
	expected := 0.0
	var doubtful []float64
	for n, id := range order {
		j := &d.judged[id]
		expected += 1 - j.wrong
		// Where two people have the number, the register must say first whose it is;
		// where the row fits two alike, people must.
		if j.wrong >= mislinkedFloor && expected <= cfg.MaxFDR*float64(n+1) && !j.tied && !d.sharedNumberOwner(id, j.owner) {
			j.verdict = Mislinked
			d.mislinkedFrom = min(d.mislinkedFrom, j.wrong)
			continue
		}
		if j.wrong >= negligibleDoubt {
			doubtful = append(doubtful, j.wrong)
		}
		if (j.wrong >= cfg.ReviewFloor || j.ambiguous && cfg.ReviewAmbiguous) && room > 0 {
			j.verdict = Review
			if room--; room == 0 && cfg.ReviewBudget > 0 {
				d.reviewFrom = max(j.wrong, cfg.ReviewFloor)
			}
		}
		if j.verdict == Verified && j.wrong >= negligibleDoubt {
			d.next = append(d.next, id)
		}
	}
	d.next = d.next[:min(len(d.next), max(nextFewest, all/nextShare))]
	d.budgets = reviewBudgets(doubtful)
}

// negligibleDoubt is the probability of being wrong below which nobody would
// look at a link.
const negligibleDoubt = 1e-4

// nextFewest and nextShare bound how many verified links are named as the next
// likeliest: so many, or one of so many suspects.
const (
	nextFewest = 1000
	nextShare  = 100
)

// reviewBudgets foretells what looking at the likeliest links would find, for
// budgets of 1, 3, 10, 30 … links and for all.
func reviewBudgets(doubtful []float64) []ReviewBudget {
	var list []ReviewBudget
	wrong, next := 0.0, 1
	for n, p := range doubtful {
		wrong += p
		if n+1 == next || n+1 == len(doubtful) {
			list = append(list, ReviewBudget{Links: int64(n + 1), Wrong: wrong, Last: p})
		}
		if n+1 == next {
			if next *= 3; next%9 == 0 {
				next = next / 9 * 10
			}
		}
	}
	return list
}

// hypotheses is one worker of the decider.
type hypotheses struct {
	*decider
	weighers []*score.Weigher

	record, holder, person score.Person
	holderRead             bool // the holder has no kana and is read like the record
	weight                 score.Weight
	terms                  []term      // of the suspect in hand, without priors
	weighed                []term      // the same with them
	kept                   []term      // room for terms that are kept
	odds                   []float64   // of each term in hand
	touched                uint64      // keeps the touching from being left out
	beside                 []candidate // stand in for the suspect's own, if any
}

// candidatesOf is the candidates of a suspect.
func (d *decider) candidatesOf(id suspectID) []candidate {
	return d.candidates[d.span[id].from:d.span[id].to]
}

// candidatesOf is the candidates of the suspect in hand.
func (h *hypotheses) candidatesOf(id suspectID) []candidate {
	if len(h.beside) > 0 {
		return h.beside
	}
	return h.decider.candidatesOf(id)
}

// term is one hypothesis: a cause, the person it leads to, and the logarithm
// of its prior times its likelihood.
type term struct {
	log    float64
	person ref
	cause  Cause
	prior  bool // the prior of the cause is still to be added
	double bool // a resident of the holder's name and birth date
	tied   bool // from whom the row does not tell the holder
}

// list enumerates the hypotheses of a suspect, the holder first.
func (h *hypotheses) list(id suspectID) []term {
	h.enumerate(id)
	return h.withPriors(id, h.terms)
}

// withPriors adds the priors of the suspect's dataset to its terms.
func (h *hypotheses) withPriors(id suspectID, terms []term) []term {
	logs := &h.logs[h.where[id].dataset]
	h.weighed = append(h.weighed[:0], terms...)
	for i := range h.weighed {
		if t := &h.weighed[i]; t.prior {
			if t.log += logs[t.cause]; t.cause == Namesake {
				t.log += h.mixups[h.where[id].dataset].share(t.double)
			}
		}
	}
	return h.weighed
}

// termsAtOnce is how many terms are given room at a time.
const termsAtOnce = 1 << 14

// keepTerms copies the terms of the suspect in hand, so that it can be judged
// again under other priors.
func (h *hypotheses) keepTerms() []term {
	if len(h.kept)+len(h.terms) > cap(h.kept) {
		h.kept = make([]term, 0, max(termsAtOnce, len(h.terms)))
	}
	from := len(h.kept)
	h.kept = append(h.kept, h.terms...)
	return h.kept[from:len(h.kept):len(h.kept)]
}

func (h *hypotheses) enumerate(id suspectID) {
	h.terms = h.terms[:0]
	c := claimCase{id: id, info: h.info(id), number: h.row(id).number, cross: h.cross(id)}
	h.view(id, &h.record)
	if c.info.flags&sameAsPrevious != 0 {
		c.repeated = -math.Log2(repeatedClaim)
	}
	if c.info.holder != noRef {
		h.addHolder(&c)
		c.shifted = h.describedBeside(id, c.info.holder)
		h.holderRead = score.Reads(&h.holder, &h.record)
	}
	h.addNobody(&c)
	candidates := h.candidatesOf(id)
	for _, candidate := range candidates {
		h.touched ^= h.register.touch(candidate.person)
	}
	for _, candidate := range candidates {
		h.touched ^= h.register.touchNames(candidate.person)
	}
	for _, candidate := range candidates {
		own := h.ownRecordEvidence(id, candidate.person).Weight
		h.addStranger(&c, candidate, own)
		if c.info.holder != noRef {
			h.addAcquaintance(&c, candidate, own)
		}
	}
}

// claimCase is what the hypotheses of one suspect share.
type claimCase struct {
	id       suspectID
	info     *suspect
	number   uint64
	cross    crossEvidence
	repeated float64 // bits that the row before claims the same number, 0 when it does not
	shifted  bool    // a row beside describes the holder
}

// add adds a hypothesis whose prior is that of its cause.
func (h *hypotheses) add(c Cause, r ref, log float64) {
	h.terms = append(h.terms, term{log: log, person: r, cause: c, prior: true})
}

// addGiven adds a hypothesis whose prior is in its logarithm.
func (h *hypotheses) addGiven(c Cause, r ref, log float64) {
	h.terms = append(h.terms, term{log: log, person: r, cause: c})
}

// addHolder adds the holder, and members of its family and its namesakes that
// are not in the register.
func (h *hypotheses) addHolder(c *claimCase) {
	h.register.view(c.info.holder, &h.holder)
	h.weighers[h.where[c.id].dataset].Weigh(&h.record, &h.holder, &h.weight)
	w := &h.weight
	h.addGiven(NoCause, c.info.holder, max(float64(w.Total), h.readLike(c.id), h.nameOfHousehold(c.id))-c.cross.against())
	stranger := c.cross.forStranger()
	h.add(UnknownOwner, noRef, stranger+math.Log2(absentFamily)+float64(max(w.SharedWeight(), 0)))
	h.add(UnknownOwner, noRef, stranger+math.Log2(absentNamesake)+float64(max(w.NameWeight()+max(w.BirthWeight(), 0), 0)))
}

// addNobody adds owners that no candidate stands for.
func (h *hypotheses) addNobody(c *claimCase) {
	h.add(UnknownOwner, noRef, c.cross.forStranger()+math.Log2(1-absentFamily-absentNamesake))
	if c.repeated > 0 {
		h.add(CarryOver, noRef, c.repeated-4)
	}
	if c.info.flags&readByMany == 0 && !h.common(&h.record) {
		return
	}
	// So many share the name that nobody was searched by it: the owner is one
	// of them, and the row cannot say which.
	h.add(Unrelated, noRef, 0)
	if c.repeated > 0 {
		h.add(CarryOver, noRef, c.repeated+math.Log2(1-carryOverNear))
	}
}

// addStranger adds the causes that need no tie between candidate and holder: a
// slip of the number, the rows beside, a shared key, chance. What the candidate's
// own record says, if it has one, is given.
func (h *hypotheses) addStranger(c *claimCase, candidate candidate, own float64) {
	weight, r := float64(candidate.weight), candidate.person
	person := h.register.at(r)
	if c.number != malformed && oneSlip(c.number, person.number) {
		h.add(NumberTypo, r, -1+own+weight)
	}
	if offset := slices.Index(c.info.near[:], r); offset >= 0 {
		if h.shiftSupport(c.id, offset) {
			h.addGiven(RowShift, r, math.Log2(supportedShift)+weight-c.cross.againstShift())
		} else {
			h.add(RowShift, r, math.Log2(loneShift/(2*neighbours))+weight-c.cross.againstShift())
		}
	} else if c.shifted {
		h.addGiven(RowShift, r, math.Log2(shiftEnd)+weight-c.cross.againstShift())
	}
	if c.repeated > 0 {
		who := h.whereabouts(c.id, person, carryOverNear)
		if c.info.holder != noRef && h.sameFamily(r) {
			// The row before is often of the same family: files go by household.
			who = math.Log2(familyBeside / familySize)
		}
		h.add(CarryOver, r, c.repeated+who+own+weight)
	}
	h.add(Unrelated, r, h.whereabouts(c.id, person, unrelatedNear)+own+weight)
	if prior, ok := h.collision(c.id, r, &c.cross); ok {
		h.add(KeyCollision, r, prior+weight)
	}
	if h.sharedNumberOwner(c.id, r) {
		h.addGiven(KeyCollision, r, math.Log2(sharedNumber)+weight)
	}
}

// addAcquaintance adds the causes that tie a candidate to the holder: family,
// name, each other's numbers.
func (h *hypotheses) addAcquaintance(c *claimCase, candidate candidate, own float64) {
	weight, r := float64(candidate.weight), candidate.person
	if h.sameFamily(r) {
		prior := own - math.Log2(familySize)
		if c.repeated > 0 {
			prior += c.repeated + math.Log2(familyRepeats)
		}
		h.add(Family, r, prior+weight)
	}
	gain, second, mutual := h.reciprocal(c.id, r)
	// How likely the other row of two that are exchanged is wrong by itself.
	alone := math.Log2(defaultPriors[Unrelated]) - h.people
	if same, sameBirth, read := h.sameName(r); same {
		double, share := sameBirth && !read, 0.0
		if !sameBirth {
			fewest := 2
			if read {
				fewest = rareKana // nobody has counted who is read so
			}
			share -= math.Log2(float64(max(int(h.register.freq.FullKanaCount(h.holder.Kana.Family, h.holder.Kana.Given)), fewest)))
		}
		first := len(h.terms)
		h.add(Namesake, r, share+own+weight)
		dataset := h.where[c.id].dataset
		alone = share + h.logs[dataset][Namesake] + h.mixups[dataset].share(double)
		if mutual {
			h.addGiven(Namesake, r, math.Log2(mutualMixup)+min(gain+alone, second)+weight-c.cross.against())
		}
		for i := range h.terms[first:] {
			t := &h.terms[first+i]
			// By kana alone just a slip would tell them, and who made none was cleared.
			tells := h.record.Birth != 0 && math.Abs(weight-float64(h.weight.Total)) >= alikeWithin
			t.double, t.tied = double, double && !tells
		}
	}
	if mutual {
		h.add(Swap, r, -h.people+weight+min(gain, second-alone)-c.cross.against())
	}
}

// judge turns the hypotheses of one suspect into posterior probabilities.
func (h *hypotheses) judge(id suspectID) judgement {
	if h.info(id).flags&isUnverifiable != 0 {
		h.terms = h.terms[:0]
		return judgement{owner: noRef}
	}
	return h.conclude(h.list(id))
}

// conclude turns weighed hypotheses into a judgement.
func (h *hypotheses) conclude(terms []term) judgement {
	j := judgement{owner: noRef}
	total := logTotal(terms)
	h.odds = h.odds[:0]
	var best, sum float64
	for i, t := range terms {
		p := math.Exp2(t.log - total)
		h.odds = append(h.odds, p)
		j.mass[t.cause] += p
		if t.double {
			at := 0
			if t.tied {
				at = 1
			}
			j.doubles[at] += p
		}
		if t.person == noRef || t.cause == NoCause {
			continue
		}
		// The same person may be reached through several causes, which stand
		// together.
		if i == 0 || terms[i-1].person != t.person {
			sum = 0
		}
		sum += p
		if i+1 < len(terms) && terms[i+1].person == t.person {
			continue
		}
		if sum > best || sum == best && t.person < j.owner {
			best, j.owner = sum, t.person
		}
	}
	j.wrong = 1 - j.mass[NoCause]
	if j.mass[NoCause] > 0.5 {
		// 1-p loses the digits that rank the many small ones.
		j.wrong = 0
		for c := Family; c < Causes; c++ {
			j.wrong += j.mass[c]
		}
	}
	if best < ownerShare*j.wrong {
		j.owner = noRef
	}
	j.cause = h.causeOf(terms, &j)
	return j
}

// logTotal is the logarithm of the sum of all hypotheses.
func logTotal(terms []term) float64 {
	total := math.Inf(-1)
	for _, t := range terms {
		total = log2sum(total, t.log)
	}
	return total
}

// readLike takes the register for a dictionary: where the holder has no kana,
// somebody whose name is written the same shows how it is read. It is the
// weight the holder would have with that reading.
func (h *hypotheses) readLike(id suspectID) float64 {
	best := math.Inf(-1)
	if !h.weight.Name.NeedsReading || len(h.holder.Name.Family) == 0 {
		return best
	}
	name := score.HashKanjiName(h.holder.Name.Family, h.holder.Name.Given)
	rest := float64(h.weight.Total - h.weight.NameWeight())
	var w score.Weight
	for _, c := range h.candidatesOf(id) {
		h.register.view(c.person, &h.person)
		if len(h.person.Name.Family) == 0 || score.HashKanjiName(h.person.Name.Family, h.person.Name.Given) != name {
			continue
		}
		h.weighers[h.where[id].dataset].Weigh(&h.record, &h.person, &w)
		best = max(best, rest+float64(w.NameWeight())-1)
	}
	return best
}

// nameOfHousehold is the weight the holder has if the row's family name is the
// one before a marriage: somebody of the household may still have it, which then
// tells nothing against the holder.
func (h *hypotheses) nameOfHousehold(id suspectID) float64 {
	best := math.Inf(-1)
	if !h.weight.OnlyFamilyDiffers() {
		return best
	}
	var w score.Weight
	for _, c := range h.candidatesOf(id) {
		if !h.sameFamily(c.person) {
			continue
		}
		h.register.view(c.person, &h.person)
		h.weighers[h.where[id].dataset].Weigh(&h.record, &h.person, &w)
		best = max(best, float64(h.weight.Total+max(w.FamilyWeight(), 0))+math.Log2(nameKept))
	}
	return best
}

// asHolder is what the rest of the register adds to the weight of a suspect's
// holder, at any time.
func (h *hypotheses) asHolder(id suspectID) score.Evidence {
	h.list(id)
	weight := float64(h.weight.Total)
	e := score.Evidence{Comparison: "reading", Level: score.Reading, Detail: "namesake", Weight: h.readLike(id) - weight}
	if name := h.nameOfHousehold(id) - weight; name > e.Weight {
		e = score.Evidence{Comparison: "family", Level: score.Exact, Detail: DetailHouseholdName, Weight: name}
	}
	return e
}

// causeOf is the likeliest cause that leads to the owner; where no owner
// stands out, the likeliest of all.
func (h *hypotheses) causeOf(terms []term, j *judgement) Cause {
	var mass [Causes]float64
	for i, t := range terms {
		if t.cause != NoCause && (t.person == j.owner || j.owner == noRef) {
			mass[t.cause] += h.odds[i]
		}
	}
	best := UnknownOwner
	for c := Family; c < Causes; c++ {
		if mass[c] > mass[best] {
			best = c
		}
	}
	return best
}

// common tells whether a record has only a kana name, and one that too many
// share to search by.
func (h *hypotheses) common(p *score.Person) bool {
	return p.Birth == 0 && p.Address.Town == 0 && len(p.Kana.Family) > 0 &&
		h.register.freq.FullKanaCount(p.Kana.Family, p.Kana.Given) > rareKana
}

// asOwner is what the rest of the register and of the files adds to the weight of
// a candidate by a cause, after the suspect was enumerated: what enumerate counts
// for it but for the cause itself.
func (h *hypotheses) asOwner(id suspectID, person ref, cause Cause) (list []score.Evidence) {
	near := 0.0
	switch cause {
	case CarryOver:
		if h.info(id).holder == noRef || !h.sameFamily(person) {
			near = carryOverNear
		}
	case Unrelated:
		near = unrelatedNear
	case Family, Namesake, NumberTypo:
	default:
		return nil
	}
	if e := h.ownRecordEvidence(id, person); e.Weight != 0 {
		list = append(list, e)
	}
	if near == 0 {
		return list
	}
	if e := h.placeEvidence(id, person, near); e.Weight != 0 {
		list = append(list, e)
	}
	return list
}

// oneSlip tells whether two numbers are one substituted digit or one exchange
// of neighbouring digits apart.
func oneSlip(a, b uint64) bool {
	var differ [2][2]uint64
	n, last := 0, 0
	for at := 0; a != 0 || b != 0; at++ {
		x, y := a%10, b%10
		a, b = a/10, b/10
		if x == y {
			continue
		}
		if n == 2 || n == 1 && at != last+1 {
			return false
		}
		differ[n] = [2]uint64{x, y}
		n, last = n+1, at
	}
	return n == 1 || n == 2 && differ[0][0] == differ[1][1] && differ[0][1] == differ[1][0]
}

// sameFamily tells whether a candidate belongs to the holder's household or
// shares its address.
func (h *hypotheses) sameFamily(r ref) bool {
	p := h.register.at(r)
	if h.holder.Household != 0 && p.household == h.holder.Household {
		return true
	}
	return p.address.Numbers != 0 && p.address.Town == h.holder.Address.Town &&
		p.address.Numbers == h.holder.Address.Numbers && p.address.Building == h.holder.Address.Building
}

// sameName tells whether a candidate has the holder's name, in kana or in
// kanji, and its birth date. Where neither has kana on record, they have one
// name if both may be read like the record.
func (h *hypotheses) sameName(r ref) (same, sameBirth, read bool) {
	h.register.view(r, &h.person)
	a, b := &h.holder, &h.person
	same = sameName(a, b)
	read = !same && h.holderRead && score.Reads(b, &h.record)
	return same || read, a.Birth == b.Birth && a.Birth != 0, read
}

// sameName tells whether two people have one name, in kana or in kanji.
func sameName(a, b *score.Person) bool {
	return len(a.Kana.Family) > 0 && len(b.Kana.Family) > 0 &&
		sameJoined(a.Kana.Family, a.Kana.Given, b.Kana.Family, b.Kana.Given) ||
		len(a.Name.Family) > 0 && len(b.Name.Family) > 0 &&
			sameJoined(a.Name.Family, a.Name.Given, b.Name.Family, b.Name.Given)
}

// sameJoined tells whether two names are the same, wherever they are split.
func sameJoined[T byte | uint16](familyA, givenA, familyB, givenB []T) bool {
	if len(familyA) > len(familyB) {
		familyA, givenA, familyB, givenB = familyB, givenB, familyA, givenA
	}
	moved := len(familyB) - len(familyA) // codes that are given name in one alone
	return len(givenA) == len(givenB)+moved && slices.Equal(familyB[:len(familyA)], familyA) &&
		slices.Equal(givenA[:moved], familyB[len(familyA):]) && slices.Equal(givenA[moved:], givenB)
}

// reciprocal looks for the other half of a swap: another row of the dataset
// that claims the candidate's number and describes this suspect's holder. The
// gain is what that row's own evidence adds, in bits, and second what it weighs
// that the holder would else have two valid records, that row and this.
func (h *hypotheses) reciprocal(id suspectID, r ref) (gain, second float64, ok bool) {
	holder := h.info(id).holder
	for _, claim := range h.claimants.of(r) {
		other := suspectID(claim)
		if other == id || h.where[other].dataset != h.where[id].dataset {
			continue
		}
		for _, c := range h.decider.candidatesOf(other) {
			if c.person == holder {
				g := float64(c.weight - h.info(other).weight)
				if g > gain {
					gain, second, ok = g, 0, true
					if h.info(other).flags&hasEnded == 0 {
						second = h.secondRecord(id)
					}
				}
			}
		}
	}
	return gain, second, ok
}

// shiftReach is how many rows away another row of a shifted run may stand.
const shiftReach = 4

// describedBeside tells whether a row beside this one describes this one's
// holder better than its own: the first row of a shifted run, whose own number
// nobody near claims.
func (h *hypotheses) describedBeside(id suspectID, holder ref) bool {
	return h.anyBeside(id, func(other suspectID) ref {
		if slices.Contains(h.info(other).near[:], holder) {
			return holder
		}
		return noRef
	})
}

// shiftSupport tells whether a row beside this one describes the person at the
// same offset better than its own holder: a run that was pasted one off.
func (h *hypotheses) shiftSupport(id suspectID, offset int) bool {
	return h.anyBeside(id, func(other suspectID) ref { return h.info(other).near[offset] })
}

// anyBeside tells whether some suspect within reach describes the person that
// f gives for it clearly better than its own holder.
func (h *hypotheses) anyBeside(id suspectID, f func(other suspectID) ref) bool {
	line, dataset := h.line(id), h.where[id].dataset
	for _, step := range [2]int{-1, 1} {
		for n := int(id) + step; n >= 0 && n < len(h.where); n += step {
			other := suspectID(n)
			if h.where[other].dataset != dataset {
				break
			}
			if d := h.line(other) - line; d > shiftReach || -d > shiftReach {
				break
			}
			person := f(other)
			if person == noRef {
				continue
			}
			for _, c := range h.decider.candidatesOf(other) {
				if c.person == person && h.describes(other, c) {
					return true
				}
			}
		}
	}
	return false
}

// posteriorOf is the posterior of one candidate over all causes, and the likeliest
// of them.
func (h *hypotheses) posteriorOf(id suspectID, r ref) (posterior float64, cause Cause) {
	terms := h.list(id)
	total := logTotal(terms)
	best := math.Inf(-1)
	for _, t := range terms {
		if t.person == r && t.cause != NoCause {
			posterior += math.Exp2(t.log - total)
			if t.log > best {
				best, cause = t.log, t.cause
			}
		}
	}
	return posterior, cause
}
