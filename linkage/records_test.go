package linkage

import (
	"fmt"
	"strings"
	"testing"
)

// doublesAtPlay is a town in which one person in ten has a double, two of a
// hundred of them mixed up with an address to show it, and a pair that a test
// gives its own links.
func doublesAtPlay(t *testing.T) (s *scene, first, second resident) {
	people := townspeople(4000)
	for i := range 100 {
		people[2000+10*i] = people[10*i]
		people[2000+10*i].address = "北海道函館市末広町4番5号"
		people[2000+10*i].household += "X"
	}
	first = newcomer
	second = first
	second.address, second.household = "北海道函館市末広町4番5号", "H90002"
	people[105], people[2105] = first, second
	s = newScene(t, people)
	for i := range 3000 {
		if i == 105 || i == 2105 {
			continue
		}
		p := people[i]
		if i < 1000 && i%500 == 0 {
			p = people[2000+i]
		}
		s.link(number(i), p)
	}
	return s, first, second
}

// Of two records under one number, each of which two people of one name and
// birth date may have sent, one is wrong and nothing says which.
func TestTwoUndecidedRecordsShareTheBlame(t *testing.T) {
	s, first, _ := doublesAtPlay(t)
	first.address = ""
	var lines []int64
	for range 2 {
		s.link(number(105), first)
		lines = append(lines, s.line)
		s.link(number(3500), s.people[3500])
	}
	got := s.auditFrom(t, 2, 1e-4)
	for _, line := range lines {
		f := got.at(line)
		if f == nil || f.PWrong < 0.2 || f.PWrong > 0.6 || !f.Ambiguous {
			t.Errorf("line %d: %+v, want about half", line, f)
		}
	}
}

// Where the double's number carries the holder's own record, the holder would
// have two if this were its own too.
func TestExchangedRecordsOfDoubles(t *testing.T) {
	s, first, second := doublesAtPlay(t)
	bare := second
	bare.address = ""
	s.link(number(2105), first)
	s.link(number(3500), s.people[3500])
	s.link(number(105), bare)
	f := s.audit(t, 2).at(s.line)
	if f == nil || f.PWrong < 0.8 || f.Cause != Namesake || f.Verdict != Review {
		t.Errorf("%+v, want a mix-up both ways for review", f)
	}
}

// Who has no other record is rather right than wrong, which evidence and weight say.
func TestNumberWithoutAnotherRecord(t *testing.T) {
	s, _, second := doublesAtPlay(t)
	second.address = ""
	s.link(number(105), second)
	f := s.audit(t, 2).at(s.line)
	if f == nil || !told(f.Evidence, DetailNoOtherRecord) {
		t.Fatalf("finding %+v, want that the number has no other record", f)
	}
	f.addsUp(t)
}

// Of two people of one name whom a stranger's number may have been meant for,
// the one that misses a record is the owner.
func TestOwnerMissesItsRecord(t *testing.T) {
	people := townspeople(4000)
	first := newcomer
	second := first
	second.birth, second.household = "1984-11-30", "H90002"
	people[3105], people[3205] = first, second
	for _, has := range []int{3105, 3205} {
		s := newScene(t, people)
		line := int64(0)
		for i := range 3000 {
			p := people[i]
			if i == 300 {
				p = kanaOnly(first)
				line = s.line + 1
			}
			s.link(number(i), p)
		}
		s.link(number(has), people[has])
		f := s.audit(t, 2).at(line)
		owner := number(3105 + 3205 - has)
		if f == nil || f.Owner == nil || f.Owner.Number != owner {
			t.Fatalf("%d has a record: %+v, want the other as the owner", has, f)
		}
		f.addsUp(t)
		if !told(f.Owner.Evidence, DetailNoOtherRecord) || !told(f.Candidates[1].Evidence, DetailOwnRecord) {
			t.Errorf("%d has a record, which does not stand in the evidence: %+v", has, f.Candidates)
		}
	}
}

// A bank's rows of kana alone tell doubles apart by a slip at most, and who made
// none was cleared: what is left says nothing of how often doubles are mixed up.
func TestMixupsAreNotLearnedFromKanaAlone(t *testing.T) {
	people := townspeople(4000)
	given := []string{"アキコ", "サチコ", "ミチコ", "ノリコ", "タカコ", "ヤスコ", "マサコ", "カズコ", "フミコ", "トモコ"}
	for i, name := range given {
		read := resident{"武　裕子", "タケ　ユウコ", fmt.Sprintf("1961-07-%02d", 1+i), "女", "東京都八王子市元本郷町1丁目2番3号", fmt.Sprint("R", i)}
		people[10*i] = read
		read.kana, read.address, read.household = "タケ　ヒロコ", "北海道函館市末広町4番5号", fmt.Sprint("S", i)
		people[2000+10*i] = read
		spelled := resident{"高田　" + name, "タカダ　" + name, fmt.Sprintf("1971-03-%02d", 1+i), "女", "東京都八王子市元本郷町1丁目2番3号", fmt.Sprint("T", i)}
		people[1000+10*i] = spelled
		spelled.address, spelled.household = "北海道函館市末広町4番5号", fmt.Sprint("U", i)
		people[3000+10*i] = spelled
	}
	s := newScene(t, people)
	var tied []int64
	for i := range 3000 {
		p := people[i]
		switch {
		case i < 100 && i%10 == 0:
			p = people[2000+i]
		case i >= 1000 && i < 1100 && i%10 == 0:
			p.kana = strings.Replace(p.kana, "タカダ", "タカタ", 1)
			tied = append(tied, s.line+1)
		}
		s.link(number(i), kanaOnly(p))
	}
	got := s.auditFrom(t, 2, 1e-4)
	for _, line := range tied {
		if f := got.at(line); f != nil && f.PWrong > 0.02 {
			t.Errorf("line %d: p %.4f by %v, but nothing speaks against the holder", line, f.PWrong, f.Cause)
		}
	}
}
