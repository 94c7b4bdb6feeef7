package report

import "math"

// Estimate is a share among the cases of a frame, estimated from a stratified
// sample, with a 95% interval; null without decisions.
type Estimate struct {
	Cases     float64  `json:"cases"`     // of the frame, exact where the group is a union of strata
	Settled   int64    `json:"settled"`   // reviewed, and decided one way or the other
	Confirmed int64    `json:"confirmed"` // of these, wrong links
	Value     *float64 `json:"value"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	Effective *float64 `json:"effective_size"` // decisions of a simple random sample that would tell as much; null: all cases are decided
}

// sampledStratum is a stratum of a frame with the cases of it that were drawn
// and settled.
type sampledStratum struct {
	name  string
	cases int64
	drawn int64
	units []sampledUnit
}

// sampledUnit is a settled case.
type sampledUnit struct {
	verdict, dataset, cause string
	wrong                   bool
	pWrong                  float64
}

// weight is how many cases of the frame a settled one stands for: cases that
// nobody could settle are taken to be like the settled ones of their stratum.
func (s *sampledStratum) weight() float64 { return float64(s.cases) / float64(len(s.units)) }

// estimate estimates the share of the cases in a domain that have a property:
// the ratio of the Horvitz–Thompson totals (Hájek 1971), which is the
// stratified mean where the domain is a union of strata. Its variance is that
// of the linearized ratio under stratified sampling without replacement (Särndal,
// Swensson and Wretman 1992, sections 5.6 and 3.7), and the interval that of
// Korn and Graubard (1998): Clopper and Pearson's for the effective size.
func estimate(strata []sampledStratum, domain, has func(*sampledUnit) bool) Estimate {
	return design{strata, domain, has, true}.estimate()
}

// estimateProcess is estimate for the probability behind the cases of the frame,
// which stays uncertain when all of them are decided.
func estimateProcess(strata []sampledStratum, domain, has func(*sampledUnit) bool) Estimate {
	return design{strata, domain, has, false}.estimate()
}

// design is what a share is estimated from.
type design struct {
	strata      []sampledStratum
	domain, has func(*sampledUnit) bool
	finite      bool // about the cases of the frame, not about what made them
}

// left is the share of the variance that decisions of that weight leave: the
// finite population correction.
func (d design) left(weight float64) float64 {
	if !d.finite {
		return 1
	}
	return 1 - 1/weight
}

func (d design) estimate() Estimate {
	var e Estimate
	var hits, sum, squares float64
	for i := range d.strata {
		s := &d.strata[i]
		if len(s.units) == 0 {
			continue
		}
		w := s.weight()
		for k := range s.units {
			u := &s.units[k]
			if !d.domain(u) {
				continue
			}
			e.Settled++
			e.Cases += w
			sum += w
			squares += w * w * d.left(w)
			if d.has(u) {
				e.Confirmed++
				hits += w
			}
		}
	}
	if e.Settled == 0 {
		return e
	}
	p := min(hits/sum, 1)
	e.Value = &p
	low, high := p, p
	if size := d.effectiveSize(p, sum, squares, e.Settled); !math.IsInf(size, 1) {
		e.Effective = &size
		low, high = clopperPearson(p*size, size)
	}
	e.Low, e.High = &low, &high
	return e
}

// effectiveSize is how many decisions of a simple random sample with
// replacement would tell as much. Where all decisions agree their spread says
// nothing of the variance, and Kish's size, from the weights alone, stands in.
// Small strata agree by chance, so a size beyond the decisions is not believed.
func (d design) effectiveSize(p, sum, squares float64, settled int64) float64 {
	kish := math.Inf(1)
	if squares > 0 {
		kish = sum * sum / squares
	}
	variance := d.linearized(p) / (sum * sum)
	if p <= 0 || p >= 1 || variance <= 0 {
		return kish
	}
	return min(p*(1-p)/variance, max(kish, float64(settled)))
}

// linearized is the variance of the total of the ratio's residuals.
func (d design) linearized(p float64) float64 {
	total := 0.0
	for i := range d.strata {
		s := &d.strata[i]
		n := float64(len(s.units))
		if n == 0 {
			continue
		}
		sum, squares := 0.0, 0.0
		for k := range s.units {
			u := &s.units[k]
			if !d.domain(u) {
				continue
			}
			z := -p
			if d.has(u) {
				z = 1 - p
			}
			sum += z
			squares += z * z
		}
		spread := squares // of a single decision: its distance from the whole
		if n > 1 {
			spread = (squares - sum*sum/n) / (n - 1)
		}
		w := s.weight()
		total += w * w * n * d.left(w) * spread
	}
	return total
}

// clopperPearson is the exact 95% interval of a share (Clopper and Pearson
// 1934); hits and trials need not be whole.
func clopperPearson(hits, trials float64) (low, high float64) {
	const tail = 0.025
	if high = 1; hits < trials-1e-9 {
		high = betaQuantile(1-tail, hits+1, trials-hits)
	}
	if hits > 1e-9 {
		low = betaQuantile(tail, hits, trials-hits+1)
	}
	return low, high
}

// betaQuantile inverts the beta distribution by halving.
func betaQuantile(q, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		if middle := (low + high) / 2; betaShare(middle, a, b) < q {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// betaShare is the regularized incomplete beta function, by the continued
// fraction of Lentz's method.
func betaShare(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // where the fraction converges faster
		return 1 - betaShare(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	const tiny = 1e-300
	c, d := 1.0, 1/max(1-(a+b)*x/(a+1), tiny)
	f := d
	for m := 1.0; m < 10_000; m++ {
		step := func(k float64) float64 {
			if d = 1 + k*d; math.Abs(d) < tiny {
				d = tiny
			}
			if c = 1 + k/c; math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			return c * d
		}
		f *= step(m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)))
		last := step(-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)))
		f *= last
		if math.Abs(last-1) < 1e-12 {
			break
		}
	}
	return front * f / a
}
