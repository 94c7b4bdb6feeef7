package report

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// Case is one finding in full, with the history of its case.
type Case struct {
	ID           string       `json:"case_id"`
	Status       string       `json:"status"` // open, resolved, decided
	State        string       `json:"state"`  // new, persisting, reopened, decided
	Run          string       `json:"run"`
	Dataset      string       `json:"dataset"`
	RecordID     string       `json:"record_id"`
	SourceLine   int64        `json:"source_line"`
	Number       string       `json:"number"`
	Verdict      string       `json:"verdict"`
	Cause        string       `json:"cause"`
	PWrong       float64      `json:"p_wrong"`
	Weight       float64      `json:"weight"`
	OwnerNumber  string       `json:"owner_number"`
	POwner       float64      `json:"p_owner"`
	OwnerWeight  float64      `json:"owner_weight"`
	RuleClass    string       `json:"rule_class"`
	OwnRules     bool         `json:"own_rules,omitempty"` // the class is by a table of the user's
	Differences  []FieldCode  `json:"differences"`
	Levels       CaseLevels   `json:"levels"`
	Prefecture   string       `json:"prefecture_code"`
	Municipality string       `json:"municipality_code"`
	Organization string       `json:"organization"`
	Date         string       `json:"date"`
	Channel      string       `json:"channel"`
	Summary      string       `json:"summary"`
	Ambiguous    bool         `json:"ambiguous"`
	Record       Fields       `json:"record"`
	Holder       Fields       `json:"holder"`
	Evidence     []Evidence   `json:"evidence"`
	Candidates   []Candidate  `json:"candidates"`
	Hypotheses   []Hypothesis `json:"hypotheses"`
	Events       []CaseEvent  `json:"events"`
	Decisions    []Decision   `json:"decisions"`
	scheme       string
	SameCase     int `json:"findings_in_run"` // more than one when the row stands twice in its file
}

// FieldCode is one difference.
type FieldCode struct {
	Field string `json:"field"`
	Code  string `json:"code"`
}

// CaseLevels are the agreement levels of record against holder.
type CaseLevels struct {
	Name    string `json:"name"`
	Kana    string `json:"kana"`
	Birth   string `json:"birth"`
	Sex     string `json:"sex"`
	Address string `json:"address"`
}

// Fields are the columns of one row by role. Columns that the product does not
// know stand under "other".
type Fields struct {
	Known map[string]string
	Other map[string]string
}

// UnmarshalJSON reads what a dossier holds.
func (f *Fields) UnmarshalJSON(text []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	f.Known = make(map[string]string, len(parts))
	for key, value := range parts {
		if key == "other" {
			if err := json.Unmarshal(value, &f.Other); err != nil {
				return err
			}
			continue
		}
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return err
		}
		f.Known[key] = s
	}
	return nil
}

// MarshalJSON writes it back.
func (f Fields) MarshalJSON() ([]byte, error) {
	parts := make(map[string]any, len(f.Known)+1)
	for key, value := range f.Known {
		parts[key] = value
	}
	if len(f.Other) > 0 {
		parts["other"] = f.Other
	}
	return json.Marshal(parts)
}

// Evidence is one comparison and its weight in bits.
type Evidence struct {
	Comparison string  `json:"comparison"`
	Level      string  `json:"level"`
	Detail     string  `json:"detail,omitempty"`
	M          float64 `json:"m"`
	U          float64 `json:"u"`
	Adjustment float64 `json:"adjustment"`
	Weight     float64 `json:"weight"`
}

// Candidate is another person whom the record may describe.
type Candidate struct {
	Number       string     `json:"number"`
	NumberHash   string     `json:"number_hash"`
	Cause        string     `json:"cause"`
	Posterior    float64    `json:"posterior"`
	Weight       float64    `json:"weight"`
	RegisterLine int64      `json:"register_line"`
	Person       Fields     `json:"person"`
	Evidence     []Evidence `json:"evidence"`
	Alike        bool       `json:"alike,omitempty"` // fits an ambiguous record as well as the holder
}

