package report

import (
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/report/words"
)

// exportCell is one cell of a review sheet.
type exportCell struct {
	kind   cellKind
	text   string
	number float64
	mark   cellMark
}

type cellKind uint8

const (
	emptyCell cellKind = iota
	textCell
	countCell
	probabilityCell
)

func textOf(s string) exportCell {
	if s == "" {
		return exportCell{}
	}
	return exportCell{kind: textCell, text: s}
}

// exportColumn is one column of a review sheet. The key is its heading in
// Parquet, and stands for the column when a sheet comes back.
type exportColumn struct {
	key     string
	heading words.Text
	width   float64 // in characters of a spreadsheet
	kind    cellKind
	cell    func(*exportCase) exportCell
}

// The keys of the columns that come back from review.
const (
	keyCase     = "case_id"
	keyVersion  = "data_version"
	keyDecision = "decision"
	keyReason   = "reason"
	keyReviewer = "reviewer"
	keyComment  = "comment"
)

// reviewHeadings are the headings that a review sheet must keep.
var reviewHeadings = map[string]words.Text{
	keyCase:     {EN: "case", JA: "案件番号"},
	keyVersion:  {EN: "data version", JA: "データ版"},
	keyDecision: {EN: "decision", JA: "確認結果"},
	keyReason:   {EN: "reason", JA: "確認の理由"},
	keyReviewer: {EN: "reviewer", JA: "確認者"},
	keyComment:  {EN: "comment", JA: "備考"},
}

// The columns of a sample, which evaluate reads.
const (
	keyStratum   = "stratum"
	keyInclusion = "inclusion_probability"
)

var designHeadings = map[string]words.Text{keyStratum: sheetStratum, keyInclusion: sheetInclusion}

// decisionWords are the decisions in the order in which a list offers them.
var decisionWords = []string{"mislinked", "correct", "unsure"}

var (
	sheetDataset       = words.Text{EN: "dataset", JA: "紐付け情報"}
	sheetLine          = words.Text{EN: "source line", JA: "元ファイルの行"}
	sheetVerdict       = words.Text{EN: "verdict", JA: "判定"}
	sheetCause         = words.Text{EN: "cause", JA: "考えられる原因"}
	sheetProbability   = words.Text{EN: "probability of being wrong", JA: "誤りの確率"}
	sheetAmbiguous     = words.Text{EN: "ambiguous", JA: "判別不能"}
	sheetYes           = words.Text{EN: "yes", JA: "該当"}
	sheetWhy           = words.Text{EN: "why", JA: "判定の説明"}
	sheetStratum       = words.Text{EN: "stratum", JA: "抽出の層"}
	sheetInclusion     = words.Text{EN: "inclusion probability", JA: "抽出確率"}
	sheetPrefecture    = words.Text{EN: "prefecture", JA: "都道府県"}
	sheetMunicipality  = words.Text{EN: "municipality code", JA: "団体コード"}
	recordSide         = words.Text{EN: "%s (record)", JA: "%s（記録）"}
	holderSide         = words.Text{EN: "%s (holder)", JA: "%s（番号の本人）"}
	candidateSide      = words.Text{EN: "candidate %d: %s", JA: "候補%d %s"}
	candidateCause     = words.Text{EN: "cause", JA: "原因"}
	candidatePosterior = words.Text{EN: "probability", JA: "確率"}
)

// sheetOptions say how a sheet is made.
type sheetOptions struct {
	lang    words.Lang
	codes   bool // words of files and machines instead of people's
	sampled bool
	marks   bool   // say how both sides of a field compare
	dataset string // the only one that is exported; empty: all
}

// exportedCandidates is how many other people a sheet shows.
const exportedCandidates = 3

// sharedRoles are the fields that record and holder may both have.
var sharedRoles = []struct {
	role  ingest.Role
	parts []ingest.Role
	width float64
}{
	{ingest.RoleName, []ingest.Role{ingest.RoleName, ingest.RoleFamilyName, ingest.RoleGivenName}, 18},
	{ingest.RoleKana, []ingest.Role{ingest.RoleKana, ingest.RoleFamilyKana, ingest.RoleGivenKana}, 20},
	{ingest.RoleFormerName, []ingest.Role{ingest.RoleFormerName}, 14},
	{ingest.RoleAlias, []ingest.Role{ingest.RoleAlias}, 14},
	{ingest.RoleLatinName, []ingest.Role{ingest.RoleLatinName}, 18},
	{ingest.RoleBirthDate, []ingest.Role{ingest.RoleBirthDate}, 12},
	{ingest.RoleSex, []ingest.Role{ingest.RoleSex}, 7},
	{ingest.RolePostalCode, []ingest.Role{ingest.RolePostalCode}, 10},
	{ingest.RoleAddress, []ingest.Role{ingest.RoleAddress}, 36},
}

