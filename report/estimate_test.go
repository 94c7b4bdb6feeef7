package report

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Published values of the exact interval, and the beta distribution where it
// has a closed form.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct{ hits, trials, low, high float64 }{
		{0, 10, 0, 0.3084971}, {10, 10, 0.6915029, 1}, {5, 10, 0.1870860, 0.8129140},
		{1, 20, 0.0012651, 0.2487328}, {81, 263, 0.2527, 0.3676},
	} {
		low, high := clopperPearson(c.hits, c.trials)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%g of %g: %.7f to %.7f, want %.7f to %.7f", c.hits, c.trials, low, high, c.low, c.high)
		}
	}
	for _, x := range []float64{0.001, 0.2, 0.5, 0.77, 0.999} {
		for _, a := range []float64{0.5, 1, 3, 40, 900} {
			if got, want := betaShare(x, a, 1), math.Pow(x, a); math.Abs(got-want) > 1e-10 {
				t.Errorf("beta(%g; %g, 1): %g, want %g", x, a, got, want)
			}
			if got, want := betaShare(x, 1, a), 1-math.Pow(1-x, a); math.Abs(got-want) > 1e-10 {
				t.Errorf("beta(%g; 1, %g): %g, want %g", x, a, got, want)
			}
		}
	}
}

func everyUnit(*sampledUnit) bool   { return true }
func wrongUnit(u *sampledUnit) bool { return u.wrong }
func units(n, wrong int) []sampledUnit {
	list := make([]sampledUnit, n)
	for i := range list {
		list[i].wrong = i < wrong
	}
	return list
}

// Two strata worked by hand: 100 cases of which 10 are decided, 8 wrong; 900
// of which 30 are decided, 3 wrong. The estimate is (100·0.8 + 900·0.1)/1000;
// its variance is Σ (N_h/N)² (1 - n_h/N_h) s²_h / n_h.
func TestEstimateByHand(t *testing.T) {
	strata := []sampledStratum{{cases: 100, units: units(10, 8)}, {cases: 900, units: units(30, 3)}, {cases: 7}}
	e := estimate(strata, everyUnit, wrongUnit)
	if math.Abs(*e.Value-0.17) > 1e-12 || e.Cases != 1000 || e.Settled != 40 || e.Confirmed != 11 {
		t.Fatalf("%+v, value %g", e, *e.Value)
	}
	variance := 0.01*0.9*(0.16*10/9)/10 + 0.81*(1-30.0/900)*(0.09*30/29)/30
	if got := (design{strata, everyUnit, wrongUnit, true}).linearized(0.17) / 1e6; math.Abs(got-variance) > 1e-12 {
		t.Errorf("variance %g, want %g", got, variance)
	}
	if *e.Effective != 40 { // the variance says 54, but no sample tells more than its decisions
		t.Errorf("effective size %g", *e.Effective)
	}
	if *e.Low >= 0.17 || *e.High <= 0.17 || *e.Low < 0.05 || *e.High > 0.35 {
		t.Errorf("interval %g to %g", *e.Low, *e.High)
	}
}

func TestEstimateAtItsEnds(t *testing.T) {
	all := estimate([]sampledStratum{{cases: 4, units: units(4, 3)}}, everyUnit, wrongUnit)
	if *all.Value != 0.75 || *all.Low != 0.75 || *all.High != 0.75 || all.Effective != nil {
		t.Errorf("every case is decided, but %+v", all)
	}
	process := estimateProcess([]sampledStratum{{cases: 4, units: units(4, 3)}}, everyUnit, wrongUnit)
	if *process.Value != 0.75 || *process.Low > 0.2 || *process.High < 0.99 || *process.Effective > 4 {
		t.Errorf("what made the cases is not known, but %+v", process)
	}
	none := estimate([]sampledStratum{{cases: 4}}, everyUnit, wrongUnit)
	if none.Value != nil || none.Low != nil || none.Settled != 0 {
		t.Errorf("no case is decided, but %+v", none)
	}
	same := estimate([]sampledStratum{{cases: 1000, units: units(3, 3)}}, everyUnit, wrongUnit)
	if *same.High != 1 || *same.Low > 0.35 || *same.Low < 0.25 {
		t.Errorf("three of three: %g to %g", *same.Low, *same.High)
	}
	if one := estimate([]sampledStratum{{cases: 1000, units: units(1, 1)}, {cases: 1000, units: units(50, 5)}}, everyUnit, wrongUnit); *one.High-*one.Low < 0.4 {
		t.Errorf("one decision stands for half of the cases, but %g to %g", *one.Low, *one.High)
	}
}

// In many samples drawn as export draws them, about 95 in 100 intervals hold
// the truth, whether shares lie in the middle or at an end, and the estimate is
// right on average.
func TestIntervalsHoldTheTruth(t *testing.T) {
	type population struct {
		cases int
		share float64
	}
	for name, strata := range map[string][]population{
		"like an audit":  {{900, 0.995}, {300, 0.97}, {40, 0.9}, {2000, 0.3}, {500, 0.12}, {6, 0.5}},
		"nearly perfect": {{4000, 0.998}, {100, 1}, {12, 1}},
		"hardly ever":    {{20_000, 0.001}, {800, 0.02}, {60, 0.2}},
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 12))
			var drawn []*stratum
			wrong := make([]int, len(strata))
			truth, total := 0.0, 0.0
			for i, p := range strata {
				wrong[i] = int(math.Round(float64(p.cases) * p.share))
				drawn = append(drawn, &stratum{cases: p.cases})
				truth += float64(wrong[i])
				total += float64(p.cases)
			}
			truth /= total
			allocate(drawn, 200)
			const rounds = 400
			inside, mean := 0, 0.0
			for range rounds {
				var sample []sampledStratum
				for i, s := range drawn {
					list := make([]sampledUnit, 0, s.drawn)
					for _, k := range r.Perm(s.cases)[:s.drawn] {
						list = append(list, sampledUnit{wrong: k < wrong[i]})
					}
					sample = append(sample, sampledStratum{cases: int64(s.cases), units: list})
				}
				e := estimate(sample, everyUnit, wrongUnit)
				mean += *e.Value / rounds
				if *e.Low <= truth && truth <= *e.High {
					inside++
				}
			}
			if coverage := float64(inside) / rounds; coverage < 0.94 {
				t.Errorf("%.3f of the intervals hold the truth", coverage)
			} else {
				t.Logf("%.3f of the intervals hold the truth", coverage)
			}
			if math.Abs(mean-truth) > 0.1*truth*(1-truth)+2e-4 {
				t.Errorf("mean of the estimates %g, truth %g", mean, truth)
			}
		})
	}
}
