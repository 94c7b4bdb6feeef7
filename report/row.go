package report

import (
	"io"
	"strings"
	"unsafe"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// row is a finding as findings.csv, findings.parquet and audit.db hold it:
// numbers as the reader may see them, enumerations as words.
type row struct {
	caseID       string
	dataset      string
	recordID     string
	sourceLine   int64
	number       string
	verdict      string
	cause        string
	pWrong       float64
	weight       float64
	hasOwner     bool
	ownerNumber  string
	pOwner       float64
	ownerWeight  float64
	ruleClass    string
	differences  string
	nameLevel    string
	kanaLevel    string
	birthLevel   string
	sexLevel     string
	addressLevel string
	prefecture   string
	municipality string
	organization string
	date         string
	channel      string
	summary      string
	ambiguous    bool
}

// rowMaker turns findings into rows.
type rowMaker struct {
	lang   words.Lang
	reveal bool
}

func (m rowMaker) number(s string) string {
	if m.reveal {
		return s
	}
	return maskNumber(s)
}

func (m rowMaker) row(f *linkage.Finding) row {
	r := row{
		caseID:       f.CaseID,
		dataset:      f.Dataset,
		recordID:     f.RecordID,
		sourceLine:   f.SourceLine,
		number:       m.number(f.Number),
		verdict:      f.Verdict.String(),
		cause:        f.Cause.String(),
		pWrong:       f.PWrong,
		weight:       f.Weight,
		ruleClass:    f.RuleClass,
		differences:  differenceCodes(f),
		nameLevel:    f.NameLevel.String(),
		kanaLevel:    f.KanaLevel.String(),
		birthLevel:   f.BirthLevel.String(),
		sexLevel:     f.SexLevel.String(),
		addressLevel: f.AddressLevel.String(),
		prefecture:   f.Prefecture,
		municipality: f.Municipality,
		organization: f.Organization,
		date:         f.Date,
		channel:      f.Channel,
		summary:      words.Summary(f, m.lang),
		ambiguous:    f.Ambiguous,
	}
	if f.RecordID != "" && !m.reveal && f.RecordID == f.Number {
		r.recordID = r.number // some files use the number as their key
	}
	if o := f.Owner; o != nil {
		r.hasOwner = true
		r.ownerNumber = m.number(o.Number)
		r.pOwner = o.Posterior
		r.ownerWeight = o.Weight
	}
	return r
}

func differenceCodes(f *linkage.Finding) string {
	if len(f.Differences) == 0 {
		return ""
	}
	var b strings.Builder
	for i, d := range f.Differences {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(d.Field)
		b.WriteByte(':')
		b.WriteString(d.Code)
	}
	return b.String()
}

func writeString(w io.Writer, s string) {
	w.Write(unsafe.Slice(unsafe.StringData(s), len(s)))
}
