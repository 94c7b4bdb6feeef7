package linkage

import (
	"encoding/binary"
	"math/bits"

	"github.com/himozuke/himozuke/linkage/ingest"
	"github.com/himozuke/himozuke/normalize"
	"github.com/himozuke/himozuke/normalize/gazetteer"
	"github.com/himozuke/himozuke/score"
)

// keyKind is what names the record of a dataset beside the number: the key
// that one person, or one family, should have alone.
type keyKind uint8

const (
	noKey keyKind = iota
	accountKey
	certificateKey
	insuranceKey
)

// keyComparisons are the words that evidence uses for the keys.
var keyComparisons = [...]string{noKey: "key", accountKey: "account", certificateKey: "certificate", insuranceKey: "symbol"}

// keyKindOf tells which key the rows of a dataset carry.
func keyKindOf(b *ingest.Batch) keyKind {
	switch {
	case b.Has(ingest.RoleAccountNumber):
		return accountKey
	case b.Has(ingest.RoleCertificateNumber):
		return certificateKey
	case b.Has(ingest.RoleSymbolNumber) && b.Has(ingest.RoleOrganization):
		return insuranceKey
	}
	return noKey
}

// keyReader folds the keys of rows to hashes. Each worker has its own.
type keyReader struct {
	folded  []byte
	issuers map[string]uint8 // prefecture of an issuer's name
	places  normalize.AddressParser
}

// key is a hash of the row's key as offices tell keys apart, not as they write
// them: full-width digits, leading zeros, 第…号 and prefixes fold away, since
// that is how keys come to collide. Zero stands for a row without a key.
func (r *keyReader) key(b *ingest.Batch, i int, kind keyKind) uint64 {
	r.folded = r.folded[:0]
	switch kind {
	case accountKey:
		if !r.digits(b.Field(i, ingest.RoleAccountNumber)) || !b.Has(ingest.RoleBankCode) {
			return 0
		}
		r.digits(b.Field(i, ingest.RoleBankCode))
		r.digits(b.Field(i, ingest.RoleBranchCode))
		r.folded = append(r.folded, accountType(b.Field(i, ingest.RoleAccountType)))
	case certificateKey:
		if !r.digits(b.Field(i, ingest.RoleCertificateNumber)) {
			return 0
		}
		r.text(b.Field(i, ingest.RoleCertificateKind))
		r.folded = append(r.folded, r.prefecture(b.Field(i, ingest.RoleOrganization)))
	case insuranceKey:
		insurer, branch := b.Field(i, ingest.RoleOrganization), b.Field(i, ingest.RoleSymbolBranch)
		// Without a branch, symbol and number are a whole family's.
		if len(insurer) == 0 || !r.digits(b.Field(i, ingest.RoleSymbolNumber)) || !r.digits(branch) && !isElderly(insurer) {
			return 0
		}
		r.digits(insurer)
		r.text(b.Field(i, ingest.RoleSymbol))
	default:
		return 0
	}
	return hashKey(r.folded)
}

// isElderly tells the insurers of the late-stage elderly (法別番号 39), whose
// numbers are a person's own.
func isElderly(insurer []byte) bool {
	return len(insurer) == 8 && insurer[0] == '3' && insurer[1] == '9'
}

func hashKey(folded []byte) uint64 {
	h := uint64(len(folded))
	for ; len(folded) >= 8; folded = folded[8:] {
		h = score.Mix(h, binary.LittleEndian.Uint64(folded))
	}
	for _, c := range folded {
		h = (h ^ uint64(c)) * 0x9DDFEA08EB382D69
	}
	return score.Mix(h, 0x6B6579) | 1
}

// digits appends the runs of digits of a field without their leading zeros,
// and tells whether there was any digit but zero.
func (r *keyReader) digits(raw []byte) bool {
	// Most fields are up to eight plain digits, to be taken as a whole. The
	// first stands in the lowest byte.
	if n := len(raw); n > 0 && n <= 8 {
		word := shortText(raw)
		if values := word ^ '0'*eachByte>>(64-8*n); (values|(values+(0x80-10)*eachByte))&(0x80*eachByte) == 0 {
			zeros := min(bits.TrailingZeros64(values)/8, n)
			r.appendShort(word>>(8*zeros), n-zeros)
			r.folded = append(r.folded, 0)
			return zeros < n
		}
	}
	return r.digitsSingly(raw)
}

