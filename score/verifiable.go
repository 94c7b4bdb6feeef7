package score

// leastNames is the least that frequencies add to the agreeing parts of a name
// by the scripts that are known (see known), and where the whole was compared as
// one.
type leastNames struct {
	parts [2][4]float32
	whole float32
}

func (w *Weigher) leastNames() (l leastNames) {
	f := w.freq
	part := func(u *[4]float64, kanji, kana int) [4]float32 {
		byKanji := func(k int) float32 { return min(0, adjustment(u[k], f.commonest[kanji])) }
		byKana := func(k int) float32 { return min(0, adjustment(u[k], f.commonest[kana])) }
		return [4]float32{1: byKanji(1), 2: byKana(2), 3: min(byKanji(3), byKana(3))}
	}
	l.parts[partFamily] = part(&w.familyU, countFamily, countFamilyKana)
	l.parts[partGiven] = part(&w.givenU, countGiven, countGivenKana)
	l.whole = min(0, adjustment(w.familyU[2]+w.givenU[2], f.commonest[countFullKana]))
	return l
}

// AgreesVerifiably tells what [Weigher.WeighCompared] would find out by the
// frequencies of the values, for most pairs of which all that both sides know
// agrees: that it weighs so many bits. It is closer to the weight than
// [Weigher.AgreesFully]: a record of nothing but kana passes.
func (w *Weigher) AgreesVerifiably(o *Weight, least float32) bool {
	n := &o.Name
	if !o.allAgrees() {
		return false
	}
	bits := float32(0)
	if fk, fn := jointClasses(n.FamilyKanji, n.FamilyKana); fk|fn != clUnknown {
		bits += w.w.family[fk][fn]
		if n.Joined {
			bits += w.least.whole
		} else {
			bits += w.least.parts[partFamily][known(fk, fn)]
		}
	}
	if gk, gn := jointClasses(n.GivenKanji, n.GivenKana); gk|gn != clUnknown {
		bits += w.w.given[gk][gn] + w.least.parts[partGiven][known(gk, gn)]
	}
	if o.Birth == Exact {
		bits += w.w.birth[Exact]
	}
	if o.Address == Exact {
		bits += w.leastAddress
	}
	return bits >= least
}
