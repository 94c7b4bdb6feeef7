package normalize

import "bytes"

// Account holders are written with words that are no part of a person's name:
// legal forms of companies in the bank abbreviations, and the capacity in which
// somebody acts for the holder. They go, and a note stays.

// Abbreviations of legal forms, as banks write them before, after or between
// parentheses: ｶ)ﾔﾏﾀﾞ  ﾔﾏﾀﾞ(ｶ  ﾔﾏﾀﾞ(ｶ)ﾄｳｷﾖｳ.
var corporateForms = [][]byte{
	kanaCodes("カ"), kanaCodes("ユ"), kanaCodes("メ"), kanaCodes("シ"), kanaCodes("ド"), kanaCodes("イ"),
	kanaCodes("イダン"), kanaCodes("イシヤ"), kanaCodes("ザイ"), kanaCodes("シヤ"), kanaCodes("シユウ"),
	kanaCodes("ガク"), kanaCodes("フク"), kanaCodes("ホゴ"), kanaCodes("ソ"), kanaCodes("ゾ"), kanaCodes("トクヒ"),
	kanaCodes("ドク"), kanaCodes("チドク"), kanaCodes("ベン"), kanaCodes("ギヨ"), kanaCodes("シホウ"), kanaCodes("ゼイ"),
	kanaCodes("ダイ"), kanaCodes("コダイ"), kanaCodes("ノウ"), kanaCodes("カンリ"), kanaCodes("シヤロウ"), kanaCodes("シホ"),
	kanaCodes("レン"), kanaCodes("キヨウクミ"), kanaCodes("セイキヨウ"), kanaCodes("キヨレン"), kanaCodes("ノウキヨウ"),
	kanaCodes("シヤキヨウ"), kanaCodes("コクホレン"), kanaCodes("シヤホ"), kanaCodes("エイ"), kanaCodes("シユツ"),
	kanaCodes("トク"), kanaCodes("カンザイ"), kanaCodes("ユウ"), kanaCodes("ギヨキヨウ"), kanaCodes("ギヨレン"),
}

// Legal forms written out in kana.
var corporateWords = [][]byte{
	kanaCodes("カブシキガイシヤ"), kanaCodes("カブシキカイシヤ"), kanaCodes("ユウゲンガイシヤ"), kanaCodes("ユウゲンカイシヤ"),
	kanaCodes("ゴウドウガイシヤ"), kanaCodes("ゴウドウカイシヤ"), kanaCodes("ゴウシガイシヤ"), kanaCodes("ゴウメイガイシヤ"),
	kanaCodes("イリヨウホウジン"), kanaCodes("イツパンシヤダンホウジン"), kanaCodes("シヤダンホウジン"),
	kanaCodes("イツパンザイダンホウジン"), kanaCodes("ザイダンホウジン"), kanaCodes("シユウキヨウホウジン"),
	kanaCodes("ガツコウホウジン"), kanaCodes("シヤカイフクシホウジン"), kanaCodes("トクテイヒエイリカツドウホウジン"),
}

// The capacity in which somebody acts for the holder. Longer words first.
var guardianWords = [][]byte{
	kanaCodes("ミセイネンヒコウケンニン"), kanaCodes("セイネンヒコウケンニン"), kanaCodes("ミセイネンコウケンニン"),
	kanaCodes("セイネンコウケンニン"), kanaCodes("ニンイコウケンニン"), kanaCodes("コウケンカントクニン"),
	kanaCodes("ヒコウケンニン"), kanaCodes("コウケンニン"), kanaCodes("ホウテイダイリニン"), kanaCodes("トクベツダイリニン"),
	kanaCodes("ソウゾクザイサンカンリニン"), kanaCodes("フザイシヤザイサンカンリニン"), kanaCodes("ザイサンカンリニン"),
	kanaCodes("ユイゴンシツコウシヤ"), kanaCodes("ハサンカンザイニン"), kanaCodes("シンケンシヤ"),
	kanaCodes("ダイリニン"), kanaCodes("ヒホサニン"), kanaCodes("ヒホジヨニン"), kanaCodes("ホサニン"), kanaCodes("ホジヨニン"),
}

// Kanji words in a kana field, with what they are. Longer words first.
var holderKanjiWords = []struct {
	word string
	note Notes
}{
	{"未成年被後見人", NoteGuardian}, {"成年被後見人", NoteGuardian}, {"未成年後見人", NoteGuardian},
	{"成年後見人", NoteGuardian}, {"任意後見人", NoteGuardian}, {"後見監督人", NoteGuardian},
	{"被後見人", NoteGuardian}, {"後見人", NoteGuardian}, {"被保佐人", NoteGuardian}, {"保佐人", NoteGuardian},
	{"被補助人", NoteGuardian}, {"補助人", NoteGuardian}, {"法定代理人", NoteGuardian}, {"特別代理人", NoteGuardian},
	{"代理人", NoteGuardian}, {"親権者", NoteGuardian}, {"相続財産管理人", NoteGuardian},
	{"不在者財産管理人", NoteGuardian}, {"財産管理人", NoteGuardian}, {"遺言執行者", NoteGuardian},
	{"破産管財人", NoteGuardian}, {"相続人代表", NoteGuardian},
	{"株式会社", NoteCorporate}, {"有限会社", NoteCorporate}, {"合同会社", NoteCorporate}, {"合資会社", NoteCorporate},
	{"合名会社", NoteCorporate}, {"医療法人", NoteCorporate}, {"社会福祉法人", NoteCorporate},
	{"(株)", NoteCorporate}, {"（株）", NoteCorporate}, {"㈱", NoteCorporate}, {"(有)", NoteCorporate}, {"（有）", NoteCorporate}, {"㈲", NoteCorporate},
}

