package normalize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// The tests of this file hold what the hot path does against references that
// are written the slow and obvious way on characters and digits, over a million
// drawn inputs each.

const millionDraws = 1_000_000

// referenceText maps each character of an alphabet through a reference fold, so
// that a million texts take no longer than the texts themselves.
func referenceText(alphabet []rune, fold func(string) string) map[rune]string {
	to := make(map[rune]string, len(alphabet))
	for _, r := range alphabet {
		to[r] = fold(string(r))
	}
	return to
}

func TestMillionKanaAgreeWithTheReference(t *testing.T) {
	to := referenceText(kanaAlphabet, referenceKana)
	marked := map[rune]string{}
	for _, r := range "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ" {
		marked[r] = referenceKana(string(r) + "ﾞ")
	}
	r := rand.New(rand.NewPCG(1, 1))
	var p KanaParser
	var text, want []byte
	for range millionDraws {
		text, want = text[:0], want[:0]
		for range 1 + r.IntN(7) {
			c := kanaAlphabet[r.IntN(len(kanaAlphabet))]
			text = append(text, string(c)...)
			if voiced := marked[c]; voiced != "" && r.IntN(2) == 0 {
				text = append(text, "ﾞ"...)
				want = append(want, voiced...)
				continue
			}
			want = append(want, to[c]...)
		}
		p.fold(text)
		if got := kanaText(p.codes); got != string(want) {
			t.Fatalf("%q: %s, the reference has %s", text, got, want)
		}
	}
}

// referenceWeak is the weak fold of large katakana, on characters.
func referenceWeak(kana []rune) string {
	var b strings.Builder
	at := func(i int) rune {
		if i < len(kana) {
			return kana[i]
		}
		return 0
	}
	var vowel rune // what the next character may lengthen
	for i := 0; i < len(kana); i++ {
		c := kana[i]
		plain := referenceUnvoiced[c]
		switch {
		case c == 'ー' || vowel != 0 && (c == vowel || vowel == 'オ' && c == 'ウ' || vowel == 'エ' && c == 'イ'):
			if vowel != 0 {
				b.WriteRune('ー')
			}
			vowel = 0
			continue
		case plain == 'フ' && strings.ContainsRune("アイエオ", at(i+1)):
			plain = map[rune]rune{'ア': 'ハ', 'イ': 'ヒ', 'エ': 'ヘ', 'オ': 'ホ'}[at(i+1)]
			i++
		case plain == 'シ' && at(i+1) == 'エ' && b.Len() == 0:
			plain = 'セ'
			i++
		case plain == 'テ' && at(i+1) == 'イ' && strings.ContainsRune("ーンアエオ", at(i+2)):
			plain = map[rune]rune{'テ': 'チ', 'デ': 'シ'}[c]
			i++
		}
		b.WriteRune(plain)
		vowel = referenceVowel[plain]
	}
	return b.String()
}

// referenceUnvoiced takes the mark off: Unicode's decomposition, but for ヴ,
// which foreign names exchange with ブ and フ.
var referenceUnvoiced = func() map[rune]rune {
	to := map[rune]rune{}
	for _, r := range kanaAlphabet {
		to[r] = []rune(norm.NFD.String(string(r)))[0]
	}
	to['ヴ'] = 'フ'
	return to
}()

var referenceVowel = func() map[rune]rune {
	of := map[rune]rune{}
	for row, vowel := range map[string]rune{
		"アカサタナハマヤラワ": 'ア', "イキシチニヒミリ": 'イ', "ウクスツヌフムユル": 'ウ', "エケセテネヘメレ": 'エ', "オコソトノホモヨロ": 'オ',
	} {
		for _, r := range row {
			of[r] = vowel
		}
	}
	return of
}()

func TestMillionWeakKanaAgreeWithTheReference(t *testing.T) {
	// Drawn from few characters, so that the rules of neighbours meet.
	alphabet := []rune("アイウエオーンカガシジテデフブヴホトドスズョミ")
	alphabet = []rune(referenceKana(string(alphabet)))
	r := rand.New(rand.NewPCG(2, 2))
	var weak, codes []byte
	var text []rune
	for range millionDraws {
		text, codes = text[:0], codes[:0]
		for range 1 + r.IntN(4) {
			c := alphabet[r.IntN(len(alphabet))]
			text = append(text, c)
			codes = append(codes, byte(c-KanaBase))
		}
		want := referenceWeak(text)
		weak = AppendWeakKana(weak[:0], codes)
		if got := kanaText(weak); got != want {
			t.Fatalf("%s: %s, the reference has %s", string(text), got, want)
		}
	}
}

