package gazetteer

const (
	hashSeed  = 0x9E3779B97F4A7C15
	hashPrime = 0xD6E8FEB86659FD93
)

// HashCode carries a hash state on by one code.
func HashCode(state uint64, code uint16) uint64 {
	state = (state ^ uint64(code)) * hashPrime
	return state ^ state>>32
}

// HashCodes carries a hash state on by a sequence.
func HashCodes(state uint64, codes []uint16) uint64 {
	for _, c := range codes {
		state = HashCode(state, c)
	}
	return state
}

// Fold32 and Fold16 end a hash. They are never zero, which means "not known".
func Fold32(state uint64) uint32 {
	state *= hashPrime
	return nonZero(uint32(state >> 32))
}

// Fold16 is the same in 16 bits.
func Fold16(state uint64) uint16 {
	state *= hashPrime
	return uint16(nonZero(uint32(state >> 48)))
}

// Fold8 is the same in 8 bits.
func Fold8(state uint64) uint8 {
	state *= hashPrime
	return uint8(nonZero(uint32(state >> 56)))
}

func nonZero(h uint32) uint32 {
	if h == 0 {
		return 1
	}
	return h
}

// WeakHash is the hash of a town's name without what spellings leave out:
// 大字 and 字, 町, ノ and ケ.
func WeakHash(codes []uint16) uint16 {
	state, kept := uint64(hashSeed), 0
	for i, c := range codes {
		switch c {
		case '町', '字', No, Ke, 'リ':
			continue
		case '大':
			if i+1 < len(codes) && codes[i+1] == '字' {
				continue
			}
		}
		state = HashCode(state, c)
		kept++
	}
	if kept == 0 {
		state = HashCodes(state, codes)
	}
	return Fold16(state)
}

// HashStreet hashes a Kyoto street name without what spellings leave out: 通,
// and the ル of 上ル and 入ル.
func HashStreet(codes []uint16) uint64 {
	state := uint64(hashSeed)
	for _, c := range codes {
		switch c {
		case '通', 'ル', 'リ', Ke, ' ', ',', Dash:
			continue
		}
		state = HashCode(state, c)
	}
	return state
}
