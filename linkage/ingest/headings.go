package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/himozuke/himozuke/normalize/encoding"
)

// columns says what each column of a file means.
type columns struct {
	headings []string
	byColumn []Role       // RoleOther where nothing is known
	byRole   [Roles]int16 // absent where the file has no such column
	address  []int        // the columns of an address that is spread over several
	apart    int          // from this one of them on a space goes before
}

const (
	absent = -1 // no column has the role
	spread = -2 // several columns have it together
)

// noColumns knows the headings only.
func noColumns(headings []string) columns {
	c := columns{headings: headings, byColumn: make([]Role, len(headings))}
	for r := range c.byRole {
		c.byRole[r] = absent
	}
	return c
}

// understand gives every column its role: first as the configuration says,
// then by the alias table, then by content where a heading is ambiguous.
// sample holds the first rows.
func understand(headings []string, sample [][]string, o Options) (columns, *Problem) {
	c := noColumns(headings)
	folded := foldAll(headings)
	if p := c.configure(folded, o.Columns); p != nil {
		return c, p
	}
	configuredAddress := c.byRole[RoleAddress] != absent
	if p := c.recognizeAll(folded); p != nil {
		return c, p
	}
	c.readContent(folded, sample)
	c.settle()
	if !configuredAddress {
		c.joinAddress(folded, sample)
	}
	if o.Free {
		return c, nil
	}
	if c.byRole[RoleNumber] < 0 {
		return c, &Problem{Kind: ProblemNoNumber, Line: 1, Detail: c.hintNumber(sample)}
	}
	comparable := []Role{RoleName, RoleFamilyName, RoleKana, RoleFamilyKana, RoleLatinName, RoleAlias}
	if !o.Register {
		comparable = append(comparable, RoleBirthDate)
	}
	for _, r := range comparable {
		if c.byRole[r] != absent {
			return c, nil
		}
	}
	return c, &Problem{Kind: ProblemNoFields, Line: 1, Detail: c.list()}
}

func (c *columns) assign(column int, r Role) {
	c.byColumn[column] = r
	c.byRole[r] = int16(column)
}

// configure follows the configuration; a heading it names must stand once.
func (c *columns) configure(folded []string, wanted map[string]string) *Problem {
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		r, ok := RoleByName(name)
		if !ok {
			return &Problem{Kind: ProblemHeading, Detail: fmt.Sprintf("the configuration names a column %q that the product does not know", name)}
		}
		found := -1
		for column, f := range folded {
			if c.headings[column] != wanted[name] && f != foldHeading(wanted[name]) {
				continue
			}
			if found >= 0 {
				return &Problem{Kind: ProblemHeading, Line: 1, Column: wanted[name], Detail: "the heading stands twice"}
			}
			found = column
		}
		if found < 0 {
			return &Problem{Kind: ProblemHeading, Line: 1, Column: wanted[name],
				Detail: fmt.Sprintf("the configuration names it as %s, but %s", name, c.list())}
		}
		c.assign(found, r)
	}
	return nil
}

// recognizeAll goes by the alias table. Of several headings with one role the
// first in the table is taken; the same heading twice cannot be decided.
func (c *columns) recognizeAll(folded []string) *Problem {
	ranks := [Roles]int{}
	configured := c.byRole
	for column, f := range folded {
		k, ok := recognize(f)
		if !ok || c.byColumn[column] != RoleOther || configured[k.role] >= 0 {
			continue
		}
		before := c.byRole[k.role]
		switch {
		case before < 0:
		case folded[before] == f:
			return &Problem{Kind: ProblemHeading, Line: 1, Column: c.headings[column],
				Detail: fmt.Sprintf("the heading stands twice, in columns %d and %d", before+1, column+1)}
		case ranks[k.role] <= k.rank:
			continue
		default:
			c.byColumn[before] = RoleOther
		}
		c.assign(column, k.role)
		ranks[k.role] = k.rank
	}
	return nil
}

// readContent decides the headings that mean one thing or another.
func (c *columns) readContent(folded []string, sample [][]string) {
	for column, f := range folded {
		switch {
		case slices.Contains(foldedNameOrKana, f) && c.byColumn[column] == RoleOther:
			role := RoleName
			if allKana(sample, column) {
				role = RoleKana
			}
			if c.byRole[role] < 0 {
				c.assign(column, role)
			}
		case slices.Contains(foldedPerhapsNumbers, f) && c.byRole[RoleNumber] < 0 && twelveDigits(sample, column):
			if was := c.byColumn[column]; was != RoleOther {
				c.byRole[was] = -1
			}
			c.assign(column, RoleNumber)
		}
	}
}

