package normalize

// ParseSex reads 男/女, 男性/女性, 1/2 (0 and 9 are unknown), M/F, male/female,
// in any width and case. Everything else is unknown.
func ParseSex(raw []byte) Sex {
	if len(raw) == 1 {
		return sexOfByte[raw[0]] // which of two it is cannot be predicted
	}
	if len(raw) == 3 {
		switch string(raw) {
		case "男":
			return Male
		case "女":
			return Female
		}
	}
	return parseSexText(raw)
}

var sexOfByte = func() (t [256]Sex) {
	for c := range t {
		t[c] = sexOfSign(rune(c))
	}
	return t
}()

func sexOfSign(r rune) Sex {
	switch r {
	case '1', 'M', 'm', '男', '♂', '①':
		return Male
	case '2', 'F', 'f', '女', '♀', '②':
		return Female
	}
	return SexUnknown
}

// parseSexText reads the long spellings: the field is folded to at most
// sexTextMax signs, and each word it may hold is compared as a whole.
func parseSexText(raw []byte) Sex {
	const sexTextMax = 8
	var text [sexTextMax]rune
	n := 0
	for i := 0; i < len(raw); {
		r, size, _ := nextSign(raw, i)
		i += size
		switch r {
		case ' ', '(', ')', ':', '.', ',', '"', '\'', '・':
			continue
		}
		if n == sexTextMax {
			return SexUnknown
		}
		text[n] = r
		n++
	}
	word := text[:n]
	// A code with its meaning: 1男, 2:女性. Both must agree.
	if n > 1 && (word[0] == '0' || word[0] == '1' || word[0] == '2') {
		if word[0] == '0' { // 01, 02
			word = word[1:]
		}
		if len(word) == 1 {
			return sexOfSign(word[0])
		}
		code, named := sexOfSign(word[0]), sexOfWord(word[1:])
		if code == named {
			return code
		}
		return SexUnknown
	}
	return sexOfWord(word)
}

func sexOfWord(word []rune) Sex {
	if len(word) == 1 {
		return sexOfSign(word[0])
	}
	for _, w := range sexWords {
		if equalRunes(word, w.text) {
			return w.sex
		}
	}
	return SexUnknown
}

var sexWords = [...]struct {
	text string
	sex  Sex
}{
	{"男性", Male}, {"女性", Female}, {"男子", Male}, {"女子", Female},
	{"MALE", Male}, {"FEMALE", Female}, {"MAN", Male}, {"WOMAN", Female},
	{"オトコ", Male}, {"オンナ", Female}, {"おとこ", Male}, {"おんな", Female},
	{"男の子", Male}, {"女の子", Female}, {"ｵﾄｺ", Male}, {"ｵﾝﾅ", Female},
	{"ダンセイ", Male}, {"ジョセイ", Female},
}

func equalRunes(a []rune, b string) bool {
	i := 0
	for _, r := range b {
		if i == len(a) || a[i] != r {
			return false
		}
		i++
	}
	return i == len(a)
}
