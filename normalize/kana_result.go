package normalize

// KanaResult is one kana field as `normalize kana` prints it.
type KanaResult struct {
	Input     string   `json:"input"`
	Family    string   `json:"family"` // the whole field where it is not split
	Given     string   `json:"given"`
	Canonical string   `json:"canonical"`  // full-width large kana, one space; normalizing it again changes nothing
	StrongKey string   `json:"strong_key"` // run together: equal keys are the same name in other notation
	WeakKey   string   `json:"weak_key"`   // without voicing and long vowel spelling: equal keys are confusable
	Notes     []string `json:"notes"`
}

// NormalizeKana reads one kana field and says what was seen. See
// [KanaParser.Parse].
func NormalizeKana(s string) KanaResult {
	var p KanaParser
	form, notes := p.Parse([]byte(s))
	joined := append(append([]byte(nil), form.Family...), form.Given...)
	r := KanaResult{
		Input:     s,
		Family:    string(DecodeKana(nil, form.Family)),
		Given:     string(DecodeKana(nil, form.Given)),
		StrongKey: string(DecodeKana(nil, joined)),
		WeakKey:   string(DecodeKana(nil, AppendWeakKana(nil, joined))),
		Notes:     notes.Names(),
	}
	r.Canonical = r.Family
	if form.Split {
		r.Canonical += "　" + r.Given
	}
	return r
}
