package linkage

import (
	"fmt"
	"testing"
)

func TestOrderByPlace(t *testing.T) {
	repeat := func(n int, places ...uint16) (list []uint16) {
		for range n {
			list = append(list, places...)
		}
		return list
	}
	for _, c := range []struct {
		what        string
		places      []uint16
		least, most float64
	}{
		{"by place", append(repeat(5000, 1), repeat(5000, 2)...), 0.98, 1},
		{"one in ten from elsewhere", repeat(1000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), 0.85, 0.88}, // its neighbours stand between differing rows
		{"in turn", repeat(5000, 1, 2), 0, 0},
		{"too few rows to tell", repeat(10, 1), 0, 0.1},
		{"holders unknown", repeat(1000, 0), 0, 0},
		{"nothing", nil, 0, 0},
	} {
		var o order
		o.count(c.places)
		if got := o.share(); got < c.least || got > c.most {
			t.Errorf("%s: %.3f, want %.2f to %.2f", c.what, got, c.least, c.most)
		}
	}
}

// A row that describes two strangers alike is that one's who lives where the
// rows beside it come from, if the file goes by place, else rather that one's who
// lives where the holder does.
func TestOwnerWhereTheRowsBesideLive(t *testing.T) {
	for _, sorted := range []bool{true, false} {
		people := townspeople(4000)
		for i := range people {
			if i%4 >= 2 {
				people[i].address = fmt.Sprintf("北海道函館市末広町%d番%d号", 1+i/60, 1+i%60)
			}
		}
		here := resident{"東海林　修", "ショウジ　オサム", "1950-01-02", "男", "東京都八王子市元本郷町9丁目9番9号", "H90001"}
		there := resident{here.name, here.kana, "1980-03-04", here.sex, "北海道函館市末広町99番99号", "H90002"}
		people[2000], people[2002] = here, there
		s := newScene(t, people)
		line := int64(0)
		row := func(i int) {
			s.link(number(i), people[i])
			if i == 1000 {
				s.link(number(3002), kanaOnly(here)) // of somebody who lives there
				line = s.line
			}
		}
		if sorted {
			for _, half := range []int{0, 2} {
				for i := half; i < 2000; i += 4 {
					row(i)
					row(i + 1)
				}
			}
		} else {
			for i := range 500 {
				for _, k := range []int{0, 2, 1, 3} {
					row(4*i + k)
				}
			}
		}
		f := s.audit(t, 2).at(line)
		if f == nil || f.Verdict != Mislinked {
			t.Fatalf("sorted %v: finding %+v", sorted, f)
		}
		want := number(2002)
		if sorted {
			want = number(2000)
		}
		if f.Owner == nil || f.Owner.Number != want {
			t.Fatalf("sorted %v: owner %+v", sorted, f.Owner)
		}
		f.addsUp(t)
		if !told(f.Owner.Evidence, DetailLikelyPlace) || !told(f.Candidates[1].Evidence, DetailOtherPlace) {
			t.Errorf("sorted %v: the places do not stand in the evidence: %+v", sorted, f.Candidates)
		}
	}
}
