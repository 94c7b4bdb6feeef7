package score

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestModelSurvivesItsFile(t *testing.T) {
	m := DefaultModel()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back Model
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*m, back) {
		t.Error("the model that was read is not the one that was written")
	}
	for name, damaged := range map[string]string{
		"a missing level":  strings.Replace(string(text), `"near":`, `"nearby":`, 1),
		"an unknown table": strings.Replace(string(text), `"birth":`, `"bird":`, 1),
		"m below u":        strings.Replace(string(text), `"sex":{"different":{"m":`, `"sex":{"different":{"m":0.9,"was":`, 1),
	} {
		if json.Unmarshal([]byte(damaged), &back) == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
