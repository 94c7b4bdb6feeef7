package report

import "github.com/himozuke/himozuke/report/words"

// htmlTexts are the fixed texts of the page by the name that the template
// calls them.
var htmlTexts = map[string]words.Text{
	"title":    {EN: "Audit of My Number links", JA: "マイナンバー紐付け点検 結果報告書"},
	"contents": {EN: "Contents", JA: "目次"},
	"personal": {EN: "This file holds personal data of the example cases in section 7. Keep it like the data it was made from; make it with --examples 0 before passing it on.",
		JA: "本書の「7 案件の例」には個人情報が含まれる。元データと同様に管理すること。外部に提供する場合は --examples 0 を付けて作成し直すこと。"},
	"small cells": {EN: "Counts below 10 can single out people together with other knowledge. Before publishing, group or withhold them: himozuke report --suppress 10 makes tables for the public.",
		JA: "10件未満の件数は、他の情報と照合することにより個人が識別されるおそれがある。公表に当たっては、統合又は秘匿すること（himozuke report --suppress 10 により公表用の集計表を作成できる。）。"},
	"everything":     {EN: "All links of the run", JA: "点検対象の全件"},
	"whole run":      {EN: "Files, thresholds and rejected rows are those of the whole run.", JA: "読み込んだデータ、判定基準及び読取不能の行数は、点検全体のものである。"},
	"links judged":   {EN: "links judged", JA: "点検した紐付け"},
	"1 summary":      {EN: "1. Summary", JA: "1　概要"},
	"2 judged":       {EN: "2. Verdicts and causes", JA: "2　判定及び原因"},
	"3 places":       {EN: "3. Places", JA: "3　地域別の状況"},
	"4 spread":       {EN: "4. Probabilities and weights", JA: "4　確率及びウェイトの分布"},
	"5 funnel":       {EN: "5. Organizations beyond chance", JA: "5　偶然では説明できない機関"},
	"6 reference":    {EN: "6. The inspection of 2023", JA: "6　令和5年総点検との比較"},
	"7 cases":        {EN: "7. Example cases", JA: "7　案件の例"},
	"8 reading":      {EN: "8. How to read this", JA: "8　本書の読み方"},
	"inputs":         {EN: "What was read", JA: "読み込んだデータ"},
	"rejects":        {EN: "Rows that could not be read", JA: "読み取れなかった行"},
	"reason":         {EN: "Reason", JA: "理由"},
	"settings":       {EN: "Thresholds and model", JA: "判定基準及びモデル"},
	"setting":        {EN: "Setting", JA: "項目"},
	"value":          {EN: "Value", JA: "値"},
	"fdr":            {EN: "Most false alarms allowed among mislinked links (expected)", JA: "「紐付け誤り」に含まれる誤検出の上限（期待値）"},
	"floor":          {EN: "Probability from which somebody should look", JA: "「要確認」とする確率の下限"},
	"scheme":         {EN: "Number scheme", JA: "番号の体系"},
	"version":        {EN: "Program version", JA: "プログラムの版"},
	"warnings":       {EN: "Warnings", JA: "注意"},
	"judged":         {EN: "Links by verdict, cause and dataset", JA: "判定・原因・紐付け情報別の件数"},
	"causes":         {EN: "Mislinked links by cause", JA: "原因別の紐付け誤り件数"},
	"causes desc":    {EN: "One bar for each cause, longest first, split by dataset. The table above holds the numbers.", JA: "原因ごとの件数を多い順に示し、紐付け情報で色分けした棒グラフ。数値は上の表に示す。"},
	"places":         {EN: "Mislinked links per 100,000 by prefecture", JA: "都道府県別の紐付け誤り（10万件当たり）"},
	"municipalities": {EN: "Municipalities", JA: "市区町村別の状況"},
	"tiles desc":     {EN: "One tile for each of the 47 prefectures with its rate and count, roughly where it lies. The table below holds the numbers.", JA: "47都道府県をおおよその位置に並べ、誤り率及び件数を示したタイル図。数値は下の表に示す。"},
	"tiles legend":   {EN: "Mislinked per 100,000 links", JA: "紐付け10万件当たりの紐付け誤り"},
	"shade none":     {EN: "none found", JA: "なし"},
	"shade beyond":   {EN: "beyond chance", JA: "偶然の範囲を超える"},
	"beyond":         {EN: "Beyond chance", JA: "偶然を超過"},
	"beyond mark":    {EN: "yes", JA: "該当"},
	"spread":         {EN: "Findings by probability", JA: "誤りの確率別の件数"},
	"probability":    {EN: "Probability that the link is wrong", JA: "誤りの確率"},
	"probabilities":  {EN: "How sure the findings are", JA: "誤りの確率の分布"},
	"probabilities desc": {EN: "Bars of mislinked and review links by probability, counts on a logarithmic scale, with the thresholds. The table below holds the numbers.",
		JA: "「紐付け誤り」及び「要確認」の件数を誤りの確率別に示した棒グラフ（件数は対数目盛）。縦線は判定基準を示す。数値は下の表に示す。"},
	"weight chart": {EN: "How badly the records fit their holders", JA: "記録と番号の本人との一致ウェイトの分布"},
	"weight desc": {EN: "Bars of mislinked and review links by match weight in bits, counts on a logarithmic scale. Left of zero the data speak against the holder.",
		JA: "「紐付け誤り」及び「要確認」の件数を一致ウェイト（ビット）別に示した棒グラフ（件数は対数目盛）。0より左は、本人でないことを示す。"},
	"weight axis": {EN: "Match weight of record against holder, bits", JA: "記録と番号の本人との一致ウェイト（ビット）"},
	"weight zero": {EN: "0 bits: neither for nor against", JA: "0ビット: どちらともいえない"},
	"spread note": {EN: "Verified links are counted, not kept, and are not in these charts. A link can have a positive weight and still be mislinked: somebody else fits better.",
		JA: "「問題なし」の紐付けは件数のみを保存しているため、図に含まない。ウェイトが正であっても、より適合する別人がいる場合は「紐付け誤り」となる。"},
	"trend chart": {EN: "Mislinked per 100,000 links by run, with 95% interval", JA: "点検ごとの紐付け誤り（10万件当たり、線は95%信頼区間）"},
	"trend desc":  {EN: "One point for each run, oldest left. The table below holds the numbers.", JA: "点検ごとの誤り率を古い順に左から示す。数値は下の表に示す。"},
	"calibration none": {EN: "How the stated probabilities agree with what reviewers decide is shown here once cases are decided; for the whole run only.",
		JA: "確率の較正（表示した確率と、実際に誤りであった割合との比較）は、案件の確認結果が取り込まれた後に表示する。"},
	"calibration note": {EN: "Observed: share of wrong links among the settled cases, weighted where a sample was drawn, with 95% interval. A probability that lies outside the interval is not calibrated.",
		JA: "「実際」は、確認結果の確定した案件のうち実際に誤りであったものの割合（標本を抽出した場合は加重推定、95%信頼区間を付す。）である。表示した確率が区間に含まれない場合は、確率の較正が適切でないことを示す。"},
	"self-check": {EN: "Self-check: what became of planted faults", JA: "自己点検: 仕込んだ誤りの検出状況"},
	"self-check note": {EN: "Nobody knows all wrong links of real data. The run therefore gave some links of a shadow copy another number and judged them like all others; it says how much of what is there would be found. The figures are of the whole run.",
		JA: "実際のデータに含まれる全ての誤りを知ることはできないため、写しの一部の紐付けに別の番号を仕込み、他と同様に判定させて、誤りの検出率を推定した。数値は点検全体のものである。"},
	"funnel desc": {EN: "Each point is an organization: its links from left to right, its rate upwards. The curves are what chance reaches in 1 of 40 and in 1 of 1,000. The table below lists those beyond chance.",
		JA: "点は機関を表し、横軸は紐付け件数、縦軸は誤り率を示す。曲線は、偶然により超える確率が2.5%及び0.1%となる限界である。紐付けが10件未満の機関は、検定の対象とするが図には示さない。偶然の範囲を超える機関は上の表に示す。"},
	"funnel axis":     {EN: "Links of the organization", JA: "機関の紐付け件数"},
	"reference chart": {EN: "Mislinked per 100,000 links: this run and 2023", JA: "紐付け10万件当たりの紐付け誤り: 今回と令和5年総点検"},
	"reference desc": {EN: "For each dataset the published rate as a square and the rate of this run as a circle with its 95% interval, on a logarithmic scale. The table below holds the numbers.",
		JA: "紐付け情報ごとに、公表値を四角、今回の値を丸（線は95%信頼区間）で示す（対数目盛）。数値は下の表に示す。"},
	"rate axis":             {EN: "Per 100,000 links, logarithmic", JA: "紐付け10万件当たりの件数（対数目盛）"},
	"published":             {EN: "published for 2023", JA: "令和5年総点検の公表値"},
	"this run":              {EN: "this run, with 95% interval", JA: "今回の点検（線は95%信頼区間）"},
	"cases note":            {EN: "The strongest undecided case of each cause, most frequent causes first, and one left to review. Numbers are masked.", JA: "未確認の案件のうち、原因ごとに誤りの確率が最も高いものを原因の件数順に示し、「要確認」の例を1件加えた。個人番号は一部を伏せている。"},
	"sides":                 {EN: "Both sides, field by field", JA: "項目ごとの比較"},
	"record against holder": {EN: "record against holder", JA: "記録と番号の本人"},
	"mark same":             {EN: "same", JA: "一致"},
	"mark close":            {EN: "written otherwise or close", JA: "表記違い・近似"},
	"mark differs":          {EN: "differs", JA: "不一致"},
	"weights":               {EN: "What each comparison weighs, in bits", JA: "比較ごとの一致ウェイト（ビット）"},
	"hypotheses":            {EN: "Whose record is it?", JA: "この記録は誰のものか"},
	"waterfall":             {EN: "What speaks for and against the holder", JA: "番号の本人である根拠及び本人でない根拠"},
	"waterfall desc":        {EN: "Each bar starts where the one before ended; the last is the sum. The table below holds the numbers.", JA: "各棒は直前の棒の終点から始まり、最後の棒が合計を示す。数値は下の表に示す。"},
	"against":               {EN: "against the holder", JA: "本人でない"},
	"for":                   {EN: "for the holder", JA: "本人である"},
	"meaning":               {EN: "Meaning", JA: "意味"},
	"verdict meanings":      {EN: "Verdicts", JA: "判定"},
	"cause meanings":        {EN: "Causes", JA: "原因"},
	"numbers":               {EN: "The table", JA: "数値の表"},
	"scrolls":               {EN: "chart, scrolls sideways", JA: "図（横にスクロールできる。）"},
	"read probability": {EN: "The probability that a link is wrong weighs the holder of the number against everybody else in the register who could have been meant, and against people outside it. It is a statement about a record, not about a person's conduct.",
		JA: "誤りの確率は、番号の本人と、取り違えられた可能性のある住民台帳上の全ての者及び台帳外の者とを比較して算出したものである。記録についての推定であり、個人の行為を評価するものではない。"},
	"read weight": {EN: "A weight of 1 bit doubles the odds that record and holder are one person; minus 1 bit halves them. The bits of all comparisons add up.",
		JA: "ウェイト1ビットは、記録と番号の本人が同一人であるオッズを2倍に、マイナス1ビットは2分の1にする。比較ごとのウェイトの合計が全体のウェイトとなる。"},
	"read rate": {EN: "Rates are mislinked links per 100,000, with Wilson's 95% interval: the range that fits what was counted. Small groups have wide intervals; compare intervals, not ranks.",
		JA: "率は紐付け10万件当たりの紐付け誤り件数、区間は95%信頼区間（Wilson法）である。件数の少ない区分では区間が広くなるため、順位ではなく区間を比較すること。"},
	"read verdict": {EN: "A finding is a reason to check with the organization and the person, not a proof. Correct the link at its source and audit again.",
		JA: "検出結果は、機関及び本人への確認を要することを示すものであり、誤りの証明ではない。元データの紐付けを訂正し、再度点検すること。"},
	"read method": {EN: "The method and its rules are published in docs/method.md of the program; himozuke explain shows every step for one case.",
		JA: "判定方法は、プログラムの docs/method.md に公表している。個別の案件の判定過程は himozuke explain で確認できる。"},
	"footer": {EN: "Made by himozuke without a network; the same database gives the same file.", JA: "himozuke により作成（ネットワーク不使用）。同一のデータベースからは同一の報告書が作成される。"},
}

