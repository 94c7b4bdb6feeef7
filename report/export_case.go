package report

import (
	"database/sql"
	"encoding/json"
	"math"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
	"github.com/himozuke/himozuke/score"
)

// exportCase is what a reviewer sees of one case.
type exportCase struct {
	id           string
	version      string // of the data: see dataVersion
	dataset      string
	recordID     string
	sourceLine   int64
	number       string
	verdict      string
	cause        string
	pWrong       float64
	ownerNumber  string
	pOwner       float64
	differences  string
	levels       CaseLevels
	prefecture   string
	municipality string
	organization string
	date         string
	channel      string
	summary      string
	ambiguous    string // 1 or 0
	record       dossierPerson
	holder       dossierPerson
	candidates   []dossierCandidate

	stratum   *stratum // nil when everything is exported
	finding   linkage.Finding
	findingID int64
	texts     string
	dataHash  []byte
	ownerP    sql.NullFloat64
	documents [3]string // record, holder, candidates
}

// dataVersion names the data that a decision is about in letters that no
// spreadsheet takes for a number, a date or a word: 40 bits of the hash of
// both rows, in consonants.
func dataVersion(dataHash []byte) string {
	const letters = "bcdfghjkmnpqrstv"
	var b [10]byte
	if len(dataHash) < len(b)/2 {
		return ""
	}
	for i := range b {
		b[i] = letters[dataHash[i/2]>>(4*(1-i%2))&15]
	}
	return string(b[:])
}

// exportTexts are the columns that come as one text: fetching a column costs
// more than what stands in it.
const exportTexts = `f.case_id, f.dataset, f.record_id, f.number, f.verdict, f.cause, f.owner_number, f.differences,
	f.name_level, f.kana_level, f.birth_level, f.sex_level, f.address_level,
	f.prefecture, f.municipality, f.organization, f.date, f.channel, f.summary, f.ambiguous`

// textSeparator stands between them. A text may hold it; then the texts are
// fetched again, column by column.
const textSeparator = "\x1f"

const exportColumnsSQL = `f.finding_id, f.data_hash, f.source_line, f.p_wrong, f.p_owner, concat_ws(char(31), ` + exportTexts + `),
	d.record_json, d.holder_json, d.candidates_json`

func (c *exportCase) scan(rows *sql.Rows) error {
	return rows.Scan(&c.findingID, &c.dataHash, &c.sourceLine, &c.pWrong, &c.ownerP, &c.texts,
		&c.documents[0], &c.documents[1], &c.documents[2])
}

// fields are where the texts go, in the order of exportTexts.
func (c *exportCase) fields() [20]*string {
	return [...]*string{&c.id, &c.dataset, &c.recordID, &c.number, &c.verdict, &c.cause, &c.ownerNumber, &c.differences,
		&c.levels.Name, &c.levels.Kana, &c.levels.Birth, &c.levels.Sex, &c.levels.Address,
		&c.prefecture, &c.municipality, &c.organization, &c.date, &c.channel, &c.summary, &c.ambiguous}
}

// readTexts takes the texts apart.
func (c *exportCase) readTexts(a *Audit) error {
	fields := c.fields()
	if strings.Count(c.texts, textSeparator) != len(fields)-1 {
		into := make([]any, len(fields))
		for i := range fields {
			into[i] = fields[i]
		}
		return databaseProblem(a.path, a.db.QueryRow("SELECT "+exportTexts+" FROM findings f WHERE finding_id = ?", c.findingID).Scan(into...))
	}
	rest := c.texts
	for _, field := range fields {
		*field, rest, _ = strings.Cut(rest, textSeparator)
	}
	c.texts = ""
	return nil
}

// read takes the dossier apart.
func (c *exportCase) read() error {
	c.version = dataVersion(c.dataHash)
	c.pOwner = c.ownerP.Float64
	c.record.clear()
	c.holder.clear()
	record := jsonCursor{text: c.documents[0]}
	record.person(&c.record)
	holder := jsonCursor{text: c.documents[1]}
	holder.person(&c.holder)
	candidates := jsonCursor{text: c.documents[2]}
	c.candidates = candidates.candidates(c.candidates)
	c.documents = [3]string{}
	for _, err := range [...]error{record.err, holder.err, candidates.err} {
		if err != nil {
			return err
		}
	}
	return nil
}

// owner is the candidate that the finding names, if any.
func (c *exportCase) owner() *dossierCandidate {
	for i := range c.candidates {
		if o := &c.candidates[i]; c.ownerNumber != "" && o.number == c.ownerNumber && math.Abs(o.posterior-c.pOwner) < 1e-6 {
			return o
		}
	}
	return nil
}

// say replaces the summary by one in the reader's language.
func (c *exportCase) say(l words.Lang) {
	f := &c.finding
	f.Verdict, _ = words.VerdictNamed(c.verdict)
	f.Cause, _ = words.CauseNamed(c.cause)
	f.Number = c.number
	f.Ambiguous = c.ambiguous == "1"
	f.Differences = f.Differences[:0]
	for item := range strings.SplitSeq(c.differences, ";") {
		if field, code, ok := strings.Cut(item, ":"); ok {
			f.Differences = append(f.Differences, score.Difference{Field: field, Code: code})
		}
	}
	f.Holder.Fields[ingest.RoleBirthDate] = c.holder.known[ingest.RoleBirthDate]
	f.Owner = nil
	if owner := c.owner(); owner != nil {
		f.Owner = &linkage.Candidate{}
		f.Owner.Person.Fields[ingest.RoleBirthDate] = owner.person.known[ingest.RoleBirthDate]
	}
	c.summary = words.Summary(f, l)
}

