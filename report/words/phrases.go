package words

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

// Said is an English message of a room that knows no other language, in the
// reader's: the rooms below this one say what is wrong in English, for logs and
// for programmers, and here it is said again for people. A message that nobody
// has translated stays as it is; a test sees that there is none.
func Said(message string, l Lang) string {
	if l == English || message == "" {
		return message
	}
	for _, p := range compiledPhrases() {
		match := p.pattern.FindStringSubmatch(message)
		if match == nil {
			continue
		}
		args := make([]any, len(match)-1)
		for i, part := range match[1:] {
			args[i] = Said(part, l)
		}
		return fmt.Sprintf(p.text, args...)
	}
	return message
}

// systemError says an error of the operating system about a file.
func systemError(err error, l Lang) (string, bool) {
	var path *fs.PathError
	if l == English || !errors.As(err, &path) || err.Error() != path.Error() {
		return "", false
	}
	return path.Path + ": " + Said(path.Err.Error(), l), true
}

type phrase struct {
	pattern *regexp.Regexp
	text    string
}

// compiledPhrases are the patterns in the order of the list: what is special
// stands before what is general.
var compiledPhrases = sync.OnceValue(func() []phrase {
	list := make([]phrase, 0, len(phrases))
	for _, p := range phrases {
		list = append(list, phrase{phrasePattern(p.english), positional.ReplaceAllString(p.japanese, "%${1}s")})
	}
	return list
})

var (
	phraseVerb = regexp.MustCompile(`%[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z]`)
	positional = regexp.MustCompile(`%((?:\[\d+\])?)(?:[-+#0 ]*\d*(?:\.\d+)?)[a-zA-Z]`)
)

// phrasePattern matches what a format makes.
func phrasePattern(format string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	at := 0
	for _, v := range phraseVerb.FindAllStringIndex(format, -1) {
		b.WriteString(regexp.QuoteMeta(format[at:v[0]]))
		switch format[v[1]-1] {
		case 'd':
			b.WriteString(`(-?\d+)`)
		case 'g', 'f':
			b.WriteString(`([-+0-9.e]+|NaN|[-+]?Inf)`)
		case 'q':
			b.WriteString(`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`)
		default:
			b.WriteString(`(.*?)`)
		}
		at = v[1]
	}
	b.WriteString(regexp.QuoteMeta(format[at:]) + `$`)
	return regexp.MustCompile(b.String())
}

