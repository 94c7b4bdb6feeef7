package normalize

import "testing"

func TestStrongKanji(t *testing.T) {
	same := []string{
		"髙高", "﨑崎", "邊辺", "邉辺", "齋斎", "齊斉", "澤沢", "濵浜", "濱浜", "𠮷吉", "德徳", "瀨瀬", "廣広",
		"惠恵", "眞真", "槙槇", "桒桑", "栁柳", "槗橋", "𣘺橋", "淸清", "靑青", "尙尚", "曻昇", "﨤返", "驒騨", "鷗鴎",
		"櫻桜", "國国", "⼭山", "⾼高", "黃黄", "舘舘", "嶋嶋", "龍竜", "檜桧",
	}
	for _, s := range same {
		r := []rune(s)
		if FoldNameRune(r[0]) != FoldNameRune(r[1]) {
			t.Errorf("%c and %c differ", r[0], r[1])
		}
	}
	apart := []string{
		"斎斉", "島嶋", "島嶌", "冨富", "館舘", "埼崎", "薗園", "籐藤", "祇祗", "莵菟", "部辺",
		"奈菜", "沙紗", "莉梨", "里理", "花華", "正政", "池地", "藤東", "永長", "阿安",
	}
	for _, s := range apart {
		r := []rune(s)
		a, b := FoldNameRune(r[0]), FoldNameRune(r[1])
		if a == b {
			t.Errorf("%c and %c are one", r[0], r[1])
		}
		if !Confusable(a, b) || !Confusable(b, a) {
			t.Errorf("%c and %c are not confusable", r[0], r[1])
		}
		if WeakKanjiKey(a) != WeakKanjiKey(b) {
			t.Errorf("%c and %c are not in one block", r[0], r[1])
		}
	}
	for _, s := range []string{"山川", "奈彩", "弘浩", "地東", "里利", "辺倍"} {
		r := []rune(s)
		if last := r[len(r)-1]; Confusable(uint16(r[0]), uint16(last)) {
			t.Errorf("%c and %c are confusable", r[0], last)
		}
	}
}

// The tables keep their promises over every code there is.
func TestKanjiTables(t *testing.T) {
	for r := rune(0); r <= 0xFFFF; r++ {
		code := nameFold[r]
		if code >= kanjiFirst && nameFold[code] != code {
			t.Errorf("%U folds to %U, which folds to %U", r, code, nameFold[code])
		}
		if (code >= 0xD800 && code < 0xF900) != (r >= 0xD800 && r < 0xE000) {
			t.Errorf("%U folds to %U, where only characters outside the plane may be", r, code)
		}
		if class := kanjiClass[r]; kanjiClass[class] != class {
			t.Errorf("class of %U is %U, which is in class %U", r, class, kanjiClass[class])
		}
	}
	for r, code := range beyondBMP {
		if code >= kanjiFirst && nameFold[code] != code {
			t.Errorf("%U folds to %U, which folds on", r, code)
		}
	}
	for _, pair := range confusable {
		a, b := uint16(pair>>16), uint16(pair)
		if nameFold[a] != a || nameFold[b] != b {
			t.Errorf("%c and %c are confusable but not both canonical", a, b)
		}
		if !Confusable(a, b) || !Confusable(b, a) || WeakKanjiKey(a) != WeakKanjiKey(b) {
			t.Errorf("%c and %c: confusable %v %v, classes %U %U", a, b, Confusable(a, b), Confusable(b, a), WeakKanjiKey(a), WeakKanjiKey(b))
		}
	}
	sizes := map[uint16]int{}
	for r := range kanjiClass {
		sizes[kanjiClass[r]]++
	}
	for class, n := range sizes {
		if n > 20 {
			t.Errorf("the blocking class of %c has %d characters", class, n)
		}
	}
}

// Confusion is not transitive: not every chain of pairs is a pair.
func TestConfusableIsNotClosed(t *testing.T) {
	open := 0
	for _, p := range confusable {
		a, b := uint16(p>>16), uint16(p)
		for _, q := range confusable {
			if c := uint16(q >> 16); c == b && !Confusable(a, uint16(q)) {
				open++
			}
		}
	}
	if open == 0 {
		t.Error("every chain of confusable characters is closed")
	}
}