// recordRoles are the fields that help to find a record where it came from.
var recordRoles = []ingest.Role{
	ingest.RoleSymbol, ingest.RoleSymbolNumber, ingest.RoleSymbolBranch, ingest.RoleBankCode, ingest.RoleBranchCode,
	ingest.RoleAccountType, ingest.RoleAccountNumber, ingest.RoleCertificateNumber, ingest.RoleCertificateKind,
	ingest.RoleHousehold, ingest.RoleValidFrom, ingest.RoleValidTo, ingest.RoleOperator,
}

// exportColumns lays out a sheet: the case and why, both sides of each field,
// the candidates, what the reviewer fills in, and the columns of the linked
// file that the product only carries.
func exportColumns(in *exportInputs, o sheetOptions) []exportColumn {
	linked := in.datasets
	if o.dataset != "" {
		linked = []string{o.dataset}
	}
	columns := caseColumns(o)
	columns = append(columns, sideColumns(in, linked, o.marks)...)
	for i := range exportedCandidates {
		columns = append(columns, candidateColumns(i, o)...)
	}
	columns = append(columns, decisionColumns()...)
	return append(columns, carriedColumns(in, linked)...)
}

func caseColumns(o sheetOptions) []exportColumn {
	verdict := func(word string) string {
		if o.codes {
			return word
		}
		return verdictText(word, o.lang)
	}
	dataset := func(word string) string {
		if o.codes {
			return word
		}
		return words.Dataset(word).In(o.lang)
	}
	prefecture := func(code string) string {
		if o.codes || code == "" {
			return code
		}
		return code + " " + words.Prefecture(code).In(o.lang)
	}
	ambiguous := func(flag string) string {
		switch {
		case o.codes:
			return strconv.FormatBool(flag == "1")
		case flag == "1":
			return sheetYes.In(o.lang)
		}
		return ""
	}
	text := func(key string, heading words.Text, width float64, cell func(*exportCase) string) exportColumn {
		return exportColumn{key, heading, width, textCell, func(c *exportCase) exportCell { return textOf(cell(c)) }}
	}
	columns := []exportColumn{
		text(keyCase, reviewHeadings[keyCase], 19, func(c *exportCase) string { return c.id }),
		text(keyVersion, reviewHeadings[keyVersion], 13, func(c *exportCase) string { return c.version }),
		text("dataset", sheetDataset, 12, func(c *exportCase) string { return dataset(c.dataset) }),
		text("record_id", words.Role(ingest.RoleRecord), 16, func(c *exportCase) string { return c.recordID }),
		{"source_line", sheetLine, 10, countCell, func(c *exportCase) exportCell {
			return exportCell{kind: countCell, number: float64(c.sourceLine)}
		}},
		text("verdict", sheetVerdict, 12, func(c *exportCase) string { return verdict(c.verdict) }),
		text("cause", sheetCause, 20, func(c *exportCase) string { return o.cause(c.cause) }),
		probabilityColumn("p_wrong", sheetProbability, func(c *exportCase) (float64, bool) { return c.pWrong, true }),
		text("ambiguous", sheetAmbiguous, 10, func(c *exportCase) string { return ambiguous(c.ambiguous) }),
	}
	if o.sampled {
		columns = append(columns,
			text("stratum", sheetStratum, 20, func(c *exportCase) string { return c.stratum.name }),
			probabilityColumn("inclusion_probability", sheetInclusion, func(c *exportCase) (float64, bool) { return c.stratum.probability(), true }))
	}
	return append(columns,
		text("summary", sheetWhy, 44, func(c *exportCase) string { return c.summary }),
		text("number", words.Role(ingest.RoleNumber), 14, func(c *exportCase) string { return c.number }),
		text("prefecture", sheetPrefecture, 12, func(c *exportCase) string { return prefecture(c.prefecture) }),
		text("municipality_code", sheetMunicipality, 10, func(c *exportCase) string { return c.municipality }),
		text("organization", words.Role(ingest.RoleOrganization), 12, func(c *exportCase) string { return c.organization }),
		text("date", words.Role(ingest.RoleDate), 12, func(c *exportCase) string { return c.date }),
		text("channel", words.Role(ingest.RoleChannel), 10, func(c *exportCase) string { return c.channel }),
	)
}

func (o sheetOptions) cause(word string) string {
	if o.codes || word == "" {
		return word
	}
	return causeText(word, o.lang)
}

func probabilityColumn(key string, heading words.Text, value func(*exportCase) (float64, bool)) exportColumn {
	return exportColumn{key, heading, 10, probabilityCell, func(c *exportCase) exportCell {
		p, ok := value(c)
		if !ok {
			return exportCell{}
		}
		return exportCell{kind: probabilityCell, number: p}
	}}
}

