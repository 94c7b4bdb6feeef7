package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"sync"
)

// hashing is the SHA-256 of a file while it is scanned. Of text that is read as
// it is every block is hashed by the worker that has just cut it, in file
// order; any other file is read a second time beside the scan. A nil hashing
// does nothing.
type hashing struct {
	ctx  context.Context
	mu   sync.Mutex
	sum  hash.Hash
	file *os.File
	size int64
	at   int64 // what was hashed so far

	follows bool // the blocks of a scan
	beside  sync.WaitGroup
	err     error
}

func (s *Source) startHash(ctx context.Context) *hashing {
	if !s.options.Hash {
		return nil
	}
	h := &hashing{ctx: ctx, sum: sha256.New(), file: s.file, size: s.Bytes, follows: s.table == nil && s.plain()}
	if !h.follows {
		h.beside.Go(func() { h.err = h.read(h.size) })
	}
	return h
}

// read hashes the file up to a place from where it stands.
func (h *hashing) read(end int64) error {
	buf := make([]byte, min(256<<10, end-h.at))
	for h.at < end {
		if err := h.ctx.Err(); err != nil {
			return err
		}
		n, err := h.file.ReadAt(buf[:min(int64(len(buf)), end-h.at)], h.at)
		h.sum.Write(buf[:n])
		h.at += int64(n)
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF && h.at < end {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// lock is called by the one who cuts before the next may cut, so that blocks
// come in order; add lets go.
func (h *hashing) lock() {
	if h != nil && h.follows {
		h.mu.Lock()
	}
}

// add hashes a block, and whatever stands between it and the one before: the
// heading, or rows that were skipped.
func (h *hashing) add(b block) {
	if h == nil || !h.follows {
		return
	}
	defer h.mu.Unlock()
	if h.err != nil {
		return
	}
	if h.at < b.origin {
		h.err = h.read(b.origin)
	}
	h.sum.Write(b.data)
	h.at += int64(len(b.data))
}

// wait waits for what runs beside the scan.
func (h *hashing) wait() {
	if h != nil {
		h.beside.Wait()
	}
}

// finish gives the hash of the whole file, in hexadecimal.
func (h *hashing) finish() (string, error) {
	if h == nil {
		return "", nil
	}
	h.wait()
	if h.err == nil && h.follows {
		h.err = h.read(h.size)
	}
	return hex.EncodeToString(h.sum.Sum(nil)), h.err
}
