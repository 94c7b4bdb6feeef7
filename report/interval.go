package report

import "math"

// interval is a 95% confidence interval of a share.
type interval struct{ low, high float64 }

// wilson is Wilson's score interval: near its nominal coverage for shares as
// small as ours, and never outside 0 to 1.
func wilson(hits, trials int64) interval {
	if trials <= 0 {
		return interval{0, 1}
	}
	const z = 1.959963984540054
	n, p := float64(trials), float64(hits)/float64(trials)
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	low, high := centre-half, centre+half
	if hits == 0 {
		low = 0
	}
	if hits == trials {
		high = 1
	}
	return interval{max(low, 0), min(high, 1)}
}
