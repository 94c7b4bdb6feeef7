package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
)

// tables is what the generator writes.
type tables struct {
	u          *ucd
	strong     map[rune]rune // variant to canonical form, never chained
	why        map[[2]rune]string
	confusable map[[2]rune]string // lower code first, both canonical; value says why
	simplified map[rune]rune      // simplified form to canonical form
	width      map[rune]rune      // compatibility characters that are one character
	expansion  map[rune]string    // compatibility characters that are several
	latin      map[rune]rune      // accented Latin letter to its capital without accent
}

func decide(u *ucd, skk map[rune][]rune, rows *rows) *tables {
	t := &tables{
		u: u, strong: map[rune]rune{}, why: map[[2]rune]string{}, confusable: map[[2]rune]string{},
		simplified: map[rune]rune{}, width: map[rune]rune{},
		expansion: map[rune]string{}, latin: map[rune]rune{},
	}
	apart := map[[2]rune]bool{}
	for _, row := range rows.apart {
		for _, v := range row[1:] {
			apart[pair(row[0], v)] = true
		}
	}
	classes := newUnion()
	join := func(a, b rune, why string) {
		if a != b && classes.join(a, b, apart) {
			t.why[pair(a, b)] += why + " "
		}
	}
	for _, row := range rows.strong {
		for _, v := range row[1:] {
			join(row[0], v, "own")
		}
	}
	for old, modern := range inOrder(u.nameKanji) {
		join(modern, old, "name-kanji")
	}
	for c, unified := range inOrder(u.canonical) {
		join(unified, c, "compatibility")
	}
	for c, to := range inOrder(u.radical) {
		join(to, c, "radical")
	}
	for a, variants := range inOrder(u.shape) {
		for _, b := range variants {
			if shareOn(u, a, b) {
				join(a, b, "shape")
			}
		}
	}
	for a, variants := range inOrder(skk) {
		for _, b := range variants {
			if isHan(a) && isHan(b) && slices.Contains(u.semantic[a], b) && shareOn(u, a, b) && (!t.everyday(a) || !t.everyday(b)) {
				join(a, b, "semantic+itaiji")
			}
		}
	}

	fixed := map[rune]bool{}
	for _, row := range rows.strong {
		fixed[row[0]] = true
	}
	for _, members := range classes.members() {
		best := members[0]
		for _, m := range members[1:] {
			if t.rank(m, fixed) < t.rank(best, fixed) || t.rank(m, fixed) == t.rank(best, fixed) && m < best {
				best = m
			}
		}
		for _, m := range members {
			if m != best {
				t.strong[m] = best
			}
		}
	}

	edge := func(a, b rune, why string) {
		if a, b = t.canonical(a), t.canonical(b); a != b && a < 0x10000 && b < 0x10000 {
			t.confusable[pair(a, b)] += why + " "
		}
	}
	for _, row := range rows.confusable {
		for i, a := range row.chars {
			for _, b := range row.chars[i+1:] {
				if i == 0 || row.all {
					edge(a, b, "own")
				}
			}
		}
	}
	for _, row := range rows.apart {
		for _, v := range row[1:] {
			edge(row[0], v, "apart")
		}
	}
	// Two everyday characters that a dictionary lists as variants are still two
	// names; only our own rows say that they are confused.
	listed := func(a, b rune, why string) {
		if !t.everyday(t.canonical(a)) || !t.everyday(t.canonical(b)) {
			edge(a, b, why)
		}
	}
	for a, variants := range inOrder(skk) {
		for _, b := range variants {
			listed(a, b, "itaiji")
		}
	}
	for a, variants := range inOrder(u.semantic) {
		for _, b := range variants {
			listed(a, b, "semantic")
		}
	}
	for a, variants := range inOrder(u.shape) {
		for _, b := range variants {
			listed(a, b, "shape")
		}
	}
	t.decideSimplified(rows, edge)
	for v, c := range t.strong {
		if to, ok := t.simplified[c]; ok {
			t.strong[v] = to
		}
	}
	t.decideCompatibility()
	return t
}

// decideSimplified takes Chinese simplified forms that Japanese never writes
// for the one traditional form they stand for; where there are several, or
// where the form is a Japanese character of its own, the two are confusable.
func (t *tables) decideSimplified(rows *rows, edge func(a, b rune, why string)) {
	for _, row := range rows.simplified {
		for _, v := range row[1:] {
			t.simplified[v] = t.canonical(row[0])
		}
	}
	for c, traditional := range t.u.traditional {
		if c > 0xFFFF || t.simplified[c] != 0 {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(traditional), func(r rune) bool { return r == c })
		if _, taken := t.strong[c]; !taken && len(others) == 1 && !t.u.jis0[c] && !t.u.jis0213[c] {
			if to := t.canonical(others[0]); to < 0x10000 {
				t.simplified[c] = to
			}
			continue
		}
		for _, o := range others {
			edge(c, o, "simplified")
		}
	}
}