func (r *keyReader) digitsSingly(raw []byte) bool {
	some, run := false, false
	start := len(r.folded)
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == 0xEF && i+2 < len(raw) && raw[i+1] == 0xBC && raw[i+2] >= 0x90 && raw[i+2] <= 0x99 { // ０ to ９
			c = raw[i+2] - 0x90 + '0'
			i += 2
		}
		if c < '0' || c > '9' {
			run = false
			continue
		}
		if !run && c == '0' {
			continue
		}
		if !run && len(r.folded) > start {
			r.folded = append(r.folded, '-')
		}
		run, some = true, true
		r.folded = append(r.folded, c)
	}
	r.folded = append(r.folded, 0)
	return some
}

// text appends a field without its spaces, full-width letters and digits made
// half-width.
func (r *keyReader) text(raw []byte) {
	if len(raw) <= 8 {
		word := shortText(raw)
		if !hasByte(word, ' ') && !hasByte(word, 0xE3) && !hasByte(word, 0xEF) {
			r.appendShort(word, len(raw))
			r.folded = append(r.folded, 0)
			return
		}
	}
	r.textSingly(raw)
}

func (r *keyReader) textSingly(raw []byte) {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == ' ':
		case c == 0xE3 && i+2 < len(raw) && raw[i+1] == 0x80 && raw[i+2] == 0x80: // ideographic space
			i += 2
		case c == 0xEF && i+2 < len(raw) && raw[i+1] == 0xBC && raw[i+2] >= 0x81: // ！ to ＿
			r.folded = append(r.folded, raw[i+2]-0x60)
			i += 2
		default:
			r.folded = append(r.folded, c)
		}
	}
	r.folded = append(r.folded, 0)
}

const eachByte = 0x0101010101010101

// shortText is a text of up to eight bytes as one number, the first byte lowest.
func shortText(raw []byte) uint64 {
	switch n := len(raw); {
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(raw)) | uint64(binary.LittleEndian.Uint32(raw[n-4:]))<<(8*n-32)
	case n >= 2:
		return uint64(binary.LittleEndian.Uint16(raw)) | uint64(binary.LittleEndian.Uint16(raw[n-2:]))<<(8*n-16)
	case n == 1:
		return uint64(raw[0])
	}
	return 0
}

func (r *keyReader) appendShort(word uint64, n int) {
	r.folded = binary.LittleEndian.AppendUint64(r.folded, word)[:len(r.folded)+n]
}

func hasByte(word uint64, c byte) bool {
	word ^= uint64(c) * eachByte
	return (word-eachByte)&^word&(0x80*eachByte) != 0
}

// accountType folds 普通, 1 and nothing to one class, 当座 and 2 to another.
func accountType(raw []byte) byte {
	if len(raw) == 1 && raw[0] == '1' {
		return 1
	}
	switch string(raw) {
	case "", "1", "１", "01", "普通", "普通預金", "総合", "通常":
		return 1
	case "2", "２", "02", "当座", "当座預金":
		return 2
	case "4", "４", "04", "貯蓄", "貯蓄預金":
		return 4
	}
	return 9
}

// prefecture is the prefecture of an issuer, so that a certificate keeps its
// key when a prefecture hands it over to one of its cities; 255 when the name
// does not tell.
func (r *keyReader) prefecture(issuer []byte) byte {
	if p, ok := r.issuers[string(issuer)]; ok {
		return p
	}
	p := byte(255)
	if code, _, ok := normalize.ParseLocalGovernment(issuer); ok && code != 0 {
		p = byte(code / 1000)
	} else if len(issuer) > 0 {
		if address, _ := r.places.Parse(issuer, 0, 0); address.Municipality != 0 {
			p = byte(address.Municipality / 1000)
		} else if n := prefectureNamed(issuer); n != 0 {
			p = n
		}
	}
	if r.issuers == nil {
		r.issuers = map[string]uint8{}
	}
	if len(r.issuers) < maxIssuers {
		r.issuers[string(issuer)] = p
	}
	return p
}

// maxIssuers bounds what a worker remembers of names that are not issuers.
const maxIssuers = 4096

func prefectureNamed(issuer []byte) byte {
	for code, name := range gazetteer.PrefectureNames {
		if code > 0 && len(issuer) >= len(name) && string(issuer[:len(name)]) == name {
			return byte(code)
		}
	}
	return 0
}
