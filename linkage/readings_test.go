package linkage

import (
	"testing"
)

func TestOwnersAreFoundByHowTheirKanjiAreRead(t *testing.T) {
	for _, test := range []struct{ what, registered, written string }{
		{"both divided", "勅使河原　綾香", "テシガワラ　アヤカ"},
		{"kana not divided", "勅使河原　綾香", "テシガワラアヤカ"},
		{"kanji not divided", "勅使河原綾香", "テシガワラ　アヤカ"},
		{"kanji with kana", "勅使河原　ミツ子", "テシガワラ　ミツコ"},
		{"neither divided", "勅使河原綾香", "テシガワラアヤカ"},
	} {
		t.Run(test.what, func(t *testing.T) {
			people := townspeople(3000)
			kana := make([]string, len(people))
			people[1700].name, people[1700].kana = test.registered, test.written
			for i := range people {
				kana[i], people[i].kana = people[i].kana, ""
			}
			s := newScene(t, people)
			for i := range people {
				described := i
				if i == 40 {
					described = 1700
				}
				if i != 1700 {
					s.link(number(i), resident{kana: kana[described]})
				}
			}
			got := s.audit(t, 2).at(42)
			if got == nil || got.Owner == nil || got.Owner.Number != number(1700) {
				t.Fatalf("finding %+v, want the owner %s", got, number(1700))
			}
		})
	}
}
