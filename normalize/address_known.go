package normalize

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/himozuke/himozuke/normalize/gazetteer"
	"github.com/himozuke/himozuke/normalize/prefetch"
)

// Addresses of one town share their text before the first digit, and what that
// text says of municipality and town is the same in every row: it is found
// once and kept under a hash of the text. Only what follows is read for each.
//
// The hash has 64 bits and a seed that is drawn anew for every process, so that
// no two texts of any file are taken for one.

// knownTown is what the text before the first digit was found to mean. It has
// no pointers, and two of them fill a line of the cache.
type knownTown struct {
	text     uint64 // hash of the text; zero is no entry
	hamlet   uint64
	notes    uint32
	code     uint16
	townWeak uint16
	end      uint8 // where the numbers or the hamlet begin: bytes of text
	codes    uint8 // and the codes that these fold to
	chome    bool
	oaza     bool
}

const (
	knownTownsBits  = 16 // four MiB a parser
	knownTownsAfter = 64 // addresses that are read without
	knownTextMost   = 120
)

type knownTowns [1 << knownTownsBits][2]knownTown

var knownTownsSeed = maphash.MakeSeed()

// lookUp finds where the text before the first digit is kept. That is nowhere
// when no digit follows, or the parser is new: most addresses of a file have
// one, and a parser of a few addresses needs no memory.
func (p *AddressParser) lookUp() {
	p.digits = -1
	digits := beforeDigits(p.raw)
	if digits <= 0 || digits > knownTextMost {
		return
	}
	if p.memory == nil {
		if p.unlearned++; p.unlearned < knownTownsAfter {
			return
		}
		p.memory = new(knownTowns)
	}
	p.digits = digits
	p.hash = maphash.Bytes(knownTownsSeed, p.raw[:digits]) | 1
	prefetch.Line(unsafe.Pointer(p.keptAt()))
}

// keptAt is where towns with the text before the first digit are kept.
func (p *AddressParser) keptAt() *[2]knownTown { return &p.memory[p.hash>>(64-knownTownsBits)] }

// recalled is what is kept of the text before the first digit, nil for nothing.
func (p *AddressParser) recalled() *knownTown {
	if p.digits < 0 {
		return nil
	}
	pair := p.keptAt()
	for i := range pair {
		if pair[i].text == p.hash {
			return &pair[i]
		}
	}
	return nil
}

// recall takes the place from memory and reads the rest.
func (p *AddressParser) recall(k *knownTown) {
	at, codes := &p.at, int(k.codes)
	at.prefecture, at.code, at.town, at.townWeak = int(k.code)/1000, k.code, 0, k.townWeak
	at.chome, at.oaza, at.unread = k.chome, k.oaza, false
	at.hamlet, at.hamletCodes = k.hamlet, 0
	if int(k.end) != p.digits || !p.plainNumbers(p.raw, p.digits, codes) {
		p.fold(p.raw, int(k.end), codes)
		at.numbers = addressNumbers{}
		at.building = p.n
		p.findNumbers(codes)
	}
	p.notes |= Notes(k.notes)
	p.raw = nil
}

// learn keeps what was found of the text before the first digit, where a town
// was, and nothing but that text had a part in it: no postal code or hint, no
// street name and no letter behind it, no number that could be of the name.
func (p *AddressParser) learn(pos int) {
	if p.digits < 0 || p.at.town < 0 || p.wider {
		return
	}
	end := p.digits
	if pos != p.digitCode {
		if end = p.rawOffset(p.raw, pos); end > p.digits {
			return
		}
	}
	notes := p.notes &^ NotePlaceholder
	if slices.Contains(p.codes[:pos], gazetteer.Wild) {
		notes |= NotePlaceholder
	}
	pair := p.keptAt()
	pair[1] = pair[0]
	pair[0] = knownTown{
		text: p.hash, hamlet: p.at.hamlet, notes: uint32(notes), code: p.at.code, townWeak: p.at.townWeak,
		end: uint8(end), codes: uint8(pos), chome: p.at.chome, oaza: p.at.oaza,
	}
}

// beforeDigits is where the first digit of a text stands, or -1. Only digits in
// ASCII and in full width count, which no character next to them changes.
func beforeDigits(raw []byte) int {
	const (
		high  = 0x8080808080808080
		low   = 0x7F7F7F7F7F7F7F7F
		zeros = 0x3030303030303030
		wide  = 0xEFEFEFEFEFEFEFEF // first byte of full-width digits
		past  = 0x7676767676767676 // brings ten and more to the high bit
	)
	i := 0
	for ; i+8 <= len(raw); i += 8 {
		x := binary.LittleEndian.Uint64(raw[i:])
		digit, lead := x^zeros, x^wide
		found := ^((digit&low + past) | digit) | ^((lead&low + low) | lead)
		for found &= high; found != 0; found &= found - 1 {
			if at := i + bits.TrailingZeros64(found)/8; digitAt(raw, at) {
				return at
			}
		}
	}
	for ; i < len(raw); i++ {
		if digitAt(raw, i) {
			return i
		}
	}
	return -1
}

func digitAt(raw []byte, i int) bool {
	if c := raw[i]; c != 0xEF {
		return c-'0' < 10
	}
	return i+2 < len(raw) && raw[i+1] == 0xBC && raw[i+2]-0x90 < 10
}