// sideColumns puts record and holder of each field side by side.
func sideColumns(in *exportInputs, linked []string, marks bool) []exportColumn {
	var columns []exportColumn
	for _, shared := range sharedRoles {
		role := shared.role
		inRecord := in.has(linked, shared.parts...)
		inHolder := in.has([]string{registerDataset}, shared.parts...)
		if !inRecord && !inHolder {
			continue
		}
		side := func(key string, frame words.Text, pick func(record, holder string) string) exportColumn {
			return exportColumn{key + role.String(), fill(frame, words.Role(role)), shared.width, textCell, func(c *exportCase) exportCell {
				record, holder := c.record.whole(role), c.holder.whole(role)
				cell := textOf(pick(record, holder))
				if marks {
					cell.mark = c.mark(role, record, holder)
				}
				return cell
			}}
		}
		columns = append(columns,
			side("record_", recordSide, func(record, _ string) string { return record }),
			side("holder_", holderSide, func(_, holder string) string { return holder }))
	}
	return columns
}

// fill puts a name into a heading, language by language.
func fill(frame words.Text, name words.Text, before ...any) words.Text {
	in := func(l words.Lang) string {
		return frame.Format(l, append(before[:len(before):len(before)], name.In(l))...)
	}
	return words.Text{EN: in(words.English), JA: in(words.Japanese)}
}

func candidateColumns(i int, o sheetOptions) []exportColumn {
	prefix := "candidate" + strconv.Itoa(i+1) + "_"
	text := func(key string, name words.Text, width float64, cell func(*dossierCandidate) string) exportColumn {
		return exportColumn{prefix + key, fill(candidateSide, name, i+1), width, textCell, func(c *exportCase) exportCell {
			if i >= len(c.candidates) {
				return exportCell{}
			}
			return textOf(cell(&c.candidates[i]))
		}}
	}
	role := func(role ingest.Role, width float64) exportColumn {
		return text(role.String(), words.Role(role), width, func(c *dossierCandidate) string { return c.person.whole(role) })
	}
	return []exportColumn{
		text("number", words.Role(ingest.RoleNumber), 14, func(c *dossierCandidate) string { return c.number }),
		text("cause", candidateCause, 18, func(c *dossierCandidate) string { return o.cause(c.cause) }),
		probabilityColumn(prefix+"probability", fill(candidateSide, candidatePosterior, i+1), func(c *exportCase) (float64, bool) {
			if i >= len(c.candidates) {
				return 0, false
			}
			return c.candidates[i].posterior, true
		}),
		role(ingest.RoleName, 18), role(ingest.RoleKana, 20), role(ingest.RoleBirthDate, 12), role(ingest.RoleAddress, 36),
	}
}

func decisionColumns() []exportColumn {
	nothing := func(*exportCase) exportCell { return exportCell{} }
	columns := make([]exportColumn, 0, 4)
	for _, c := range []struct {
		key   string
		width float64
	}{{keyDecision, 14}, {keyReason, 24}, {keyReviewer, 14}, {keyComment, 30}} {
		columns = append(columns, exportColumn{c.key, reviewHeadings[c.key], c.width, textCell, nothing})
	}
	return columns
}

// carriedColumns are the fields of the record that no person is compared by,
// and the columns of either file that the product does not know.
func carriedColumns(in *exportInputs, linked []string) []exportColumn {
	var columns []exportColumn
	for _, role := range recordRoles {
		if !in.has(linked, role) {
			continue
		}
		columns = append(columns, exportColumn{"record_" + role.String(), fill(recordSide, words.Role(role)), 12, textCell,
			func(c *exportCase) exportCell { return textOf(c.record.known[role]) }})
	}
	carry := func(key string, frame words.Text, heading string, side func(*exportCase) *dossierPerson) {
		columns = append(columns, exportColumn{key + heading, fill(frame, words.Text{EN: heading, JA: heading}), 14, textCell,
			func(c *exportCase) exportCell { return textOf(side(c).carriedValue(heading)) }})
	}
	seen := map[string]bool{}
	for _, dataset := range linked {
		for _, heading := range in.carried[dataset] {
			if !seen[heading] {
				seen[heading] = true
				carry("record_other_", recordSide, heading, func(c *exportCase) *dossierPerson { return &c.record })
			}
		}
	}
	seen = map[string]bool{}
	for _, heading := range in.carried[registerDataset] {
		if !seen[heading] {
			seen[heading] = true
			carry("holder_other_", holderSide, heading, func(c *exportCase) *dossierPerson { return &c.holder })
		}
	}
	return columns
}

// sheetText is a text as a cell of a sheet that people open in a spreadsheet
// program: a formula is defused, and a case id that reads as a number keeps
// its digits.
func sheetText(s string) string {
	if isFormula(s) || len(s) == 16 && readsAsNumber(s) {
		return "'" + s
	}
	return s
}

// readsAsNumber tells whether a spreadsheet would take hexadecimal digits for
// a number: all digits, or digits with one e among them.
func readsAsNumber(s string) bool {
	mantissa, exponent, scientific := strings.Cut(s, "e")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(mantissa) && (!scientific || digits(exponent))
}
