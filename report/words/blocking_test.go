package words

import (
	"testing"

	"github.com/himozuke/himozuke/linkage"
)

func TestEveryBlockingRuleIsSaid(t *testing.T) {
	rules := linkage.BlockingRules()
	if len(rules) != len(blockingRules) {
		t.Errorf("%d rules, words for %d", len(rules), len(blockingRules))
	}
	for _, rule := range rules {
		if wantBoth(t, rule, BlockingRule(rule)); BlockingRule(rule).JA == rule {
			t.Errorf("rule %s is not said", rule)
		}
	}
}

func TestEveryPieceOfCrossEvidenceIsSaid(t *testing.T) {
	for _, detail := range []string{
		linkage.DetailOtherRecord, linkage.DetailNoOtherRecord, linkage.DetailOwnRecord, linkage.DetailLikelyPlace, linkage.DetailOtherPlace, linkage.DetailSharedKey, linkage.DetailRepeatedKey, linkage.DetailSharedNumber, linkage.DetailHouseholdName, linkage.DetailSameElsewhere,
	} {
		wantBoth(t, detail, EvidenceLevel("exact", detail))
		if EvidenceLevel("exact", detail) == LevelNamed("exact") {
			t.Errorf("%s is not said", detail)
		}
	}
	if got := EvidenceLevel("exact", "kanji=exact kana=unknown"); got != LevelNamed("exact") {
		t.Errorf("a level of agreement became %q", got.EN)
	}
}
