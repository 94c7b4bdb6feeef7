package ingest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

// A file that is too large for the page cache is read past it: filling and
// emptying the cache would take as long as folding the text.

const (
	// directFrom is the size from which a file is read past the cache.
	directFrom = 6 << 30
	// directWindow is what one read asks for, directWindows how many are under
	// way or waiting.
	directWindow  = 2 << 20
	directWindows = 4
	directAlign   = 4096
)

// directReader reads a file from an offset to its end, ahead of who asks.
type directReader struct {
	windows chan directPart
	free    chan []byte
	stop    chan struct{}
	closing sync.Once
	done    sync.WaitGroup
	memory  []byte
	file    *os.File

	now directPart // what is being handed out
	at  int
}

type directPart struct {
	whole []byte
	data  []byte // what of it is text
	err   error
}

// openDirect opens a file once more, from an offset. It is nil where the file
// or the system has no such way.
func openDirect(file *os.File, offset int64) *directReader {
	f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", file.Fd()), os.O_RDONLY|syscall.O_DIRECT, 0)
	if err != nil {
		return nil
	}
	memory, err := syscall.Mmap(-1, 0, directWindow*directWindows, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		f.Close()
		return nil
	}
	r := &directReader{
		windows: make(chan directPart, directWindows), free: make(chan []byte, directWindows),
		stop: make(chan struct{}), memory: memory, file: f,
	}
	for i := range directWindows {
		r.free <- memory[i*directWindow : (i+1)*directWindow : (i+1)*directWindow]
	}
	from := offset / directAlign * directAlign
	if _, err := f.ReadAt(memory[:directAlign], from); err != nil && err != io.EOF {
		r.release() // opened, but not to be read so
		return nil
	}
	r.done.Add(1)
	go r.ahead(from, int(offset-from))
	return r
}

// ahead fills windows; the first skip bytes are before the offset.
func (r *directReader) ahead(at int64, skip int) {
	defer r.done.Done()
	for {
		var buf []byte
		select {
		case buf = <-r.free:
		case <-r.stop:
			return
		}
		n, err := r.file.ReadAt(buf, at)
		at += int64(n)
		r.windows <- directPart{buf, buf[min(skip, n):n], err}
		skip = 0
		if err != nil {
			return
		}
	}
}

func (r *directReader) Read(p []byte) (int, error) {
	for r.at == len(r.now.data) {
		if r.now.err != nil {
			return 0, r.now.err
		}
		if r.now.whole != nil {
			r.free <- r.now.whole
		}
		r.now, r.at = <-r.windows, 0
	}
	n := copy(p, r.now.data[r.at:])
	r.at += n
	return n, nil
}

// Close ends the reading ahead.
func (r *directReader) Close() (err error) {
	r.closing.Do(func() {
		close(r.stop)
		r.done.Wait()
		err = r.release()
	})
	return err
}

func (r *directReader) release() error {
	return errors.Join(r.file.Close(), syscall.Munmap(r.memory))
}
