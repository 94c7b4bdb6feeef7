package model

import (
	"testing"

	"pgregory.net/rapid"
)

// small is a model of one character with two readings.
func small() *Trained {
	level := func(p float64) (l [Parts][Columns]uint8) {
		for part := range Parts {
			l[part] = [Columns]uint8{Level(p), Level(p), Level(p), Level(p)}
		}
		return l
	}
	t := &Trained{
		Units: []Unit{{
			Key:     UnitKey([]uint16{'田'}),
			Free:    [Parts]uint8{Level(0.01), Level(0.01)},
			Derived: [Parts]uint8{Level(0.1), Level(0.1)},
			Seen:    []Seen{{Pack([]uint8{20, 30}), level(0.8)}},
			New:     []New{{Pack([]uint8{20}), Level(0.5)}},
		}},
		LatinKana: make([]uint8, cube),
		Words:     []WordKey{{HashWritten(Family, []uint16{'田'}), 4}},
	}
	for part := range Parts {
		t.Background[part] = make([]uint8, cube)
		for i := range t.Background[part] {
			t.Background[part][i] = Level(1.0 / symbols)
		}
		t.Scalars.Layer[part].Skip[0] = 8 // the first feature is the weight by units
	}
	return t
}

func TestDecodeReadsWhatEncodeWrote(t *testing.T) {
	m, err := Decode(string(Encode(small())))
	if err != nil {
		t.Fatal(err)
	}
	kana := func(symbols ...uint8) (codes []byte) {
		for _, s := range symbols {
			codes = append(codes, KanaOf(s))
		}
		return codes
	}
	listed := m.Weight([]uint16{'田'}, kana(20, 30), Given)
	derived := m.Weight([]uint16{'田'}, kana(20), Given)
	other := m.Weight([]uint16{'田'}, kana(40, 41), Given)
	if listed <= derived || derived <= other {
		t.Errorf("listed %.1f, derived %.1f, other %.1f bits", listed, derived, other)
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	good := string(Encode(small()))
	if _, err := Decode("something else"); err == nil {
		t.Error("a foreign file is accepted")
	}
	for n := range len(good) {
		if _, err := Decode(good[:n]); err == nil {
			t.Fatalf("a file cut at byte %d is accepted", n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	good := Encode(small())
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := Decode(string(data)); err == nil {
			m.Weight([]uint16{'田'}, []byte{0x02, 0x04}, Family)
			m.FullWeight([]uint16{'田', '田'}, []byte{0x02, 0x04})
		}
	})
}

func TestWordTableFindsItsKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOfNDistinct(rapid.Uint64(), 0, 300, rapid.ID[uint64]).Draw(t, "hashes")
		keys := make([]WordKey, len(hashes))
		for i, hash := range hashes {
			keys[i] = WordKey{hash, i % 16}
		}
		r := &fileReader{rest: string(appendWords(nil, keys))}
		table := r.words()
		if r.damaged || r.left() != 0 {
			t.Fatal("the table does not read back")
		}
		for _, key := range keys {
			if value, ok := table.find(key.Hash); !ok || value != key.Value {
				t.Fatalf("%x: got %d, %v, want %d", key.Hash, value, ok, key.Value)
			}
		}
	})
}

func TestChunksUnpack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		symbols := rapid.SliceOfN(rapid.Uint8Range(1, symbolAny), 0, chunkMax).Draw(t, "symbols")
		chunk := Pack(symbols)
		if got := Unpack(chunk); string(got) != string(symbols) || chunkLen(chunk) != len(symbols) {
			t.Fatalf("%v became %v of length %d", symbols, got, chunkLen(chunk))
		}
	})
}
