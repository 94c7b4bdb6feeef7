package normalize

import "testing"

func TestParseSex(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want Sex
	}{
		{"男", Male}, {"女", Female}, {"1", Male}, {"2", Female}, {"M", Male}, {"f", Female},
		{"male", Male}, {"Female", Female}, {"男性", Male}, {"女性", Female}, {"１", Male}, {"２", Female},
		{"Ｍ", Male}, {"ｆｅｍａｌｅ", Female}, {"1:男", Male}, {"2 女性", Female}, {"01", Male}, {"(女)", Female},
		{" 男 ", Male}, {"おとこ", Male}, {"ｵﾝﾅ", Female},
		{"", SexUnknown}, {"0", SexUnknown}, {"9", SexUnknown}, {"不明", SexUnknown}, {"3", SexUnknown},
		{"男女", SexUnknown}, {"1:女", SexUnknown}, {"\xff", SexUnknown}, {"女の人ではない", SexUnknown},
	} {
		if got := ParseSex([]byte(c.raw)); got != c.want {
			t.Errorf("%q: %d", c.raw, got)
		}
	}
}

func FuzzParseSex(f *testing.F) {
	for _, s := range []string{"男", "ｆｅｍａｌｅ", "1:男", "\xe7\x94"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s := ParseSex(raw); s > Female {
			t.Errorf("%q: %d", raw, s)
		}
	})
}
