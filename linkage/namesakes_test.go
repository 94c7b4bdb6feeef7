package linkage

import "testing"

func TestNamesakesWhoGotEachOthersNumbers(t *testing.T) {
	people := townspeople(4000)
	people[100] = newcomer
	people[2100] = resident{"東海林　修", "ショウジ　オサム", "1984-11-30", "男", "北海道函館市末広町4番5号", "H90002"}
	s := newScene(t, people)
	for i := range people {
		switch i {
		case 100:
			s.link(number(2100), people[i])
		case 2100:
			s.link(number(100), people[i])
		default:
			s.link(number(i), people[i])
		}
	}
	got := s.audit(t, 2)
	expectNamesake(t, got, 100, 100)
	expectNamesake(t, got, 2100, 2100)
}

func TestNamesakesByReading(t *testing.T) {
	people := townspeople(4000)
	people[100] = resident{"東海林　裕子", "ショウジ　ユウコ", "1961-07-08", "女", "東京都八王子市元本郷町1丁目2番3号", "H90001"}
	people[2100] = resident{"東海林　優子", "ショウジ　ユウコ", "1984-11-30", "女", "北海道函館市末広町4番5号", "H90002"}
	described := append([]resident(nil), people...)
	for i := range people {
		people[i].kana = ""
	}
	s := newScene(t, people)
	for i := range described {
		if i == 100 {
			s.link(number(i), described[2100])
		} else {
			s.link(number(i), described[i])
		}
	}
	expectNamesake(t, s.audit(t, 2), 100, 2100)
}

// expectNamesake wants the link in the place of one person to be another's of
// the same name.
func expectNamesake(t *testing.T, got *collected, place, owner int) {
	t.Helper()
	f := got.at(int64(place) + 2)
	if f == nil || f.Verdict != Mislinked || f.Cause != Namesake || f.Owner == nil {
		t.Fatalf("finding %+v, want a namesake's", f)
	}
	if f.Owner.Number != number(owner) {
		t.Errorf("another owner than the row describes")
	}
}
