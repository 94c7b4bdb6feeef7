package report

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

// KeyFileName is the key file in the folder of a run that has its own
// database. A lasting database has its key beside it, named after it.
const KeyFileName = "pseudonym.key"

const keyBytes = 32

// Pseudonym stands for a number or a pair of rows without telling it: the
// first half of an HMAC-SHA-256 under the key file. Whoever lacks the key
// cannot go through all numbers to find the one behind it.
type Pseudonym [16]byte

// Pseudonyms makes them. It is not safe for concurrent use.
type Pseudonyms struct {
	mac hash.Hash
	sum [sha256.Size]byte
}

// NewPseudonyms uses a key of at least 32 bytes.
func NewPseudonyms(key []byte) (*Pseudonyms, error) {
	if len(key) < keyBytes {
		return nil, errors.New("the key is shorter than 32 bytes")
	}
	return &Pseudonyms{mac: hmac.New(sha256.New, key)}, nil
}

// Of is the pseudonym of a text.
func (p *Pseudonyms) Of(parts ...string) Pseudonym {
	p.mac.Reset()
	for i, s := range parts {
		if i > 0 {
			p.mac.Write([]byte{0})
		}
		writeString(p.mac, s)
	}
	return Pseudonym(p.mac.Sum(p.sum[:0])[:16])
}

// check identifies the key without telling it.
func (p *Pseudonyms) check() []byte {
	sum := p.Of("himozuke key check")
	return sum[:]
}

// ReadKey reads a key file: 32 bytes or more as hexadecimal text.
func ReadKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &Problem{Kind: ProblemKey, Path: path, Err: err}
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, &Problem{Kind: ProblemKey, Path: path, Detail: "not hexadecimal"}
	}
	if len(key) < keyBytes {
		return nil, &Problem{Kind: ProblemKey, Path: path, Detail: "shorter than 32 bytes"}
	}
	return key, nil
}

// ReadOrMakeKey reads a key file and makes it first if it is not there.
func ReadOrMakeKey(path string) (key []byte, made bool, err error) {
	key, err = ReadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	key = make([]byte, keyBytes)
	rand.Read(key)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, false, &Problem{Kind: ProblemFolderUnwritable, Path: path, Err: err}
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		os.Remove(path)
		return nil, false, &Problem{Kind: ProblemFolderUnwritable, Path: path, Err: err}
	}
	return key, true, nil
}

// maskNumber leaves the last four characters, as the authorities do when they
// write to people. A text too short for that to hide anything is hidden whole.
func maskNumber(number string) string {
	n := utf8.RuneCountInString(number)
	if n == 0 {
		return ""
	}
	if n < 8 {
		return strings.Repeat("*", n)
	}
	tail := len(number)
	for range 4 {
		_, size := utf8.DecodeLastRuneInString(number[:tail])
		tail -= size
	}
	return strings.Repeat("*", n-4) + number[tail:]
}