// Hypothesis is one explanation of the record; no cause is the holder.
type Hypothesis struct {
	Cause     string  `json:"cause"`
	Prior     float64 `json:"prior"`
	Posterior float64 `json:"posterior"`
}

// CaseEvent is one step in the life of a case.
type CaseEvent struct {
	At    string `json:"at"`
	Run   string `json:"run"`
	Event string `json:"event"` // new, resolved, reopened
}

// Decision is what a reviewer said.
type Decision struct {
	At       string `json:"decided_at"`
	Reviewer string `json:"reviewer"`
	Decision string `json:"decision"`
	Reason   string `json:"reason,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// Case finds a case by its id or the beginning of it, if only one begins so.
func (a *Audit) Case(id string) (*Case, error) {
	full, err := a.caseID(id)
	if err != nil {
		return nil, err
	}
	c, finding, err := a.readCase(full)
	if err != nil {
		return nil, err
	}
	if err := a.readDossier(c, finding); err != nil {
		return nil, err
	}
	return c, a.readHistory(c)
}

func (a *Audit) caseID(id string) (string, error) {
	var matches []string
	err := a.query(func(rows *sql.Rows) error {
		var match string
		err := rows.Scan(&match)
		matches = append(matches, match)
		return err
	}, "SELECT case_id FROM cases WHERE case_id >= ?1 AND case_id < ?1 || char(0x10FFFF) ORDER BY case_id LIMIT 2", id)
	switch {
	case err != nil:
		return "", err
	case id == "" || len(matches) == 0:
		return "", &Problem{Kind: ProblemNoCase, Path: a.path, Detail: id}
	case len(matches) > 1 && matches[0] != id:
		return "", &Problem{Kind: ProblemNoCase, Path: a.path, Detail: id + " …"}
	}
	return matches[0], nil
}

func (a *Audit) readCase(id string) (*Case, int64, error) {
	c := &Case{Differences: []FieldCode{}, Events: []CaseEvent{}, Decisions: []Decision{}}
	var finding int64
	var differences string
	var pOwner, ownerWeight sql.NullFloat64
	err := a.db.QueryRow(`
		SELECT f.finding_id, c.case_id, c.status, f.state, r.run_key, f.dataset, f.record_id, f.source_line, f.number, f.verdict,
		       f.cause, f.p_wrong, f.weight, f.owner_number, f.p_owner, f.owner_weight, f.rule_class, f.differences,
		       f.name_level, f.kana_level, f.birth_level, f.sex_level, f.address_level,
		       f.prefecture, f.municipality, f.organization, f.date, f.channel, f.summary, f.ambiguous,
		       (SELECT count(*) FROM findings g WHERE g.case_id = f.case_id AND g.run_id = f.run_id),
		       r.config_json ->> 'Rules' IS NOT NULL, r.scheme
		FROM cases c JOIN findings f ON f.finding_id = c.last_finding_id JOIN runs r USING (run_id)
		WHERE c.case_id = ?`, id).Scan(
		&finding, &c.ID, &c.Status, &c.State, &c.Run, &c.Dataset, &c.RecordID, &c.SourceLine, &c.Number, &c.Verdict,
		&c.Cause, &c.PWrong, &c.Weight, &c.OwnerNumber, &pOwner, &ownerWeight, &c.RuleClass, &differences,
		&c.Levels.Name, &c.Levels.Kana, &c.Levels.Birth, &c.Levels.Sex, &c.Levels.Address,
		&c.Prefecture, &c.Municipality, &c.Organization, &c.Date, &c.Channel, &c.Summary, &c.Ambiguous, &c.SameCase, &c.OwnRules, &c.scheme)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, &Problem{Kind: ProblemCasePurged, Path: a.path, Detail: id}
	}
	if err != nil {
		return nil, 0, databaseProblem(a.path, err)
	}
	c.POwner, c.OwnerWeight = pOwner.Float64, ownerWeight.Float64
	for _, pair := range strings.FieldsFunc(differences, func(r rune) bool { return r == ';' }) {
		field, code, _ := strings.Cut(pair, ":")
		c.Differences = append(c.Differences, FieldCode{field, code})
	}
	return c, finding, nil
}

func (a *Audit) readDossier(c *Case, finding int64) error {
	var record, holder, evidence, candidates, hypotheses []byte
	err := a.db.QueryRow(`
		SELECT record_json, holder_json, evidence_json, candidates_json, hypotheses_json
		FROM dossiers JOIN findings USING (dossier_id) WHERE finding_id = ?`, finding).
		Scan(&record, &holder, &evidence, &candidates, &hypotheses)
	if err != nil {
		return databaseProblem(a.path, err)
	}
	for _, part := range []struct {
		text []byte
		into any
	}{
		{record, &c.Record}, {holder, &c.Holder}, {evidence, &c.Evidence},
		{candidates, &c.Candidates}, {hypotheses, &c.Hypotheses},
	} {
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return &Problem{Kind: ProblemDatabaseBroken, Path: a.path, Err: err}
		}
	}
	return nil
}

func (a *Audit) readHistory(c *Case) error {
	if err := a.query(func(rows *sql.Rows) error {
		var e CaseEvent
		err := rows.Scan(&e.At, &e.Run, &e.Event)
		c.Events = append(c.Events, e)
		return err
	}, "SELECT r.started_at, r.run_key, e.event FROM case_events e JOIN runs r USING (run_id) WHERE e.case_id = ? ORDER BY event_id", c.ID); err != nil {
		return err
	}
	return a.query(func(rows *sql.Rows) error {
		var d Decision
		err := rows.Scan(&d.At, &d.Reviewer, &d.Decision, &d.Reason, &d.Comment)
		c.Decisions = append(c.Decisions, d)
		return err
	}, "SELECT decided_at, reviewer, decision, reason, comment FROM decisions WHERE case_id = ? ORDER BY decision_id", c.ID)
}

// WriteJSON writes the case as one JSON object.
func (c *Case) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(c)
}

// HideNumbers masks every number of a case, also one that the database holds in
// full: what is shown is passed on more easily than a database.
func (c *Case) HideNumbers() {
	mask := newNumberMask(c.scheme)
	mask.know(c.Number, c.Holder.Known[ingest.RoleNumber.String()])
	people := []Fields{c.Record, c.Holder}
	for i := range c.Candidates {
		mask.add(c.Candidates[i].Number)
		people = append(people, c.Candidates[i].Person)
	}
	hide := func(s string, free bool) string {
		if s == c.Number {
			return maskNumber(s)
		}
		return mask.hide(s, free)
	}
	for _, person := range people {
		for key, value := range person.Known {
			if key == ingest.RoleNumber.String() {
				person.Known[key] = maskNumber(value)
			} else {
				person.Known[key] = hide(value, false)
			}
		}
		for key, value := range person.Other {
			person.Other[key] = hide(value, true)
		}
	}
	for i := range c.Candidates {
		c.Candidates[i].Number = maskNumber(c.Candidates[i].Number)
	}
	c.RecordID = hide(c.RecordID, false)
	c.OwnerNumber, c.Number = maskNumber(c.OwnerNumber), maskNumber(c.Number)
}

// owner is the candidate that the finding names, if any.
func (c *Case) owner() *Candidate {
	if c.OwnerNumber == "" {
		return nil
	}
	for i := range c.Candidates {
		if candidate := &c.Candidates[i]; candidate.Number == c.OwnerNumber && math.Abs(candidate.Posterior-c.POwner) < 1e-6 {
			return candidate
		}
	}
	return nil
}

func causeText(word string, l words.Lang) string {
	if cause, ok := words.CauseNamed(word); ok && cause != linkage.NoCause {
		return words.Cause(cause).In(l)
	}
	return noCauseNamed.In(l)
}

func verdictText(word string, l words.Lang) string {
	if v, ok := words.VerdictNamed(word); ok {
		return words.Verdict(v).In(l)
	}
	return word
}