// stripKanjiWords returns the field without the kanji word it holds, and false
// if it holds none that is known.
func (p *KanaParser) stripKanjiWords(raw []byte, notes *Notes) ([]byte, bool) {
	rest := p.spare[:0]
	for i := range holderKanjiWords {
		w := &holderKanjiWords[i]
		at := indexString(raw, w.word)
		if at < 0 {
			continue
		}
		*notes |= w.note
		before, after := trimHolder(raw[:at]), trimHolder(raw[at+len(w.word):])
		if w.note == NoteGuardian {
			rest = append(rest, holderSide(before, after)...)
		} else {
			rest = append(append(append(rest, before...), ' '), after...)
		}
		p.spare = rest
		return rest, true
	}
	return nil, false
}

// holderSide picks the side of a capacity word on which the holder stands:
// before it (the guardian's own name may follow), else behind it.
func holderSide(before, after []byte) []byte {
	if len(before) > 0 {
		return before
	}
	return after
}

// indexString is bytes.Index for a string, without a copy.
func indexString(b []byte, s string) int {
	for i := 0; i+len(s) <= len(b); i++ {
		if b[i] == s[0] && string(b[i:i+len(s)]) == s {
			return i
		}
	}
	return -1
}

func trimHolder(b []byte) []byte {
	for {
		n := len(b)
		b = bytes.Trim(b, " ()[]")
		for _, s := range []string{"　", "（", "）", "［", "］", "・", "･"} {
			if len(b) >= len(s) && string(b[:len(s)]) == s {
				b = b[len(s):]
			}
			if len(b) >= len(s) && string(b[len(b)-len(s):]) == s {
				b = b[:len(b)-len(s)]
			}
		}
		if len(b) == n {
			return b
		}
	}
}

// stripBrackets removes what stands in parentheses: legal forms, former and
// other names. Where nothing stands outside, the inside stays.
func (p *KanaParser) stripBrackets() Notes {
	var notes Notes
	const open, shut = KanaASCII | '(', KanaASCII | ')'
	codes := p.codes
	if at := bytes.IndexByte(codes, shut); at >= 0 && bytes.IndexByte(codes[:at], open) < 0 && isCorporateForm(codes[:at]) {
		codes = codes[at+1:]
		notes |= NoteCorporate
	}
	if at := bytes.LastIndexByte(codes, open); at >= 0 && bytes.IndexByte(codes[at:], shut) < 0 && isCorporateForm(codes[at+1:]) {
		codes = codes[:at]
		notes |= NoteCorporate
	}
	out := p.spare[:0]
	for i := 0; i < len(codes); i++ {
		c := codes[i]
		var end byte
		switch c {
		case open:
			end = shut
		case kanaOpen:
			end = kanaClose
		case shut, kanaClose:
			continue
		default:
			out = append(out, c)
			continue
		}
		n := bytes.IndexByte(codes[i+1:], end)
		if n < 0 { // never closed: cut off, or a stray sign
			continue
		}
		inside := codes[i+1 : i+1+n]
		switch {
		case c == kanaOpen:
			notes |= NoteFormerName
		case isCorporateForm(inside):
			notes |= NoteCorporate
		case len(trimSpaces(out)) == 0 && !hasKanaCode(codes[i+n+2:]):
			for _, c := range inside {
				if c != open && c != shut && c != kanaOpen && c != kanaClose {
					out = append(out, c)
				}
			}
			i += n + 1
			continue
		default:
			notes |= NoteAlias
		}
		if len(out) > 0 && out[len(out)-1] != kanaSpace {
			out = append(out, kanaSpace)
		}
		i += n + 1
		for i+1 < len(codes) && codes[i+1] == kanaSpace {
			i++
		}
	}
	p.codes, p.spare = out, p.codes
	return notes
}

func hasKanaCode(codes []byte) bool {
	for _, c := range codes {
		if c > 0 && c < kanaNone || c >= KanaASCII|'A' && c <= KanaASCII|'Z' || c == KanaWildcard {
			return true
		}
	}
	return false
}

func isCorporateForm(codes []byte) bool {
	for _, f := range corporateForms {
		if bytes.Equal(codes, f) {
			return true
		}
	}
	return false
}

// stripTerms removes the capacity and legal form words that are written out.
func (p *KanaParser) stripTerms() Notes {
	var notes Notes
	for _, w := range guardianWords {
		at := bytes.Index(p.codes, w)
		if at < 0 || len(w) < 6 && !standsAlone(p.codes, at, len(w)) {
			continue
		}
		before, after := trimSpaces(p.codes[:at]), trimSpaces(p.codes[at+len(w):])
		p.codes = p.codes[:copy(p.codes, holderSide(before, after))]
		notes |= NoteGuardian
		break
	}
	for _, w := range corporateWords {
		if at := bytes.Index(p.codes, w); at >= 0 {
			p.codes = append(p.codes[:at], p.codes[at+len(w):]...)
			notes |= NoteCorporate
			break
		}
	}
	return notes
}

func standsAlone(codes []byte, at, n int) bool {
	return (at == 0 || isSeparator(codes[at-1])) && (at+n == len(codes) || isSeparator(codes[at+n]))
}

func trimSpaces(codes []byte) []byte {
	for len(codes) > 0 && isSeparator(codes[0]) {
		codes = codes[1:]
	}
	for len(codes) > 0 && isSeparator(codes[len(codes)-1]) {
		codes = codes[:len(codes)-1]
	}
	return codes
}
