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
	apart := []string{"斎斉", "島嶋", "島嶌", "冨富", "館舘", "埼崎", "薗園", "籐藤", "祇祗", "莵菟"}
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
	if Confusable('山', '川') {
		t.Error("山 and 川 are confusable")
	}
}
