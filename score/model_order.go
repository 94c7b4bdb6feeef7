package score

import (
	"fmt"
	"math"
)

// orderTolerance is how many bits more than a level above it a level may weigh.
// Levels that few pairs fall into are known to a bit or two, and the two m and
// two u behind a comparison may err the same way.
const orderTolerance = 3

// rankedLevels are levels of a comparison of which each one agrees less than the
// one before.
type rankedLevels struct {
	comparison string
	levels     []rankedLevel
}

type rankedLevel struct {
	name string
	Probability
}

// ranked lists what must not weigh more as agreement falls. Cells of a name part
// of which one script agrees more and the other less have no order, nor have the
// levels of an address that are not exact: where all live in one town, sharing
// it says less than sharing the municipality.
func (m *Model) ranked() []rankedLevels {
	var list []rankedLevels
	for _, part := range []struct {
		name  string
		table *NamePart
	}{{"family", &m.Family}, {"given", &m.Given}} {
		for _, cell := range []func(c class) (kanji, kana class){
			func(c class) (kanji, kana class) { return c, clUnknown },
			func(c class) (kanji, kana class) { return clUnknown, c },
			func(c class) (kanji, kana class) { return c, c },
		} {
			r := rankedLevels{comparison: part.name}
			for c := clExact; c < classes; c++ {
				k, n := cell(c)
				r.levels = append(r.levels, rankedLevel{cellName(k, n), part.table[k][n]})
			}
			list = append(list, r)
		}
	}
	add := func(name string, table *[levels]Probability, order ...Level) {
		r := rankedLevels{comparison: name}
		for _, l := range order {
			r.levels = append(r.levels, rankedLevel{l.String(), table[l]})
		}
		list = append(list, r)
	}
	add("birth", &m.Birth, Exact, Notation, Near, Part, Different)
	add("sex", &m.Sex, Exact, Different)
	add("sex where given agrees", &m.SexGivenAgrees, Exact, Different)
	for _, l := range []Level{Block, Town, Uncertain, City, Different} {
		add("address", &m.Address, Exact, l)
	}
	return list
}

// checkOrder reports the first level that weighs more than one that agrees
// better, beyond what sampling explains.
func (m *Model) checkOrder() error {
	for _, r := range m.ranked() {
		for i, worse := range r.levels {
			for _, better := range r.levels[:i] {
				if worse.bits() > better.bits()+orderTolerance {
					return fmt.Errorf("model: %s: the level %q weighs %.3g bits, but %q, which agrees better, only %.3g",
						r.comparison, worse.name, worse.bits(), better.name, better.bits())
				}
			}
		}
	}
	return nil
}

// bits is the weight of the level.
func (p Probability) bits() float64 {
	if p.M == 0 || p.U == 0 {
		return 0
	}
	return math.Log2(p.M / p.U)
}
