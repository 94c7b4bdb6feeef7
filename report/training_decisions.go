package report

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// trainingDecisions are the decisions of a database as training asks for them.
type trainingDecisions struct {
	hashes  *dossierMaker
	cases   map[string]map[Pseudonym]trainingCase // by case and data
	records map[string]map[string]bool            // dataset → record ids, as the database has them
	counts  map[string]int                        // cases by dataset
}

// trainingCase is what the decisions on one case and its data come to.
type trainingCase struct {
	outcome reviewOutcome
	decided linkage.Decided
}

// ReadTrainingDecisions reads what reviewers decided about all runs of a
// database, or of the database of a folder, and the key of its case ids.
func ReadTrainingDecisions(path, keyFile string) (_ linkage.Decisions, key []byte, err error) {
	audit, err := OpenAudit(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, audit.Close()) }()
	if keyFile == "" {
		keyFile = audit.keyPath
	}
	if key, err = ReadKey(keyFile); err != nil {
		return nil, nil, err
	}
	pseudonyms, err := audit.pseudonyms(keyFile, key)
	if err != nil {
		return nil, nil, err
	}
	d := &trainingDecisions{
		hashes: &dossierMaker{pseudonyms: pseudonyms}, cases: map[string]map[Pseudonym]trainingCase{},
		records: map[string]map[string]bool{}, counts: map[string]int{},
	}
	return d, key, audit.readTraining(d)
}

// pseudonyms makes sure that the key is the one of the latest run.
func (a *Audit) pseudonyms(path string, key []byte) (*Pseudonyms, error) {
	run, err := a.LatestRun()
	if err != nil {
		return nil, err
	}
	p, err := NewPseudonyms(key)
	if err != nil {
		return nil, &Problem{Kind: ProblemKey, Path: path, Err: err}
	}
	var check []byte
	if err := a.db.QueryRow("SELECT key_check FROM runs WHERE run_id = ?", run.rowID).Scan(&check); err != nil {
		return nil, databaseProblem(a.path, err)
	}
	if !bytes.Equal(check, p.check()) {
		return nil, &Problem{Kind: ProblemKey, Path: path, Detail: "not the key of this run"}
	}
	return p, nil
}

func (a *Audit) readTraining(d *trainingDecisions) error {
	decided, err := a.outcomes()
	if err != nil {
		return err
	}
	return a.query(func(rows *sql.Rows) error {
		var data reviewedData
		var hash, hypotheses []byte
		var dataset, record string
		var c trainingCase
		if err := rows.Scan(&data.caseID, &hash, &dataset, &record, &c.decided.Run, &c.decided.Weight, &hypotheses); err != nil {
			return err
		}
		data.version = string(hash)
		outcome, known := decided.outcomes[data]
		if !known || len(hash) != len(Pseudonym{}) {
			return nil
		}
		c.outcome, c.decided.Wrong = outcome, outcome == outcomeMislinked
		if err := c.read(hypotheses); err != nil {
			return &Problem{Kind: ProblemDatabaseBroken, Path: a.path, Err: err}
		}
		d.add(data.caseID, dataset, record, Pseudonym(hash), c)
		return nil
	}, `SELECT f.case_id, f.data_hash, f.dataset, f.record_id, r.run_key,
			coalesce((SELECT min(1.0 * t.cases / t.drawn) FROM sample_cases s JOIN sample_strata t USING (sample_id, stratum)
				WHERE s.case_id = f.case_id AND s.finding_id = f.finding_id AND t.drawn > 0), 1.0),
			d.hypotheses_json
		FROM (SELECT DISTINCT case_id, data_hash, coalesce(finding_id, 0) AS finding_id FROM standing_decisions) k
		JOIN findings f ON f.finding_id = k.finding_id
		JOIN runs r USING (run_id) JOIN dossiers d USING (dossier_id)
		ORDER BY f.finding_id`)
}

func (c *trainingCase) read(hypotheses []byte) error {
	var list []Hypothesis
	if err := json.Unmarshal(hypotheses, &list); err != nil {
		return err
	}
	for _, h := range list {
		cause, _ := words.CauseNamed(h.Cause)
		c.decided.Hypotheses = append(c.decided.Hypotheses, linkage.CausePrior{Cause: cause, Prior: h.Prior, Posterior: h.Posterior})
	}
	return nil
}

// add keeps a decision; of the same data the later finding stands.
func (d *trainingDecisions) add(id, dataset, record string, hash Pseudonym, c trainingCase) {
	if d.cases[id] == nil {
		d.cases[id] = map[Pseudonym]trainingCase{}
		d.counts[dataset]++
	}
	d.cases[id][hash] = c
	if d.records[dataset] == nil {
		d.records[dataset] = map[string]bool{}
	}
	d.records[dataset][record] = true
}

// Cases is how many cases of a dataset have a decision.
func (d *trainingDecisions) Cases(dataset string) int { return d.counts[dataset] }

// Mentions tells whether a case may be about a row. Where the number stands for
// the record id, the database has it masked.
func (d *trainingDecisions) Mentions(dataset string, record, number []byte) bool {
	records := d.records[dataset]
	return records[string(record)] || bytes.Equal(record, number) && records[maskNumber(string(number))]
}

// On gives the decision on a link as it is now.
func (d *trainingDecisions) On(f *linkage.Finding) (linkage.Decided, linkage.DecisionState) {
	byData := d.cases[f.CaseID]
	if byData == nil {
		return linkage.Decided{}, linkage.DecisionNone
	}
	c, ok := byData[d.hashes.dataHash(f)]
	switch {
	case !ok:
		return linkage.Decided{}, linkage.DecisionChanged
	case c.outcome == outcomeMislinked || c.outcome == outcomeCorrect:
		return c.decided, linkage.DecisionHolds
	}
	return linkage.Decided{}, linkage.DecisionUnsettled
}
