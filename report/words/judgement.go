package words

import (
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/score"
)

// Verdict names a verdict.
func Verdict(v linkage.Verdict) Text { return verdicts[v] }

var verdicts = [linkage.Verdicts]Text{
	linkage.Verified:     {"verified", "問題なし"},
	linkage.Review:       {"review", "要確認"},
	linkage.Mislinked:    {"mislinked", "紐付け誤り"},
	linkage.Orphan:       {"orphan", "番号該当なし"},
	linkage.Unverifiable: {"unverifiable", "判定不能"},
}

// VerdictMeaning says in one sentence what a verdict means.
func VerdictMeaning(v linkage.Verdict) Text { return verdictMeanings[v] }

var verdictMeanings = [linkage.Verdicts]Text{
	linkage.Verified:     {"The row describes the holder of its number.", "記録は、その個人番号の本人のものと認められる。"},
	linkage.Review:       {"Somebody should look: the row may describe another person.", "別人の記録の可能性があり、職員による確認を要する。"},
	linkage.Mislinked:    {"The row describes another person than the holder of its number.", "記録は、その個人番号の本人以外のものと判断される。"},
	linkage.Orphan:       {"The number is malformed or not in the register.", "個人番号の形式が正しくないか、住民台帳に存在しない。"},
	linkage.Unverifiable: {"The row holds too little to be judged.", "記録の項目が不足しており、判定できない。"},
}

// Cause names a cause; no cause is a dash.
func Cause(c linkage.Cause) Text { return causes[c] }

var causes = [linkage.Causes]Text{
	linkage.NoCause:      {"-", "-"},
	linkage.Family:       {"family member", "世帯員の取り違え"},
	linkage.Namesake:     {"namesake", "同姓同名者の取り違え"},
	linkage.NumberTypo:   {"number typo", "番号の入力誤り"},
	linkage.RowShift:     {"row shift", "行ずれ"},
	linkage.CarryOver:    {"carry-over", "直前の番号の残存"},
	linkage.Swap:         {"swap", "番号の入れ替わり"},
	linkage.KeyCollision: {"key collision", "管理番号の重複"},
	linkage.Unrelated:    {"unrelated person", "無関係者の取り違え"},
	linkage.UnknownOwner: {"owner not found", "本人不明"},
}

// CauseMeaning says in one sentence how a wrong link of that cause came to be.
func CauseMeaning(c linkage.Cause) Text { return causeMeanings[c] }

var causeMeanings = [linkage.Causes]Text{
	linkage.NoCause:      {"No cause applies.", "該当する原因はない。"},
	linkage.Family:       {"The number of another member of the household was entered.", "同一世帯の別の者の個人番号が登録された。"},
	linkage.Namesake:     {"The number of somebody with the same name was entered.", "同姓同名の別人の個人番号が登録された。"},
	linkage.NumberTypo:   {"A digit of the number was mistyped, which made it somebody else's.", "個人番号の数字を誤って入力し、別人の番号となった。"},
	linkage.RowShift:     {"A column was pasted one or more rows off, so that a run of rows carries its neighbours' numbers.", "表の貼り付け時に行がずれ、連続する記録に前後の者の番号が登録された。"},
	linkage.CarryOver:    {"The number of the record entered just before was kept.", "直前に処理した者の個人番号がそのまま登録された。"},
	linkage.Swap:         {"Two records carry each other's number.", "二つの記録の個人番号が互いに入れ替わっている。"},
	linkage.KeyCollision: {"Two people share one account, certificate or insurance key.", "口座番号、手帳番号、被保険者番号などの管理番号が別人のものと重複している。"},
	linkage.Unrelated:    {"The number belongs to somebody without a visible relation.", "関係の認められない別人の個人番号が登録された。"},
	linkage.UnknownOwner: {"The row is not the holder's, and whose it is was not found in the register.", "番号の本人の記録ではないが、真の本人が住民台帳に見当たらない。"},
}

// Hypothesis names what a posterior is about: the holder, or another person
// reached through a cause.
func Hypothesis(c linkage.Cause) Text {
	if c == linkage.NoCause {
		return Text{"the holder (link is right)", "番号の本人（紐付けは正しい）"}
	}
	return causes[c]
}

// Level names an agreement level.
func Level(l score.Level) Text {
	if int(l) < len(levels) {
		return levels[l]
	}
	return Text{"unknown level", "不明な水準"}
}

var levels = [...]Text{
	score.Unknown:    {"not comparable", "比較不能"},
	score.Exact:      {"exact", "完全一致"},
	score.Notation:   {"same, written otherwise", "表記違いのみ"},
	score.Confusable: {"commonly confused", "混同されやすい字"},
	score.Near:       {"near", "近似"},
	score.Reading:    {"reading fits", "読みとして妥当"},
	score.Part:       {"partly equal", "一部一致"},
	score.Block:      {"same block", "街区まで一致"},
	score.Town:       {"same town", "町字まで一致"},
	score.Uncertain:  {"cannot be decided", "番地表記により判別不能"},
	score.City:       {"same municipality", "市区町村まで一致"},
	score.Different:  {"different", "不一致"},
}

// LevelNamed is [Level] for the word that files hold.
func LevelNamed(word string) Text {
	for i, text := range levels {
		if score.Level(i).String() == word {
			return text
		}
	}
	return Text{word, word}
}