var (
	onlyScope        = words.Text{EN: "Only %s", JA: "対象: %sのみ"}
	ratePerLine      = words.Text{EN: "%s per 100,000 (%s to %s)", JA: "10万件当たり%s件（%s～%s）"}
	modelOf          = words.Text{EN: "Model, %s", JA: "モデル（%s）"}
	modelLearned     = words.Text{EN: "learned from %s links in %d steps", JA: "紐付け%s件から学習（反復%d回）"}
	modelDefault     = words.Text{EN: "default table of the program", JA: "プログラムの既定値"}
	placesNote       = words.Text{EN: "Beyond chance: exact one-sided binomial test of %s places against the average of this report, corrected by Benjamini and Hochberg at 5%%.", JA: "「偶然を超過」は、%sの地域について、本書の対象全体の率を基準とする片側の正確二項検定（Benjamini–Hochberg法、5%%水準）による。"}
	tileTip          = words.Text{EN: "%s: %s of %s links, %s per 100,000", JA: "%s: 紐付け誤り%s件／%s件、10万件当たり%s件"}
	tileCount        = words.Text{EN: "%s found", JA: "%s件"}
	shadeLine        = words.Text{EN: "over %s, up to %s", JA: "%s超～%s以下"}
	shadeOver        = words.Text{EN: "over %s", JA: "%s超"}
	fewLine          = words.Text{EN: "fewer than %s links", JA: "紐付け%s件未満"}
	expectedLine     = words.Text{EN: "Of the %s mislinked links, %s (%s) are expected to be right after all; the least sure has a probability of %s.", JA: "「紐付け誤り」%s件のうち、実際には誤りでないものは%s件（%s）と期待される。確率の最小値は%s。"}
	floorBesides     = words.Text{EN: "%s; links that fit two residents alike, whatever theirs is", JA: "%s（二人の住民のいずれとも判別できない紐付けは、確率によらず要確認）"}
	floorMark        = words.Text{EN: "review from %s", JA: "要確認 %s以上"}
	leastMark        = words.Text{EN: "mislinked from %s", JA: "紐付け誤り %s以上"}
	funnelChartTitle = words.Text{EN: "Organizations: %s", JA: "機関別の誤り率: %s"}
	funnelLegend     = words.Text{EN: "Mislinked per 100,000 links; line: average %s; curves: what chance passes in 2.5%% and 0.1%%", JA: "紐付け10万件当たりの紐付け誤り。横線は平均%s、曲線は偶然の限界（2.5%%・0.1%%）"}
	exampleHeading   = words.Text{EN: "Example %d: %s, %s", JA: "例%d　%s（%s）"}
)
