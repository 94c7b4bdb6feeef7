package words

import (
	"testing"

	"github.com/himozuke/himozuke/score"
)

func TestEveryDifferenceHasItsWords(t *testing.T) {
	for _, code := range score.DifferenceCodes {
		if _, ok := differences[code]; !ok {
			t.Errorf("the difference %s has no words", code)
		}
	}
}
