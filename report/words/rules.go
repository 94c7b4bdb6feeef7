package words

import (
	"fmt"

	"github.com/himozuke/himozuke/linkage"
)

// rulesProblem says what keeps a decision table from being used. The English
// is the error's own.
func rulesProblem(p *linkage.RulesProblem, l Lang) string {
	text, ok := rulesProblems[p.Kind]
	if l == English || !ok {
		return p.Error()
	}
	detail := p.Detail
	if p.Err != nil {
		detail = p.Err.Error()
	}
	if detail != "" {
		detail = fmt.Sprintf("「%s」", detail)
	}
	return p.Where() + ": " + fmt.Sprintf(text, detail)
}

var rulesProblems = map[linkage.RulesProblemKind]string{
	linkage.RulesUnreadable: "判定表を読み取れません%s。パスを確認してください",
	linkage.RulesQuotes:     "セルの引用符が対応していません%s。CSV で保存し直してください",
	linkage.RulesHeading:    "見出し%sは使えないか、二つあります。見出しは class、birth、sex、name、kana、address です",
	linkage.RulesNoClass:    "見出し class がありません%s。組込みの判定表は himozuke model rules で出力できます",
	linkage.RulesExtra:      "見出しのない列に記入があります%s。削除してください",
	linkage.RulesClass:      "区分の名称%sは使えません。英小文字、数字、- 及び _ で 32 文字以内としてください",
	linkage.RulesCondition:  "%sは agree、differ、unknown 又は一致水準の名称ではありません。複数指定するときは | で区切ってください",
	linkage.RulesUnreached:  "この行に該当する紐付けはありません%s。前の行がすべての紐付けに該当します",
	linkage.RulesOpenEnd:    "最後の行はすべての紐付けに該当する必要があります%s。class だけを記入した行を加えてください",
}