// EvidenceLevel is the level of one piece of evidence. What other rows say has
// no level of agreement but words of its own.
func EvidenceLevel(word, detail string) Text {
	if t, ok := evidenceDetails[detail]; ok {
		return t
	}
	return LevelNamed(word)
}

var evidenceDetails = map[string]Text{
	linkage.DetailOtherRecord:   {"fits holder", "本人に適合"},
	linkage.DetailNoOtherRecord: {"none", "なし"},
	linkage.DetailOwnRecord:     {"has one", "あり"},
	linkage.DetailLikelyPlace:   {"the likely one", "可能性の高い市区町村"},
	linkage.DetailOtherPlace:    {"another one", "他の市区町村"},
	linkage.DetailSharedKey:     {"owner's too", "真の本人も登録"},
	linkage.DetailRepeatedKey:   {"same in both", "別の記録と同一"},
	linkage.DetailSharedNumber:  {"two people", "二人に付番"},
	linkage.DetailHouseholdName: {"household's", "世帯員の氏"},
	linkage.DetailSameElsewhere: {"another's", "全件が別人"},
}

// CauseNamed finds a cause by the word that files hold.
func CauseNamed(word string) (linkage.Cause, bool) {
	for c := linkage.NoCause; c < linkage.Causes; c++ {
		if c.String() == word {
			return c, true
		}
	}
	return 0, false
}

// VerdictNamed finds a verdict by the word that files hold.
func VerdictNamed(word string) (linkage.Verdict, bool) {
	for v := linkage.Verified; v < linkage.Verdicts; v++ {
		if v.String() == word {
			return v, true
		}
	}
	return 0, false
}

// RuleClass names a class of the published decision table.
func RuleClass(class string) Text {
	if t, ok := ruleClasses[class]; ok {
		return t
	}
	return Text{class, class}
}

var ruleClasses = map[string]Text{
	"critical": {"critical: birth date or sex differs", "最重要: 生年月日又は性別が不一致"},
	"high":     {"high: both kanji and kana names differ", "重要: 漢字氏名・カナ氏名がともに不一致"},
	"medium":   {"medium: one name and the address differ", "中程度: 漢字氏名・カナ氏名の一方と住所が不一致"},
	"clear":    {"clear: the published table sees no reason to stop", "該当なし: 公表された判定表では停止の対象外"},
}

// Comparison names a comparison or a field.
func Comparison(name string) Text {
	if t, ok := comparisons[name]; ok {
		return t
	}
	return Text{name, name}
}

var comparisons = map[string]Text{
	"name":         {"name", "氏名"},
	"family":       {"family name", "氏"},
	"given":        {"given name", "名"},
	"kana":         {"kana", "フリガナ"},
	"family_kana":  {"family name kana", "氏カナ"},
	"given_kana":   {"given name kana", "名カナ"},
	"reading":      {"reading", "読み"},
	"other_record": {"other record", "別の記録"},
	"place":        {"municipality", "居住地"},
	"birth":        {"birth date", "生年月日"},
	"birth_date":   {"birth date", "生年月日"},
	"sex":          {"sex", "性別"},
	"address":      {"address", "住所"},
	"postal":       {"postal code", "郵便番号"},
	"postal_code":  {"postal code", "郵便番号"},
	"household":    {"household", "世帯"},
	"former_name":  {"former name", "旧氏"},
	"alias":        {"alias", "通称"},
	"latin_name":   {"Latin name", "ローマ字氏名"},
	"account":      {"account", "口座"},
	"certificate":  {"certificate", "手帳番号"},
	"symbol":       {"insurance symbol", "被保険者記号・番号"},
	"number":       {"number", "個人番号"},
	"key":          {"key", "管理番号"},
	"rows":         {"neighbouring rows", "前後の記録"},
}

// DecisionNamed names what a reviewer decided.
func DecisionNamed(word string) Text {
	if t, ok := decisions[word]; ok {
		return t
	}
	return Text{word, word}
}

var decisions = map[string]Text{
	"mislinked": {"wrong link", "紐付け誤り"},
	"correct":   {"right link", "誤りなし"},
	"unsure":    {"cannot be decided", "判断できず"},
}

// Garbled says which encoding a text was read in by mistake, in the words of
// [encoding.Mojibake].
func Garbled(kind string) Text {
	written, read, ok := strings.Cut(kind, " read as ")
	if !ok {
		return Text{kind, kind}
	}
	return Text{kind, written + " を " + read + " として読んだもの"}
}

// Warning says something an auditor should know though the run went on.
func Warning(kind linkage.WarningKind) Text {
	if t, ok := warnings[kind]; ok {
		return t
	}
	return Text{string(kind), string(kind)}
}

var warnings = map[linkage.WarningKind]Text{
	linkage.WarningTraining:   {"the model could not be learned from the links; the default model was used", "紐付けデータからモデルを学習できなかったため、既定のモデルを使用した"},
	linkage.WarningUnreadable: {"bytes that the encoding of the file does not know count as unknown characters (how many; first lines)", "文字コードに合わないバイトを不明な文字として扱った（バイト数; 最初の行番号）"},
	linkage.WarningModel:      {"the learned model contradicts itself; the default model was used", "学習したモデルに矛盾があるため、既定のモデルを使用した"},
}