func (t *tables) decideCompatibility() {
	for r := range t.u.compatibility {
		if r >= 0x10000 || isHan(r) || r >= 0xAC00 && r <= 0xD7A3 || t.u.radical[r] != 0 {
			continue
		}
		full := t.decompose(r)
		if r >= 0xC0 && r <= 0x24F || r >= 0x1E00 && r <= 0x1EFF {
			if c := full[0]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
				t.latin[r] = c &^ 0x20
			}
			continue
		}
		switch {
		case len(full) == 1 && useful(full[0]):
			t.width[r] = full[0]
		case len(full) > 1 && len(full) <= 8 && r >= 0x2000 && !slices.ContainsFunc(full, func(r rune) bool { return !useful(r) }):
			t.expansion[r] = string(full)
		}
	}
}

// useful: what a name or address may hold.
func useful(r rune) bool {
	return r > ' ' && r < 0x7F || r >= 0x3041 && r <= 0x30FF || isHan(r)
}

func (t *tables) decompose(r rune) []rune {
	to, ok := t.u.compatibility[r]
	if !ok {
		return []rune{r}
	}
	var out []rune
	for _, c := range to {
		out = append(out, t.decompose(c)...)
	}
	for i := 1; i < len(out); i++ { // kana and its mark make one character again
		for c, d := range t.u.compatibility {
			if c >= 0x3041 && c <= 0x30FF && len(d) == 2 && d[0] == out[i-1] && d[1] == out[i] {
				out[i-1] = c
				out = slices.Delete(out, i, i+1)
				i--
				break
			}
		}
	}
	return out
}

func (t *tables) canonical(r rune) rune {
	if c, ok := t.strong[r]; ok {
		return c
	}
	return r
}

// everyday characters may both be registered in names as such: the state
// treats them as different, so no source but our own review makes them one.
func (t *tables) everyday(r rune) bool { return t.u.joyo[r] || t.u.jinmei[r] }

// rank orders the forms of one character: the lowest is canonical.
func (t *tables) rank(r rune, fixed map[rune]bool) int {
	_, old := t.u.nameKanji[r]
	_, compat := t.u.canonical[r]
	_, symbol := t.u.radical[r]
	switch {
	case r >= 0x10000 && !compat: // its code would have to be hashed
		return 9
	case (compat || symbol) && r < 0x10000:
		return 8
	case compat:
		return 10
	case fixed[r]:
		return 0
	case t.u.joyo[r]:
		return 1
	case t.u.jinmei[r] && !old:
		return 2
	case t.u.jis0[r]:
		return 3
	case t.u.jis0213[r]:
		return 4
	case t.u.japanese[r]:
		return 5
	}
	return 6
}

func shareOn(u *ucd, a, b rune) bool {
	for _, x := range u.on[a] {
		if slices.Contains(u.on[b], x) {
			return true
		}
	}
	return false
}

// inOrder walks over a map by code point, so that every run decides alike.
func inOrder[V any](m map[rune]V) iter.Seq2[rune, V] {
	return func(yield func(rune, V) bool) {
		for _, r := range slices.Sorted(maps.Keys(m)) {
			if !yield(r, m[r]) {
				return
			}
		}
	}
}

func pair(a, b rune) [2]rune {
	if a > b {
		a, b = b, a
	}
	return [2]rune{a, b}
}

// union joins characters to classes.
type union struct{ class map[rune]*[]rune }

func newUnion() *union { return &union{map[rune]*[]rune{}} }

func (u *union) of(r rune) *[]rune {
	if u.class[r] == nil {
		u.class[r] = &[]rune{r}
	}
	return u.class[r]
}

// join makes one class of those of a and b, unless that would bring a pair
// together that must stay apart.
func (u *union) join(a, b rune, apart map[[2]rune]bool) bool {
	into, from := u.of(a), u.of(b)
	if into == from {
		return true
	}
	for _, x := range *into {
		for _, y := range *from {
			if apart[pair(x, y)] {
				return false
			}
		}
	}
	*into = append(*into, *from...)
	for _, r := range *from {
		u.class[r] = into
	}
	return true
}

func (u *union) members() [][]rune {
	var out [][]rune
	seen := map[*[]rune]bool{}
	for _, class := range u.class {
		if !seen[class] {
			seen[class] = true
			slices.Sort(*class)
			out = append(out, *class)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// print lists the strong classes with what made them, for review.
func (t *tables) print() {
	by := map[rune][]rune{}
	for v, c := range t.strong {
		by[c] = append(by[c], v)
	}
	heads := make([]rune, 0, len(by))
	for c := range by {
		heads = append(heads, c)
	}
	slices.Sort(heads)
	for _, c := range heads {
		slices.Sort(by[c])
		fmt.Printf("strong %c", c)
		for _, v := range by[c] {
			fmt.Printf(" %c", v)
		}
		fmt.Print(" |")
		members := append([]rune{c}, by[c]...)
		for i, a := range members {
			for _, b := range members[i+1:] {
				if w := t.why[pair(a, b)]; w != "" {
					fmt.Printf(" %c%c:%s", a, b, w)
				}
			}
		}
		fmt.Println()
	}
	fmt.Printf("%d strong variants in %d classes, %d confusable pairs, %d simplified forms, %d expansions, %d single compatibility characters\n",
		len(t.strong), len(heads), len(t.confusable), len(t.simplified), len(t.expansion), len(t.width))
}
