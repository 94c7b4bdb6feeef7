package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/report/words"
)

// exactTail adds the terms as fractions.
func exactTail(hits, n int64, p *big.Rat) float64 {
	miss := new(big.Rat).Sub(big.NewRat(1, 1), p)
	sum := new(big.Rat)
	for k := hits; k <= n; k++ {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(n, k))
		for range k {
			term.Mul(term, p)
		}
		for range n - k {
			term.Mul(term, miss)
		}
		sum.Add(sum, term)
	}
	x, _ := sum.Float64()
	return x
}

func TestBinomialTailAgainstFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 60).Draw(t, "n")
		hits := rapid.Int64Range(0, n).Draw(t, "hits")
		p := big.NewRat(rapid.Int64Range(1, 999).Draw(t, "per mille"), 1000)
		rate, _ := p.Float64()
		got, want := binomialTail(hits, n, rate), exactTail(hits, n, p)
		if math.Abs(got-want) > 1e-11*want+1e-15 {
			t.Fatalf("tail(%d, %d, %v) = %g, want %g", hits, n, rate, got, want)
		}
	})
}

// With many trials of a small rate the binomial is a Poisson, whose tail can be
// added term by term.
func TestBinomialTailOfMillions(t *testing.T) {
	const n, rate = 50_000_000, 1e-7 // 5 expected
	for hits := int64(1); hits < 30; hits++ {
		term, sum := math.Exp(-5), 0.0
		for k := int64(0); k < 200; k++ {
			if k >= hits {
				sum += term
			}
			term *= 5 / float64(k+1)
		}
		if got := binomialTail(hits, n, rate); math.Abs(got/sum-1) > 1e-5 {
			t.Errorf("tail(%d) = %g, want %g", hits, got, sum)
		}
	}
}

func TestBinomialTailAtTheEnds(t *testing.T) {
	for _, c := range []struct {
		hits, n int64
		p, want float64
	}{{0, 10, 0.5, 1}, {11, 10, 0.5, 0}, {1, 10, 0, 0}, {10, 10, 1, 1}, {1, 1, 0.25, 0.25}, {10, 10, 0.5, 1.0 / 1024}} {
		if got := binomialTail(c.hits, c.n, c.p); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("tail(%d, %d, %v) = %g, want %g", c.hits, c.n, c.p, got, c.want)
		}
	}
}

func TestBinomialQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 5000).Draw(t, "n")
		p := rapid.Float64Range(0.0001, 0.9).Draw(t, "p")
		alpha := rapid.Float64Range(0.0005, 0.5).Draw(t, "alpha")
		k := binomialQuantile(n, p, alpha)
		if binomialTail(k, n, p) <= alpha || binomialTail(k+1, n, p) > alpha {
			t.Fatalf("quantile(%d, %v, %v) = %d", n, p, alpha, k)
		}
	})
}

// The adjusted values select what the procedure of Benjamini and Hochberg does:
// the largest k with p(k) <= q k/m, at every level q.
func TestBenjaminiHochberg(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 40).Draw(t, "p")
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		points := make([]FunnelPoint, len(ps))
		for i, p := range ps {
			points[i].PValue = p
		}
		adjustBenjaminiHochberg(points)
		cut := -1.0
		for _, p := range ps {
			rank := 0
			for _, other := range ps {
				if other <= p {
					rank++
				}
			}
			if p*float64(len(ps))/float64(rank) <= q {
				cut = max(cut, p)
			}
		}
		for _, point := range points {
			if (point.PAdjusted <= q) != (point.PValue <= cut) {
				t.Fatalf("p %v adjusted to %v at level %v of %v", point.PValue, point.PAdjusted, q, ps)
			}
		}
	})
}

// The table for programs has the check of every organization.
func TestFunnelCSV(t *testing.T) {
	table, err := sampleAudit(t).Table(TableOptions{By: ByOrganization})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := table.WriteCSV(&b, words.English); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.organization.csv", b.Bytes())
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if tested := row[0] != "" && row[0] != "total"; (row[len(row)-1] != "") != tested {
			t.Errorf("%v", row)
		}
	}
}

// Among organizations that differ by chance alone hardly any report names one;
// an organization that is off is named.
func TestFunnelNamesWhatIsBeyondChance(t *testing.T) {
	const rate = 0.0005
	random := rand.New(rand.NewPCG(1, 2))
	named, reports := 0, 40
	for range reports {
		var rows []funnelRow
		for i := range 200 {
			links := int64(100 + random.IntN(5000))
			mislinked := int64(0)
			for range links {
				if random.Float64() < rate {
					mislinked++
				}
			}
			rows = append(rows, funnelRow{string(rune('A' + i)), "medical", links, mislinked, rate})
		}
		if len(newFunnel(rows).Beyond) > 0 {
			named++
		}
		rows = append(rows, funnelRow{"off", "medical", 2000, 15, rate}, funnelRow{"", "medical", 10, 10, rate}, funnelRow{"one", "medical", 1, 1, 1e-9})
		f := newFunnel(rows)
		if len(f.Beyond) == 0 || f.Beyond[0].Key != "off" || f.Tested != 202 {
			t.Fatalf("of %d tested named %+v", f.Tested, f.Beyond)
		}
		for _, p := range f.Beyond {
			if p.Key == "one" || p.Key == "" {
				t.Errorf("%q is named", p.Key)
			}
		}
	}
	if named > 6 { // 5% are expected at most
		t.Errorf("%d of %d reports name an organization that is not off", named, reports)
	}
}
