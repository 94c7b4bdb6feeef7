package normalize

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// referenceKana is the strong fold of kana without spaces or other signs,
// written the slow and obvious way.
func referenceKana(s string) string {
	s = norm.NFKC.String(s)
	large := strings.NewReplacer(
		"ァ", "ア", "ィ", "イ", "ゥ", "ウ", "ェ", "エ", "ォ", "オ", "ッ", "ツ", "ャ", "ヤ", "ュ", "ユ", "ョ", "ヨ",
		"ヮ", "ワ", "ヵ", "カ", "ヶ", "ケ", "ヲ", "オ", "ヰ", "イ", "ヱ", "エ", "ヂ", "ジ", "ヅ", "ズ",
		"ㇰ", "ク", "ㇱ", "シ", "ㇷ", "フ", "ㇺ", "ム", "ㇻ", "ラ",
		"-", "ー", "‐", "ー", "―", "ー", "−", "ー", "—", "ー",
	)
	s = strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return r + 0x60
		}
		return r
	}, s)
	return large.Replace(s)
}

var kanaAlphabet = []rune("ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶー" +
	"ぁあぃいうえおかがきぎさざしじただちぢっつづてでとどなはばぱまゃやゅゆょよらわゐゑをんゔ" +
	"ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ-‐―−—ㇰㇱㇷㇺㇻ")

func TestKanaAgainstReference(t *testing.T) {
	var p KanaParser
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom(kanaAlphabet), 1, 12).Draw(t, "kana")
		text := make([]rune, 0, 2*len(runes))
		for _, r := range runes { // marks only where they compose
			text = append(text, r)
			if strings.ContainsRune("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ", r) && rapid.Bool().Draw(t, "voiced") {
				text = append(text, 'ﾞ')
			} else if strings.ContainsRune("ﾊﾋﾌﾍﾎ", r) && rapid.Bool().Draw(t, "semivoiced") {
				text = append(text, 'ﾟ')
			}
		}
		p.fold([]byte(string(text)))
		if got, want := kanaText(p.codes), referenceKana(string(text)); got != want {
			t.Fatalf("%q: %s, the reference has %s", string(text), got, want)
		}
	})
}

// Every way to write a kana name meets at one canonical form.
func TestKanaSpellingsMeet(t *testing.T) {
	base := []rune("アイウエオカガキギクグケゲコゴサザシジスズセゼソゾタダチツテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモヤユヨラリルレロワンヴー")
	var p, q KanaParser
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.SampledFrom(base), 1, 8)
		family, given := draw.Draw(t, "family"), draw.Draw(t, "given")
		space := rapid.SampledFrom([]string{" ", "　", "\u00a0", "  ", "　 "}).Draw(t, "space")
		spelling := func(name []rune) string {
			var b strings.Builder
			for _, r := range name {
				b.WriteString(rapid.SampledFrom(kanaSpellings(r)).Draw(t, "spelling"))
			}
			return b.String()
		}
		plain := string(family) + "　" + string(given)
		varied := spelling(family) + space + spelling(given)
		a, _ := p.Parse([]byte(plain))
		b, _ := q.Parse([]byte(varied))
		if !slices.Equal(a.Family, b.Family) || !slices.Equal(a.Given, b.Given) || a.Split != b.Split {
			t.Fatalf("%q gives %s %s, %q gives %s %s", plain, kanaText(a.Family), kanaText(a.Given), varied, kanaText(b.Family), kanaText(b.Given))
		}
	})
}

// kanaSpellings lists the ways to write one large katakana.
func kanaSpellings(r rune) []string {
	out := []string{string(r), norm.NFD.String(string(r))}
	if r >= 'ァ' && r <= 'ヴ' {
		out = append(out, string(r-0x60))
	}
	small := map[rune]string{'ア': "ァｧぁ", 'イ': "ィｨぃヰゐ", 'ウ': "ゥｩぅ", 'エ': "ェｪぇヱゑ", 'オ': "ォｫぉヲをｦ", 'ツ': "ッｯっ", 'ヤ': "ャｬゃ", 'ユ': "ュｭゅ", 'ヨ': "ョｮょ", 'ワ': "ヮゎ", 'ジ': "ヂぢ", 'ズ': "ヅづ", 'カ': "ヵ", 'ケ': "ヶ", 'ー': "-－‐‑‒–—―−ｰ─〜~"}
	for _, s := range small[r] {
		out = append(out, string(s))
	}
	half := []rune(norm.NFD.String(string(r)))
	for h := '｡'; h <= 'ﾟ'; h++ {
		if norm.NFKC.String(string(h)) == string(half[0]) {
			s := string(h)
			if len(half) > 1 {
				s += map[rune]string{0x3099: "ﾞ", 0x309A: "ﾟ"}[half[1]]
			}
			out = append(out, s)
		}
	}
	return out
}

func TestWeakKanaIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p KanaParser
		f, _ := p.Parse([]byte(string(rapid.SliceOfN(rapid.SampledFrom(kanaAlphabet), 1, 20).Draw(t, "kana"))))
		once := AppendWeakKana(nil, f.Family)
		if twice := AppendWeakKana(nil, once); !slices.Equal(once, twice) {
			t.Fatalf("%s becomes %s, then %s", kanaText(f.Family), kanaText(once), kanaText(twice))
		}
	})
}

func FuzzKana(f *testing.F) {
	for _, s := range []string{"ﾔﾏﾀﾞ ﾀﾛｳ", "カ）ヤマダ(", "ヤマダ［スズキ］ハナコ", "・・", "セイネンコウケンニン", "ゞヾゝ゛゜ﾞ", "\xff\xe3\x82", "ワ゛ヷ", "(カ)(ユ", "株式会社後見人"} {
		f.Add([]byte(s))
	}
	var p, q KanaParser
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, notes := p.Parse(raw)
		for _, c := range slices.Concat(form.Family, form.Given) {
			if c == KanaSeparator || c >= kanaNone && c < KanaASCII || c < kanaNone && kanaCJKTable[int(c)+KanaBase-0x3000].code() != c {
				t.Fatalf("%q leaves the code %#x", raw, c)
			}
		}
		if form.Split != (len(form.Given) > 0) || len(form.Family) == 0 && notes&(NoteEmpty|NoteDummy) == 0 {
			t.Fatalf("%q: %q %q %v", raw, form.Family, form.Given, notes.Names())
		}
		r := NormalizeKana(string(raw))
		if !utf8.ValidString(r.Canonical) {
			t.Fatalf("%q: canonical %q", raw, r.Canonical)
		}
		again, _ := q.Parse([]byte(r.Canonical))
		if again.Split != form.Split || !slices.Equal(again.Family, form.Family) || !slices.Equal(again.Given, form.Given) {
			t.Fatalf("%q gives %s, which gives %s %s", raw, r.Canonical, kanaText(again.Family), kanaText(again.Given))
		}
		weak := AppendWeakKana(nil, form.Family)
		if !slices.Equal(AppendWeakKana(nil, weak), weak) {
			t.Fatalf("weak fold of %s is not stable", r.Canonical)
		}
	})
}

// What foldPlain takes on, it folds as fold does.
func TestPlainKanaIsFoldedAsAnyOther(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("アカガサザシジタチツニハパプヘマヤラロワンャュョッァーニンシヤジ　"))
		if rapid.Bool().Draw(t, "mixed") {
			letters = rapid.SampledFrom([]rune("アシャー　ヽ・゛ヂヲ、。か漢ｱｶﾞﾞA 1（〔〓\u3040\u30a0\u30ffﾟ"))
		}
		raw := []byte(string(rapid.SliceOfN(letters, 0, 18).Draw(t, "name")))
		if rapid.IntRange(0, 9).Draw(t, "broken") == 0 && len(raw) > 0 {
			raw[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		var p, q KanaParser
		notes, saw, plain := p.foldPlain(raw)
		if !plain {
			return
		}
		taken++
		wantNotes, wantSaw := q.fold(raw)
		if !bytes.Equal(p.codes, q.codes) || notes != wantNotes || saw != wantSaw || p.spaces != q.spaces || p.spaces > 0 && p.space != q.space {
			t.Fatalf("%q: %x %v %b %d at %d, want %x %v %b %d at %d", raw, p.codes, notes, saw, p.spaces, p.space, q.codes, wantNotes, wantSaw, q.spaces, q.space)
		}
	})
	if taken == 0 {
		t.Error("no field is plain")
	}
}
