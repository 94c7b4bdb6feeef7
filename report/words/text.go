// Package words holds what people read, in Japanese and English. A text is a
// value with both languages side by side, declared where it is used, so that
// neither can be forgotten: a test over the whole tree fails on a [Text] with
// an empty side.
package words

import (
	"fmt"
	"strings"
)

// Lang is a language of the program.
type Lang uint8

// The languages.
const (
	English Lang = iota
	Japanese
)

// Text is one message in both languages. Format verbs must take the same
// arguments in the same order; use %[n]v where the order of words differs.
type Text struct{ EN, JA string }

// In is the message in one language.
func (t Text) In(l Lang) string {
	if l == Japanese {
		return t.JA
	}
	return t.EN
}

// Format is In with its verbs filled.
func (t Text) Format(l Lang, args ...any) string { return fmt.Sprintf(t.In(l), args...) }

// Parse reads the value of --lang.
func Parse(s string) (Lang, bool) {
	switch strings.ToLower(s) {
	case "ja", "jp", "japanese":
		return Japanese, true
	case "en", "english":
		return English, true
	}
	return English, false
}

// FromLocale picks the language from LC_ALL, LC_MESSAGES and LANG, in that
// order, as POSIX says: the first that is set decides.
func FromLocale(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(v, "ja") {
				return Japanese
			}
			return English
		}
	}
	return English
}

// String is the value of --lang.
func (l Lang) String() string {
	if l == Japanese {
		return "ja"
	}
	return "en"
}
