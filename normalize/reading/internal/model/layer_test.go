package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The layer is what its definition says, added up plainly.
func TestLayerIsASumOfHingesAndALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float32Range(-2, 2)
		var l Layer
		for h := range l.In {
			for i := range l.In[h] {
				l.In[h][i] = number.Draw(t, "in")
			}
			l.Bias[h], l.Out[h] = number.Draw(t, "bias"), number.Draw(t, "out")
		}
		var f [FeatureCount]float64
		for i := range f {
			f[i], l.Skip[i] = float64(number.Draw(t, "feature")), number.Draw(t, "skip")
		}
		l.Start = number.Draw(t, "start")
		want := float64(l.Start)
		for i := range f {
			want += float64(l.Skip[i]) * f[i]
		}
		for h := range l.In {
			sum := float64(l.Bias[h])
			for i := range f {
				sum += float64(l.In[h][i]) * f[i]
			}
			want += float64(l.Out[h]) * max(0, sum)
		}
		if got := l.Bits(&f); math.Abs(got-want) > 1e-2 {
			t.Fatalf("%v bits, added up %v", got, want)
		}
	})
}

func TestCalibrationLiesBetweenItsKnots(t *testing.T) {
	var knots [CalibrationKnots]float64
	for i := range knots {
		knots[i] = float64(i * i)
	}
	last := float64(CalibrationFirst + CalibrationStep*(CalibrationKnots-1))
	for _, c := range []struct{ bits, want float64 }{
		{CalibrationFirst - 10, 0}, {CalibrationFirst, 0}, {CalibrationFirst + CalibrationStep, 1},
		{CalibrationFirst + 1.5*CalibrationStep, 2.5}, {last, knots[CalibrationKnots-1]}, {last + 3, knots[CalibrationKnots-1] + 3},
	} {
		if got := between(&knots, c.bits); got != c.want {
			t.Errorf("%v bits become %v, want %v", c.bits, got, c.want)
		}
	}
}