func TestMillionNamesAgreeWithTheReference(t *testing.T) {
	strong, alphabet := referenceAlphabet()
	to := referenceText(alphabet, func(s string) string { return referenceName(s, strong) })
	r := rand.New(rand.NewPCG(3, 3))
	var p NameParser
	var text, want, got []byte
	for range millionDraws {
		text, want = text[:0], want[:0]
		for range 1 + r.IntN(6) {
			c := alphabet[r.IntN(len(alphabet))]
			text = append(text, string(c)...)
			want = append(want, to[c]...)
		}
		p.fold(text)
		if got = DecodeKanji(got[:0], p.codes); string(got) != string(want) {
			t.Fatalf("%q: %s, the reference has %s", text, got, want)
		}
	}
}

func TestMillionCheckDigitsAgreeWithTheRules(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	weighted := func(digits string, weights ...int) (sum int) {
		for i, d := range digits {
			sum += int(d-'0') * weights[i]
		}
		return sum
	}
	for range millionDraws / 4 {
		digits := fmt.Sprintf("%011d", r.Uint64N(1e11))
		n := uint64(0)
		for _, d := range digits {
			n = n*10 + uint64(d-'0')
		}
		if got, want := MyNumberCheckDigit(n), uint64(myNumberOracle(digits)-'0'); got != want {
			t.Fatalf("individual number %s: %d, the rule gives %d", digits, got, want)
		}

		ten := digits[1:]
		want := weighted(ten, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
		if want == 10 {
			want = weighted(ten, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
		}
		if got := isikukoodCheckDigit(n % 1e10); got != uint64(want) {
			t.Fatalf("isikukood %s: %d, the rule gives %d", ten, got, want)
		}

		five := digits[6:]
		want = (11 - weighted(five, 6, 5, 4, 3, 2)%11) % 10
		if got := LocalGovernmentCheckDigit(uint32(n % 1e5)); got != uint32(want) {
			t.Fatalf("local government %s: %d, the rule gives %d", five, got, want)
		}

		seven := digits[4:]
		sum := 0
		for i, d := range seven {
			product := int(d-'0') * (2 - i%2)
			sum += product/10 + product%10
		}
		if got, want := insurerCheckDigit(uint32(n%1e7)), uint32((10-sum%10)%10); got != want {
			t.Fatalf("insurer %s: %d, the rule gives %d", seven, got, want)
		}
	}
}

// A million dates, of which some cannot be, against package time.
func TestMillionDatesAgreeWithPackageTime(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var text []byte
	for range millionDraws {
		y, m, d := 1901+r.IntN(lastYear-1900), 1+r.IntN(12), 1+r.IntN(31)
		text = fmt.Appendf(text[:0], "%04d-%02d-%02d", y, m, d)
		if r.IntN(2) == 0 {
			text = fmt.Appendf(text[:0], "%d年%d月%d日", y, m, d)
		}
		want, wantNotes := MakeDate(y, m, d), Notes(0)
		if time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() != d {
			want, wantNotes = MakeDate(y, m, 0), NoteImpossible|NotePartUnknown
		}
		if got, notes := ParseDate(text); got != want || notes != wantNotes {
			t.Fatalf("%s: %d-%d-%d %v", text, got.Year(), got.Month(), got.Day(), notes.Names())
		}
	}
}

// Every day since the Gregorian calendar came, in the era it lay in.
func TestEveryDayAgreesWithTheTableOfEras(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	table := []struct {
		name, letter string
		first        time.Time
	}{
		{"明治", "M", day("1868-01-25")}, {"大正", "T", day("1912-07-30")}, {"昭和", "S", day("1926-12-25")},
		{"平成", "H", day("1989-01-08")}, {"令和", "R", day("2019-05-01")},
	}
	now := 0
	for d := day("1873-01-01"); d.Year() < 2060; d = d.AddDate(0, 0, 1) {
		for now+1 < len(table) && !d.Before(table[now+1].first) {
			now++
		}
		if d.Equal(day("1900-01-01")) {
			continue // the zero of a spreadsheet
		}
		era, year := table[now], d.Year()-table[now].first.Year()+1
		for _, s := range []string{
			fmt.Sprintf("%s%d年%d月%d日", era.name, year, d.Month(), d.Day()),
			fmt.Sprintf("%s%02d.%02d.%02d", era.letter, year, d.Month(), d.Day()),
			fmt.Sprintf("%d%02d%02d%02d", now+1, year, d.Month(), d.Day()),
		} {
			got, notes := ParseDate([]byte(s))
			if got != MakeDate(d.Year(), int(d.Month()), d.Day()) || notes&NoteEraOverrun != 0 {
				t.Fatalf("%s: %d-%d-%d %v", s, got.Year(), got.Month(), got.Day(), notes.Names())
			}
		}
	}
}

// The short cuts for numbers and dates of the usual shape say what the long way
// says of any other.
func TestShortCutsAgreeWithTheLongWay(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var text []byte
	for range millionDraws / 2 {
		v := r.Uint64N(1e11)
		text = fmt.Appendf(text[:0], "%011d%d", v, MyNumberCheckDigit(v))
		if r.IntN(4) == 0 {
			text[r.IntN(len(text))] = "0123456789/:X\x00\x80\xff"[r.IntN(16)]
		}
		var d digitRun
		d.read(text)
		got, fits := readTwelve(text)
		if want := d.n == myNumberDigits && d.notes == 0 && myNumberFits(d.value()); fits != want || want && got != d.value() {
			t.Fatalf("%s: %d %v, the long way has %d %v", text, got, fits, d.value(), want)
		}
		if n, _, ok := (MyNumber{}).Parse(text); ok && uint64(n) != d.value() {
			t.Fatalf("%s: %d", text, n)
		}
	}
	for range millionDraws / 2 {
		y, m, d := 1890+r.IntN(320), r.IntN(14), r.IntN(33)
		text = fmt.Appendf(text[:0], "%04d-%02d-%02d", y, m, d)
		if r.IntN(2) == 0 {
			text = fmt.Appendf(text[:0], "%04d%02d%02d", y, m, d)
		}
		if r.IntN(4) == 0 {
			text[r.IntN(len(text))] = "0123456789/:X\x00\x80\xff"[r.IntN(16)]
		}
		want := readDate(text)
		if got, notes := ParseDate(text); got != want.date || notes != want.notes {
			t.Fatalf("%q: %v %v, the long way has %v %v", text, got, notes.Names(), want.date, want.notes.Names())
		}
		text = fmt.Appendf(text[:0], "%03d-%04d", r.IntN(1000), r.IntN(10_000))
		if r.IntN(2) == 0 {
			text = slices.Delete(text, 3, 4)
		}
		if r.IntN(4) == 0 {
			text[r.IntN(len(text))] = "0123456789/:X\x00\x80\xff"[r.IntN(16)]
		}
		wantPostal, wantNotes := parsePostalText(text)
		if got, notes := ParsePostal(text); got != wantPostal || notes != wantNotes {
			t.Fatalf("%q: %07d %v, the long way has %07d %v", text, got, notes.Names(), wantPostal, wantNotes.Names())
		}
	}
	eras := strings.Fields("明治 大正 昭和 平成 令和 M T S H R X")
	marks := [][3]string{{"年", "月", "日"}, {".", "."}, {"/", "/"}, {"年", "月", "日"}, {".", "."}, {"/", "/"},
		{"-", "-"}, {".", "/"}, {".", ".", "."}, {"年", "月"}, {"年", "日", "日"}, {"年", ".", "日"}, {"年", "月", "日。"}}
	for range 2 * millionDraws {
		year, width := r.IntN(100), r.IntN(3)
		era := eras[r.IntN(len(eras))]
		if r.IntN(2) == 0 {
			era, year, width = "", 1800+r.IntN(400), 4
			if r.IntN(8) == 0 {
				year = r.IntN(10_000)
			}
		}
		mark := marks[r.IntN(len(marks))]
		text = fmt.Appendf(text[:0], "%s%0*d%s%0*d%s%0*d%s", era, width, year, mark[0], r.IntN(3), r.IntN(14), mark[1], r.IntN(3), r.IntN(34), mark[2])
		switch r.IntN(16) {
		case 0:
			text = slices.Delete(text, r.IntN(len(text)), len(text))
		case 1:
			text[r.IntN(len(text))] = "0123456789/:X\x00\x80\xff"[r.IntN(16)]
		case 2:
			text = append(text, "0 \x00日"[r.IntN(4)])
		case 3, 4:
			text = fmt.Appendf(text[:0], "%d%06d", r.IntN(10), r.IntN(1_000_000))
		}
		want := readDate(text)
		if got, notes := ParseDate(text); got != want.date || notes != want.notes {
			t.Fatalf("%q: %v %v, the long way has %v %v", text, got, notes.Names(), want.date, want.notes.Names())
		}
	}
}