// phrases are the messages, as the rooms format them. They are no [Text]: their
// English stands elsewhere, and what it formats comes back as text.
var phrases = []struct{ english, japanese string }{
	// Configuration.
	{"%s: %w; check the path of --config", "%s: %s。--config のパスを確認してください"},
	{"%s:%d:%d: the key %q is not known; see docs/formats.md", "%s:%d:%d: %q という設定項目はありません。docs/formats.md を参照してください"},
	{"the number scheme %q is not known; say jp-mynumber, ee-isikukood or generic", "番号体系 %q は使えません。jp-mynumber、ee-isikukood、generic のいずれかを指定してください"},
	{"scheme %q is not known", "番号体系 %q は使えません"},
	{"%s %g is not a share between 0 and 1", "%s の値 %g は 0 から 1 の割合ではありません"},
	{"review_budget %d is negative; 0 is no limit", "review_budget の値 %d は負の数です。0 は上限なしです"},
	{"jobs %d is negative", "jobs の値 %d は負の数です"},
	{"the dataset name %q stands twice or is reserved; give each linked file its own", "紐付け情報の名称 %q は重複しているか、使えない名称です。ファイルごとに別の名称を付けてください"},
	// Models.
	{"%w; check the path of --model", "%s。--model のパスを確認してください"},
	{"%s: format %d, this program reads %d; make it anew with himozuke train", "%s: モデルの形式は %d ですが、このプログラムが読めるのは %d です。himozuke train で作成し直してください"},
	{"%s: the dataset %q has no model; make it anew with himozuke train", "%s: 紐付け情報 %q のモデルがありません。himozuke train で作成し直してください"},
	{"%s: the dataset %q: %w; make it anew with himozuke train", "%s: 紐付け情報 %q: %s。himozuke train で作成し直してください"},
	{"%s: %w; make it anew with himozuke train", "%s: %s。himozuke train で作成し直してください"},
	{"the prior of the cause %q is not usable", "原因 %q の事前確率が正しくありません"},
	{"model: %s: m and u must lie in (0, 1]", "モデル: %s: m 及び u は 0 より大きく 1 以下でなければなりません"},
	{"model: %s: the share must lie in (0, 1]", "モデル: %s: 割合は 0 より大きく 1 以下でなければなりません"},
	{"model: %s: m %.3g is not above u %.3g", "モデル: %s: m（%s）が u（%s）を超えていません"},
	{"model: %s: m %.3g is not below u %.3g", "モデル: %s: m（%s）が u（%s）未満ではありません"},
	{"model: %s: the share must lie in (0, 1]", "モデル: %s: 割合は 0 より大きく 1 以下でなければなりません"},
	{"model: %s: the level %q weighs %.3g bits, but %q, which agrees better, only %.3g", "モデル: %s: 水準 %q のウェイトは%sビットで、より一致している %q の%sビットを超えています"},
	{"%s: the cell %q is missing", "%s: 区分 %q がありません"},
	{"%s: %d cells, want %d", "%s: 区分の数が %d です（正しくは %d）"},
	{"the level %q is missing", "一致水準 %q がありません"},
	{"%d levels, want %d", "一致水準の数が %d です（正しくは %d）"},
	// Training.
	{"%d links are too few to learn from; at least %d are needed", "紐付け%d件では学習に足りません。少なくとも%d件が必要です"},
	{"no log2 m moved by more than %g in step %d", "log2 m の変化が%gビット以下となり、反復%d回で収束"},
	{"still moving by %.3g bits after %d steps", "反復%[2]d回の後も%[1]sビットの変化があり、収束していない"},
	// Files.
	{"%s: more than %d blocks of a MiB; split the file and give each part a dataset name of its own", "%s: 1 MiB のブロックが %d を超えています。ファイルを分割し、それぞれに別の名称を付けてください"},
	{"%s: %d rows in, but %d judged and %d rejected: please report this", "%s: 読み込んだ %d 行に対し、点検 %d 行、読取不能 %d 行で、一致しません。開発元に連絡してください"},
	{"%s:%d: no row begins on this line", "%s:%d: この行から始まる記録がありません。点検中にファイルが変更された可能性があります"},
	{"copying to a temporary file: %w", "一時ファイルへの複写: %s"},
	{"its values are too long", "値が長過ぎます"},
	{"its time zone is not known", "時間帯を判別できません"},
	{"%s: the reader gave up on it", "%s として読み取れません"},
	{"%s: a row group holds %d rows where %d are promised", "%s: 行グループに %d 行ありますが、本来は %d 行です"},
	{"columns of %d and %d rows", "列の行数が %d 行と %d 行で異なります"},
	{"the configuration names a column %q that the product does not know", "設定にある項目 %q は使えません"},
	{"the heading stands twice", "同じ見出しが二つあります"},
	{"the heading stands twice, in columns %d and %d", "同じ見出しが %d 列目と %d 列目にあります"},
	{"the configuration names it as %s, but %s", "設定では %s の見出しですが、%s"},
	{"the first line looks like data: the file needs a line of headings", "1行目がデータのようです。ファイルには見出しの行が必要です"},
	{"%q holds twelve digits and may be it", "%q は12桁の数字であり、これに当たる可能性があります"},
	{"none of its %d headings is known", "見出し %d 個のいずれも解釈できません"},
	{"the headings are %s", "ファイルの見出しは %s です"},
	{"it changed while it was read", "読込み中にファイルが変更されました"},
	{"the bytes look like EUC-JP, which is not read; convert the file to UTF-8", "文字コードは EUC-JP のようです。EUC-JP は読めないため、UTF-8 に変換してください"},
	{"its bytes are neither UTF-8 nor CP932", "UTF-8 でも CP932 でもないバイト列があります"},
	{"it is %s", "%s です"},
	{"it is a directory", "フォルダーです"},
	{"the first line does not end, or a quote in it is never closed", "1行目に終わりがないか、引用符が閉じていません"},
	{"a quote in the first line is never closed", "1行目の引用符が閉じていません"},
	{"there are headings only", "見出しの行しかありません"},
	{"%s data that ends too early", "%s のデータが途中で切れています"},
	{"%q is not a size: write it like 4GiB", "%q は大きさとして読み取れません。4GiB のように指定してください"},
	{"about %d people and %d links take %d MiB of memory even with the register on disk, but only %d MiB may be used: raise --memory or split the links over several runs", "約%d人、紐付け%d件の点検には、台帳をディスクに置いても約%d MiB のメモリーが必要ですが、使えるのは %d MiB です。--memory を増やすか、紐付けファイルを分けて点検してください"},
	{"the register does not fit into --memory and there is no room for it on disk in %s: %w", "台帳が --memory に収まらず、%s のディスクにも置けません: %s"},
	{"the register does not fit into --memory and has no room on disk: %w", "台帳が --memory に収まらず、ディスクにも置けません: %s"},
	{"the register on disk cannot be read: %w", "ディスク上の台帳を読めません: %s"},
	// Results.
	{"%s: bring the schema to version %d: %w", "%s: データベースを版 %d に更新できません: %s"},
	{"no encoding %q", "文字コード %q は使えません"},
	{"not the JSON of a dossier", "案件の内容が壊れています"},
	{"the key is shorter than 32 bytes", "秘密鍵が 32 バイトに足りません"},
	{"taking the runs out would leave rows that refer to nothing: please report this", "点検を削除すると参照先のない行が残るため、中止しました。開発元に連絡してください"},
	{"--fail-on %s: %d", "--fail-on %s: 該当 %d 件"},
	{"label is not ok, mislinked or orphan", "label が ok、mislinked、orphan のいずれでもありません"},
	{"empty", "空です"},
	{"a finding without its dossier", "検出結果に対応する記載がありません"},
	{"not hexadecimal", "16進数ではありません"},
	{"shorter than 32 bytes", "32 バイトに足りません"},
	{"not the key of this run", "この点検の秘密鍵ではありません"},
	// Synthetic data and comparisons.
	{"fixtures: %w", "合成データ: %s"},
	{"fixtures: Dir is empty: name the folder to write to", "合成データ: 書き出すフォルダーを指定してください"},
	{"fixtures: %d people: give a number from 1 to 1,000,000,000", "合成データ: 人数 %d は使えません。1 から 1,000,000,000 までの数を指定してください"},
	{"fixtures: fault rate %g: give a share from 0 to 0.2", "合成データ: 誤りの割合 %g は使えません。0 から 0.2 までの割合を指定してください"},
	{"fixtures: prefecture %d: codes go from 1 (北海道) to 47 (沖縄県)", "合成データ: 都道府県コード %d は使えません。1（北海道）から 47（沖縄県）までを指定してください"},
	{"fixtures: dataset %q: known are %v", "合成データ: 紐付け情報 %q は使えません。%s のいずれかを指定してください"},
	{"fixtures: links %s=%g: give a share from 0 to 1 of one of %v", "合成データ: 紐付けの割合 %s=%g は使えません。%s のいずれかについて、0 から 1 までの割合を指定してください"},
	{"fixtures: %s %s %g: give a share from 0 to 1", "合成データ: %s の %s の値 %g は使えません。0 から 1 までの割合を指定してください"},
	{"fixtures: %s %q: known are %v", "合成データ: %s %q は使えません。%s のいずれかを指定してください"},
	{"no such kind of text: %q; know %s", "%q という種類はありません。%s のいずれかを指定してください"},
	// The command line.
	{"unknown flag: %s", "%s というオプションはありません"},
	{"unknown shorthand flag: %q in %s", "%[2]s に含まれる %[1]s というオプションはありません"},
	{"flag needs an argument: %s", "%s には値が必要です"},
	{"bad flag syntax: %s", "%s は正しい形ではありません"},
	{"invalid argument %q for %q flag: %v", "%[2]s に %[1]s は指定できません（%[3]s）"},
	{"strconv.%s: parsing %q: %v", "%[3]s"},
	{"invalid syntax", "数値の形ではありません"},
	{"value out of range", "範囲を超えています"},
	{"accepts %d arg(s), received %d", "引数は %d 個ですが、%d 個あります"},
	{"accepts at most %d arg(s), received %d", "引数は %d 個までですが、%d 個あります"},
	{"accepts between %d and %d arg(s), received %d", "引数は %d 個から %d 個までですが、%d 個あります"},
	{"requires at least %d arg(s), only received %d", "引数は %d 個以上必要ですが、%d 個しかありません"},
	{"unknown command %q for %q", "%[2]s に %[1]s というコマンドはありません"},
	// The operating system.
	{"no such file or directory", "ファイル又はフォルダーが存在しません"},
	{"permission denied", "権限がありません"},
	{"operation not permitted", "許可されていない操作です"},
	{"is a directory", "フォルダーです"},
	{"not a directory", "フォルダーではありません"},
	{"file exists", "既に存在します"},
	{"file already exists", "既に存在します"},
	{"file does not exist", "ファイルが存在しません"},
	{"no space left on device", "ディスクの空き容量がありません"},
	{"disk quota exceeded", "ディスクの割当て容量を超えています"},
	{"read-only file system", "読取り専用のファイルシステムです"},
	{"input/output error", "入出力エラーが発生しました"},
	{"too many open files", "開いているファイルが多過ぎます"},
	{"broken pipe", "出力先が閉じられました"},
	{"unexpected EOF", "途中で切れています"},
}
