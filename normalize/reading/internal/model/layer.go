package model

import "math"

// A Layer turns what is known of a pair into bits: a small network, learned
// from names kept out of training.
type Layer struct {
	In    [HiddenCount][FeatureCount]float32
	Bias  [HiddenCount]float32
	Out   [HiddenCount]float32
	Skip  [FeatureCount]float32
	Start float32
}

// Sizes of a layer.
const (
	FeatureCount = 24
	HiddenCount  = 16
)

// Bits weighs the features.
func (l *Layer) Bits(f *[FeatureCount]float64) float64 {
	var x [FeatureCount]float32
	for i := range f {
		x[i] = float32(f[i])
	}
	sum := l.Start
	for i := range x {
		sum += l.Skip[i] * x[i]
	}
	for h := range HiddenCount {
		row := &l.In[h]
		a, b, c, d := l.Bias[h], float32(0), float32(0), float32(0)
		for i := 0; i < FeatureCount; i += 4 {
			a += row[i] * x[i]
			b += row[i+1] * x[i+1]
			c += row[i+2] * x[i+2]
			d += row[i+3] * x[i+3]
		}
		sum += l.Out[h] * max(0, a+b+c+d)
	}
	return float64(sum)
}

// features says what is known of a pair in numbers of about one.
func (m *Model) features(part Part, kanji []uint16, s *spelling, w *ways, plain, background float64, listed bool) (f [FeatureCount]float64) {
	popular := math.Log2(background / plain)
	log := func(p float64) float64 { return max(math.Log2(p), -40) }
	n, k := len(kanji), s.n
	total := w.total()
	bits := max(log(total/background)+popular*m.scalars.Popular[part], rawMin)
	first, _ := m.parts[part].units.find(UnitKey(kanji[:1]))
	last, _ := m.parts[part].units.find(UnitKey(kanji[n-1:]))
	f[0] = bits / 8
	f[1] = max(log(w.seen/background), rawMin) / 8
	f[2] = max(log((w.seen+w.derived)/background), rawMin) / 8
	f[3] = popular / 8
	f[4] = log(plain) / 16
	f[5] = max(log(w.first), -16) / 8
	f[6] = max(log(w.last), -16) / 8
	f[7] = float64(first.unseen) / 64
	f[8] = float64(last.unseen) / 64
	f[9] = float64(min(k, 8)) / 4
	f[10] = float64(min(n, 4)) / 2
	f[11+min(n, 3)] = 1 // 12, 13 or 14
	f[15] = min(float64(k)/float64(n), 4) / 2
	byFirst, byLast := m.affinity(part, FirstOf, kanji[0], s), m.affinity(part, LastOf, kanji[n-1], s)
	f[11] = min(byFirst, byLast) / 8
	f[16] = byFirst / 8
	f[17] = byLast / 8
	f[18] = float64(first.derived) / 64
	f[19] = float64(last.derived) / 64
	f[20] = float64(k-w.firstKana-w.lastKana) / 4
	f[21] = w.seen / (total + 1e-40)
	f[22] = w.derived / (total + 1e-40)
	if listed {
		f[23] = 1
	}
	return f
}

// The ends of a written form, for [HashAffinity].
const (
	FirstOf = iota
	LastOf
)

// affinity says how much oftener the whole kana is read where the first or the
// last character is this one; zero when names do not say.
func (m *Model) affinity(part Part, end int, kanji uint16, s *spelling) float64 {
	if steps, ok := m.readings.find(HashAffinity(part, end, kanji, s.symbols[:s.n])); ok {
		return 1 + float64(steps)
	}
	return 0
}

// HashAffinity is the key of a reading of names that begin or end with a
// character.
func HashAffinity(part Part, end int, kanji uint16, reading []uint8) uint64 {
	return HashRead(hashStep(hashStep(hashSeed, uint64(part)+0x200+uint64(end)*0x10), uint64(kanji)), reading)
}
