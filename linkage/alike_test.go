package linkage

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/score"
)

// writtenAs makes a person from texts as a register has them.
func writtenAs(t testing.TB, name, kana, birth, address string) *score.Person {
	t.Helper()
	var p score.Person
	var np normalize.NameParser
	var kp normalize.KanaParser
	var ap normalize.AddressParser
	parsed, _ := np.Parse([]byte(name))
	p.Name = parsed.Main
	p.Kana, _ = kp.Parse([]byte(kana))
	p.Birth, _ = normalize.ParseDate([]byte(birth))
	p.Address, _ = ap.Parse([]byte(address), 0, 0)
	return &p
}

func TestUnique(t *testing.T) {
	const home, other = "東京都千代田区麹町1丁目2-3", "大阪府堺市堺区南瓦町3-1"
	holder := writtenAs(t, "山田　花子", "ヤマダ　ハナコ", "1970-01-02", home)
	moved := writtenAs(t, "山田　花子", "ヤマダ　ハナコ", "1970-01-02", other)
	for _, c := range []struct {
		what      string
		neighbour *score.Person
		want      bool
	}{
		{"nobody is alike", writtenAs(t, "佐藤　一郎", "サトウ　イチロウ", "1980-05-06", other), true},
		{"another birth date", writtenAs(t, "山田　花子", "ヤマダ　ハナコ", "1971-01-02", home), true},
		{"the same kana and birth date", writtenAs(t, "山田　華子", "ヤマダ　ハナコ", "1970-01-02", home), false},
		{"kana that are confusable", writtenAs(t, "山田　花子", "ヤマタ　ハナコ", "1970-01-02", home), false},
		{"the same kanji and birth date, no kana", writtenAs(t, "山田　花子", "", "1970-01-02", home), false},
		{"born that day in the record's town", writtenAs(t, "山田　太郎", "ヤマダ　タロウ", "1970-01-02", other), false},
	} {
		a := newAlike(2)
		w := a.writer()
		w.add(holder, fullKana(holder))
		w.add(c.neighbour, fullKana(c.neighbour))
		w.close()
		if got := a.unique(moved, holder); got != c.want {
			t.Errorf("%s: unique is %v", c.what, got)
		}
	}
}

func TestARecordWithoutATownIsNotUnique(t *testing.T) {
	holder := writtenAs(t, "山田　花子", "ヤマダ　ハナコ", "1970-01-02", "東京都千代田区麹町1丁目2-3")
	a := newAlike(1)
	w := a.writer()
	w.add(holder, fullKana(holder))
	w.close()
	if a.unique(writtenAs(t, "山田　花子", "ヤマダ　ハナコ", "1970-01-02", ""), holder) {
		t.Error("nobody could look for others who were born that day in its town")
	}
}

func TestKeyBitsMissNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.Map(rapid.Uint64Range(0, 500), func(k uint64) uint64 { return score.Mix(k, 3) })).Draw(t, "keys")
		var table keyBits
		table.init(int64(len(keys)), true, &slab{from: new(memory)})
		buffers := make([]keyBuffer, 2)
		count := map[uint64]int{}
		for i, k := range keys {
			buffers[i%2].add(&table, k)
			count[k]++
		}
		for i := range buffers {
			buffers[i].flush(&table)
		}
		for k, n := range count {
			if !table.has(k) || n > 1 && !table.hasTwo(k) {
				t.Fatalf("key %x was entered %d times: has %v, twice %v", k, n, table.has(k), table.hasTwo(k))
			}
		}
	})
}

func TestRoomOfAlikeIsWhatTheyTake(t *testing.T) {
	for _, people := range []int64{1, 65_536, 65_537, 1_000_000} {
		a := newAlike(people)
		took := int64(8 * (len(a.names.once) + len(a.names.twice) + len(a.towns.once) + len(a.towns.twice)))
		if room := roomOfAlike(people); room != took {
			t.Errorf("%d people take %d bytes, planned were %d", people, took, room)
		}
		a.memory.release()
	}
}
