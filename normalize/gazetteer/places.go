package gazetteer

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// places puts in every way to write a municipality: with and without its
// county or city; a designated city alone means any of its wards.
func (b *builder) places() {
	g := b.g
	byName := map[string][]uint16{} // by folded name: 鹿嶋市 and 鹿島市 meet
	add := func(name string, m int) {
		if name == "" {
			return
		}
		folded := string(utf16.Decode(b.fold(name)))
		if !slices.Contains(byName[folded], uint16(m)) {
			byName[folded] = append(byName[folded], uint16(m))
		}
	}
	for i := 1; i < len(g.Municipalities); i++ {
		m := &g.Municipalities[i]
		add(m.County+m.City+m.Ward, i)
		add(m.City+m.Ward, i)
		add(m.Ward, i)
		add(m.City, i)
		for _, old := range formerNames[m.Code] {
			add(old, i)
			add(strings.TrimPrefix(old, m.City), i)
		}
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	g.candidates = append(g.candidates, 0) // value 0 is no entry
	var entries [48][]entry
	var ofPrefecture []uint16
	for _, name := range names {
		list, codes := byName[name], utf16.Encode([]rune(name))
		entries[0] = append(entries[0], newEntry(codes, b.addCandidates(list)))
		for prefecture := uint16(1); prefecture < 48; prefecture++ {
			ofPrefecture = ofPrefecture[:0]
			for _, m := range list {
				if g.Municipalities[m].Code/1000 == prefecture {
					ofPrefecture = append(ofPrefecture, m)
				}
			}
			if len(ofPrefecture) > 0 {
				entries[prefecture] = append(entries[prefecture], newEntry(codes, b.addCandidates(ofPrefecture)))
			}
		}
	}
	for i := range entries {
		g.Places[i] = b.trie.build(entries[i])
	}
}

// onlyCandidate marks a value that is a municipality by itself.
const onlyCandidate = 1 << 31

func (b *builder) addCandidates(list []uint16) uint32 {
	if len(list) == 1 {
		return onlyCandidate | uint32(list[0])
	}
	g := b.g
	value := uint32(len(g.candidates))
	g.candidates = append(append(g.candidates, uint16(len(list))), list...)
	return value
}

// formerNames are wards that were dissolved and live on in old addresses. A
// name may mean several municipalities: the town then tells.
var formerNames = map[uint16][]string{
	22138: {"浜松市中区", "浜松市東区", "浜松市西区", "浜松市南区", "浜松市北区"},
	22139: {"浜松市北区", "浜松市浜北区"},
}

// PrefectureNames are in the order of their codes, from 1.
var PrefectureNames = [48]string{"",
	"北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
	"栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
	"石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
	"滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
	"岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
	"佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
}

// ShortPrefecture marks a value of Prefectures whose 都, 府 or 県 is missing.
const ShortPrefecture = 64

func (b *builder) prefectures() {
	var entries []entry
	for code, name := range PrefectureNames {
		if code == 0 {
			continue
		}
		codes := b.fold(name)
		entries = append(entries, newEntry(codes, uint32(code)))
		if code != 1 {
			entries = append(entries, newEntry(codes[:len(codes)-1], uint32(code|ShortPrefecture)))
		}
	}
	b.g.Prefectures = b.trie.build(entries)
}