// settle gives the meaning that headings have only together.
func (c *columns) settle() {
	// カナ名 is the given name beside カナ姓 and the whole name without it.
	whole := func(given, family, full Role) {
		if c.byRole[given] >= 0 && c.byRole[family] < 0 && c.byRole[full] < 0 {
			c.assign(int(c.byRole[given]), full)
			c.byRole[given] = -1
		}
	}
	whole(RoleGivenKana, RoleFamilyKana, RoleKana)
	whole(RoleGivenName, RoleFamilyName, RoleName)
	// The organization of a bank link is the bank.
	if c.byRole[RoleOrganization] < 0 {
		c.byRole[RoleOrganization] = c.byRole[RoleBankCode]
	}
}

// joinAddress finds the columns of an address that is spread over several. The
// configuration names one column only, so then that is all.
func (c *columns) joinAddress(folded []string, sample [][]string) {
	find := func(headings []string) (int, bool) {
		for _, heading := range headings {
			want := foldHeading(heading)
			for column, f := range folded {
				if f == want && (c.byColumn[column] == RoleOther || c.byColumn[column] == RolePrefecture && !allDigits(sample, column)) {
					return column, true
				}
			}
		}
		return 0, false
	}
	var parts []int
	if whole := c.byRole[RoleAddress]; whole >= 0 {
		parts = append(parts, int(whole))
	} else {
		for _, headings := range addressParts {
			if column, ok := find(headings); ok {
				parts = append(parts, column)
			}
		}
		if len(parts) < 2 {
			return
		}
	}
	c.apart = len(parts)
	for _, headings := range addressRests {
		if column, ok := find(headings); ok {
			parts = append(parts, column)
		}
	}
	if len(parts) < 2 {
		return
	}
	for _, column := range parts {
		if c.byColumn[column] == RolePrefecture { // a name, not a code
			c.byColumn[column] = RoleOther
			c.byRole[RolePrefecture] = absent
		}
	}
	c.address = parts
	c.byRole[RoleAddress] = spread
}

func allDigits(sample [][]string, column int) bool {
	for _, row := range sample {
		if strings.Trim(row[column], "0123456789 ") != "" {
			return false
		}
	}
	return true
}

var (
	foldedNameOrKana     = foldAll(nameOrKana)
	foldedPerhapsNumbers = foldAll(perhapsNumbers)
)

func allKana(sample [][]string, column int) bool {
	seen := false
	for _, row := range sample {
		for _, r := range row[column] {
			switch {
			case r >= 'ァ' && r <= 'ヿ', r >= '｡' && r <= 'ﾟ', r >= 'ぁ' && r <= 'ゖ':
				seen = true
			case r < utf8.RuneSelf, r == '　', r >= '！' && r <= '～':
			default:
				return false
			}
		}
	}
	return seen
}

func twelveDigits(sample [][]string, column int) bool {
	number, other := 0, 0
	for _, row := range sample {
		digits := strings.Map(func(r rune) rune {
			switch {
			case r >= '0' && r <= '9':
				return r
			case r >= '０' && r <= '９':
				return r - '０' + '0'
			case r == ' ' || r == '-' || r == '　' || r == '－':
				return -1
			}
			return 'x'
		}, row[column])
		switch {
		case len(digits) == 12 && !strings.Contains(digits, "x"):
			number++
		case digits != "":
			other++
		}
	}
	return number > 0 && number >= 9*other
}

// hintNumber names the columns that look like the individual number.
func (c *columns) hintNumber(sample [][]string) string {
	for _, heading := range c.headings {
		if twelveDigits([][]string{{heading}}, 0) {
			return "the first line looks like data: the file needs a line of headings"
		}
	}
	for column, heading := range c.headings {
		if twelveDigits(sample, column) && c.anyKnown() {
			return fmt.Sprintf("%q holds twelve digits and may be it", heading)
		}
	}
	return c.list()
}

// anyKnown tells whether the first line can be trusted to be headings.
func (c *columns) anyKnown() bool {
	return slices.ContainsFunc(c.headings, func(h string) bool {
		_, ok := recognize(foldHeading(h))
		return ok
	})
}

// list names the headings for a message, the first twenty. A first line of
// which nothing is known may be somebody's data, so it is not shown.
func (c *columns) list() string {
	const most = 20
	if !c.anyKnown() {
		if kind, ok := encoding.Mojibake([]byte(strings.Join(c.headings, "\n"))); ok {
			return fmt.Sprintf("its %d headings look garbled (%s)", len(c.headings), kind)
		}
		return fmt.Sprintf("none of its %d headings is known", len(c.headings))
	}
	quoted := make([]string, 0, most+1)
	for i, h := range c.headings {
		if i == most {
			quoted = append(quoted, "…")
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", h))
	}
	return "the headings are " + strings.Join(quoted, ", ")
}
