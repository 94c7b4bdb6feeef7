package report

import "testing"

func TestMunicipalityName(t *testing.T) {
	for code, want := range map[string]string{
		"13101": "千代田区", "14109": "横浜市港北区", "14100": "横浜市", "14130": "川崎市", "14382": "箱根町",
		"01100": "札幌市", "22130": "浜松市", "27140": "堺市", "47382": "与那国町",
		"99999": "", "": "", "131016": "", "abcde": "", "-1310": "",
	} {
		if got := municipalityName(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