// maskNumbers hides every number of a case whose run stored them in full.
func (c *exportCase) maskNumbers(mask *numberMask) {
	mask.know(c.number, c.holder.known[ingest.RoleNumber])
	for i := range c.candidates {
		mask.add(c.candidates[i].number)
	}
	hide := func(cell *string, free bool) {
		if *cell == c.number {
			*cell = maskNumber(*cell)
		} else {
			*cell = mask.hide(*cell, free)
		}
	}
	hidePerson := func(p *dossierPerson) {
		for role := range p.known {
			hide(&p.known[role], false)
		}
		for i := range p.carried {
			hide(&p.carried[i].value, true)
		}
		p.known[ingest.RoleNumber] = maskNumber(p.known[ingest.RoleNumber])
	}
	hide(&c.recordID, false)
	hidePerson(&c.record)
	hidePerson(&c.holder)
	for i := range c.candidates {
		hidePerson(&c.candidates[i].person)
		c.candidates[i].number = maskNumber(c.candidates[i].number)
	}
	c.number = maskNumber(c.number)
	c.ownerNumber = maskNumber(c.ownerNumber)
}

// onlyDigits is a text that is a number written with separators or in full
// width, as digits; empty for any other text.
func onlyDigits(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case strings.ContainsRune(digitSeparators, r):
		default:
			return ""
		}
	}
	return b.String()
}

// cellMark says how the two sides of a field compare.
type cellMark uint8

const (
	notCompared cellMark = iota
	sameContent
	otherNotation
	otherContent
)

// mark compares both sides of a field, by the agreement level where there is
// one.
func (c *exportCase) mark(role ingest.Role, record, holder string) cellMark {
	switch {
	case record == "" || holder == "":
		return notCompared
	case record == holder:
		return sameContent
	}
	level := ""
	switch role {
	case ingest.RoleName:
		level = c.levels.Name
	case ingest.RoleKana:
		level = c.levels.Kana
	case ingest.RoleBirthDate:
		level = c.levels.Birth
	case ingest.RoleSex:
		level = c.levels.Sex
	case ingest.RoleAddress:
		level = c.levels.Address
	case ingest.RolePostalCode:
		if onlyDigits(record) == onlyDigits(holder) {
			return otherNotation
		}
		return otherContent
	}
	switch level {
	case score.Unknown.String():
		return notCompared
	case score.Exact.String(), score.Notation.String(), score.Confusable.String(), score.Near.String(), score.Reading.String(), score.Uncertain.String():
		return otherNotation
	}
	return otherContent
}

// whole is a field that files may hold in two columns.
func (p *dossierPerson) whole(role ingest.Role) string {
	if s := p.known[role]; s != "" {
		return s
	}
	parts := [2]ingest.Role{}
	switch role {
	case ingest.RoleName:
		parts = [2]ingest.Role{ingest.RoleFamilyName, ingest.RoleGivenName}
	case ingest.RoleKana:
		parts = [2]ingest.Role{ingest.RoleFamilyKana, ingest.RoleGivenKana}
	default:
		return ""
	}
	return strings.Trim(p.known[parts[0]]+"　"+p.known[parts[1]], "　")
}

func (p *dossierPerson) carriedValue(heading string) string {
	for i := range p.carried {
		if p.carried[i].heading == heading {
			return p.carried[i].value
		}
	}
	return ""
}

// exportInputs says which columns the files of a run had.
type exportInputs struct {
	roles    map[string]map[ingest.Role]bool // by dataset
	carried  map[string][]string
	datasets []string // without the register
}

func (a *Audit) exportInputs(run RunInfo) (*exportInputs, error) {
	in := &exportInputs{roles: map[string]map[ingest.Role]bool{}, carried: map[string][]string{}, datasets: run.Datasets}
	err := a.query(func(rows *sql.Rows) error {
		var dataset, headings, columns string
		if err := rows.Scan(&dataset, &headings, &columns); err != nil {
			return err
		}
		var list []string
		byRole := map[string]string{}
		if err := json.Unmarshal([]byte(headings), &list); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(columns), &byRole); err != nil {
			return err
		}
		known := map[string]bool{}
		in.roles[dataset] = map[ingest.Role]bool{}
		for name, heading := range byRole {
			known[heading] = true
			if role, ok := ingest.RoleByName(name); ok {
				in.roles[dataset][role] = true
			}
		}
		for _, heading := range list {
			if !known[heading] {
				in.carried[dataset] = append(in.carried[dataset], heading)
			}
		}
		return nil
	}, "SELECT dataset, headings, columns FROM inputs WHERE run_id = ? ORDER BY position", run.rowID)
	return in, err
}

// has tells whether any of the datasets, or the register, has a column.
func (in *exportInputs) has(datasets []string, roles ...ingest.Role) bool {
	for _, dataset := range datasets {
		for _, role := range roles {
			if in.roles[dataset][role] {
				return true
			}
		}
	}
	return false
}
