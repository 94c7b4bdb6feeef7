package main

import (
	"math/rand/v2"
	"strings"
)

// Names of the countries that most foreign residents come from, as they are
// commonly written in katakana. English and other European names are learned
// from dictionaries; what these follow cannot be.
const koreanFamily = `KIM キム;LEE リ,イ,リー;YI イ,リ;RHEE リ,リー;RI リ;PARK パク,パーク;PAK パク;BAK パク;CHOI チェ,チョイ;CHOE チェ
JUNG チョン,ジョン;JEONG チョン,ジョン;CHUNG チョン;KANG カン;GANG カン;CHO チョ;JO チョ,ジョ;YOON ユン;YUN ユン;JANG チャン,ジャン;CHANG チャン
LIM イム,リム;IM イム;YIM イム;HAN ハン;OH オ,オー;SEO ソ;SUH ソ;SHIN シン;SIN シン;KWON クォン,コン;GWON クォン;HWANG ファン;AHN アン;AN アン
SONG ソン;RYU リュ,ユ;YOO ユ,ユー;YU ユ;HONG ホン;JEON チョン,ジョン;JUN チョン,ジュン;KO コ;GO コ;MOON ムン;MUN ムン;YANG ヤン;SON ソン;SOHN ソン
BAE ペ;PAE ペ;BAEK ペク;PAEK ペク;HEO ホ;HUR ホ;NAM ナム;SIM シム;SHIM シム;NOH ノ;ROH ノ;HA ハ;KWAK クァク;SUNG ソン;SEONG ソン;CHA チャ
JOO チュ,ジュ;JU チュ,ジュ;WOO ウ;KOO ク;GU ク;MIN ミン;NA ナ;JIN チン,ジン;JI チ,ジ;UM オム;EOM オム;WON ウォン;BYUN ピョン;BANG パン;CHAE チェ;PYO ピョ`

const koreanGiven = `MIN ミン;JUN ジュン;JOON ジュン;SEO ソ;YEON ヨン;YOUNG ヨン;YEONG ヨン;YONG ヨン;HYUN ヒョン;HYEON ヒョン;JI ジ;HOON フン;HUN フン
SOO ス;SU ス;EUN ウン;KYUNG ギョン,キョン;GYEONG ギョン;HEE ヒ;HUI ヒ;JIN ジン;HO ホ;WOO ウ;U ウ;SEOK ソク;SUK スク,ソク;SANG サン;SUNG ソン;SEONG ソン
DONG ドン;TAE テ;JAE ジェ;HYE ヘ;HYO ヒョ;IN イン;IL イル;CHUL チョル;CHEOL チョル;KI ギ,キ;GI ギ;KWANG グァン,クァン;GWANG グァン;MYUNG ミョン;MYEONG ミョン
NA ナ;RA ラ;RI リ;AH ア;A ア;YE イェ;YUN ユン;YOON ユン;JUNG ジョン;JEONG ジョン;KYU ギュ;GYU ギュ;BIN ビン;BEOM ボム;BUM ボム;SIK シク;TAEK テク
HWA ファ;HWAN ファン;SEUNG スン;WON ウォン;DO ド;DA ダ;BO ボ;MI ミ;SO ソ;SUN スン,ソン;SOOK スク;OK オク;CHAN チャン;GEUN グン;KEUN グン;NAM ナム
HYUK ヒョク;HYEOK ヒョク;GUN ゴン;KUN ゴン;HAN ハン;SIN シン;SHIN シン;YU ユ;YOO ユ;RAN ラン;RYUN リュン;SOL ソル;BYEOL ビョル;AE エ;JOO ジュ;JU ジュ`

const vietnamese = `NGUYEN グエン;TRAN チャン,トラン;LE レ,レー;PHAM ファム;HOANG ホアン;HUYNH フイン;PHAN ファン;VU ヴ,ブ,ブー;VO ヴォ,ボ,ボー;DANG ダン;BUI ブイ
DO ド,ドー;HO ホ,ホー;NGO ゴ,ゴー;DUONG ズオン,ドゥオン;LY リ,リー;VAN ヴァン,バン;THI ティ,ティー,テイ;THANH タイン,タン,タイン;MINH ミン;ANH アン,アイン
HUNG フン;DUNG ズン,ユン;TUAN トゥアン;LINH リン;HUONG フオン;HOA ホア;LAN ラン;MAI マイ;THUY トゥイ;TRANG チャン,トラン;NGOC ゴック,ゴク;QUANG クアン;QUOC クオック
DUC ドゥック,ドゥク;DUY ズイ,ユイ;HAI ハイ;HIEU ヒエウ,ヒュー;KHANH カイン,カン;LONG ロン;LOC ロック;NAM ナム;NGA ガー,ガ;NGHIA ギア;NHAT ニャット,ニャト
NHUNG ニュン;PHUONG フオン,フォン;PHUC フック;SON ソン;TAM タム;TAN タン;THAO タオ;THANG タン;THU トゥ,トゥー;THINH ティン;TIEN ティエン;TRUNG チュン;TRUONG チュオン,チュン
TU トゥ,トゥー;TUNG トゥン;TUYET トゥエット;VIET ヴィエット,ベト,ヴィエト;VINH ヴィン,ビン;XUAN スアン;YEN イエン;BAO バオ;BINH ビン;CHAU チャウ;CHI チー,チ;CONG コン
CUONG クオン;DAI ダイ;DAT ダット,ダト;DIEP ジエップ;GIANG ザン,ジャン;HA ハー,ハ;HANG ハン;HANH ハイン,ハン;HIEN ヒエン;HONG ホン;HUE フエ;HUY フイ;KIEN キエン;KIM キム
LAM ラム;LIEN リエン;LOAN ロアン;LUAN ルアン;MY ミー,ミ;NHI ニー,ニ;NHU ニュー,ニュ;OANH オアン;PHAT ファット;PHONG フォン;PHU フー;QUYEN クエン;QUYNH クイン,クン
SANG サン;SINH シン;TAI タイ;THIEN ティエン;TOAN トアン;TRI チー;TRINH チン;TRUC チュック;UYEN ウエン;VY ヴィ,ビー;KHOA コア;KHAI カイ;DINH ディン;MANH マイン;TRONG チョン`

const otherAsian = `SHRESTHA シュレスタ,スレスタ;GURUNG グルン;TAMANG タマン;THAPA タパ;RAI ライ;ADHIKARI アディカリ,アデイカリ;BHANDARI バンダリ;POUDEL ポウデル;SHARMA シャルマ,サルマ
MAGAR マガル;KARKI カルキ;BASNET バスネット;GHIMIRE ギミレ;KHADKA カドカ;LAMA ラマ;SINGH シン;KUMAR クマール,クマル;PATEL パテル;KHAN カーン,カン;AHMED アフメド,アーメド;HOSSAIN ホセイン,ホサイン
RAHMAN ラーマン,ラハマン;ISLAM イスラム;AUNG アウン;KYAW チョー,チョウ;ZAW ゾー;WIN ウィン;HLAING ライン;MYINT ミン,ミイン;THEIN テイン;NAING ナイン;TUN トゥン;HTUN トゥン;HTET テッ,テット;KHIN キン;MYO ミョー
SOE ソー;THAN タン;OO ウー;NWE ヌエ;PHYO ピョー;SITHU シトゥー;WAI ワイ;YAN ヤン;DELA デラ;CRUZ クルス,クルズ;REYES レイエス,レエス;BAUTISTA バウティスタ,バウテイスタ;OCAMPO オカンポ;GARCIA ガルシア
SANTOS サントス;SILVA シルバ,シルヴァ;OLIVEIRA オリベイラ,オリヴェイラ;SOUZA ソウザ,スーザ;FERREIRA フェレイラ;PEREIRA ペレイラ;RODRIGUES ロドリゲス;ALMEIDA アルメイダ;NASCIMENTO ナシメント;LIMA リマ;DOS ドス;DA ダ;DE デ
WIJAYA ウィジャヤ;SETIAWAN セティアワン,セテイアワン;HIDAYAT ヒダヤット;PUTRA プトラ;PUTRI プトリ;SARI サリ;NUR ヌル;DEWI デウィ,デヴィ;RAHMAT ラフマット;SOMCHAI ソムチャイ;SUKSAWAT スックサワット`

// ruleWeight is what one name made by rule is worth beside one from the
// dictionary: there are few of them and many people bear them.
const (
	ruleWeight    = 6
	pinyinWeight  = 2
	combined      = 4000
	combineWeight = 0.3
)

// foreignNames writes the tables and rules above out as names.
func foreignNames() (list []transliteration) {
	add := func(latin, kana string, weight float64) {
		letters, ok := foldLatin(latin)
		if !ok {
			return
		}
		if reading, ok := foldKana(kana); ok && len(reading) <= latinLongest && len(letters) <= latinLongest {
			list = append(list, transliteration{letters, reading, weight, true})
		}
	}
	each := func(table string, weight float64) (pairs [][2]string) {
		for _, entry := range strings.FieldsFunc(table, func(r rune) bool { return r == ';' || r == '\n' }) {
			latin, all, _ := strings.Cut(entry, " ")
			readings := strings.Split(all, ",")
			for _, kana := range readings {
				add(latin, kana, weight/float64(len(readings)))
			}
			pairs = append(pairs, [2]string{latin, readings[0]})
		}
		return pairs
	}
	random := rand.New(rand.NewPCG(5, 6))
	join := func(pairs [][2]string) {
		for range combined {
			a, b := pairs[random.IntN(len(pairs))], pairs[random.IntN(len(pairs))]
			add(a[0]+b[0], a[1]+b[1], combineWeight)
		}
	}
	each(koreanFamily, ruleWeight)
	join(each(koreanGiven, ruleWeight))
	each(vietnamese, ruleWeight)
	each(otherAsian, ruleWeight)
	var syllables [][2]string
	for _, s := range pinyin() {
		for _, kana := range s.kana {
			add(s.latin, kana, pinyinWeight/float64(len(s.kana)))
			syllables = append(syllables, [2]string{s.latin, kana})
		}
	}
	join(syllables)
	return list
}

// pinyinSyllable is a syllable of Mandarin with the kana it may be written in.
type pinyinSyllable struct {
	latin string
	kana  []string
}

// pinyinInitials gives each initial its kana before a, i, u, e and o.
var pinyinInitials = []struct{ latin, kana string }{
	{"", "ア イ ウ エ オ"}, {"B", "バ ビ ブ ベ ボ"}, {"P", "パ ピ プ ペ ポ"}, {"M", "マ ミ ム メ モ"}, {"F", "ファ フィ フ フェ フォ"},
	{"D", "ダ ディ ドゥ デ ド"}, {"T", "タ ティ トゥ テ ト"}, {"N", "ナ ニ ヌ ネ ノ"}, {"L", "ラ リ ル レ ロ"},
	{"G", "ガ ギ グ ゲ ゴ"}, {"K", "カ キ ク ケ コ"}, {"H", "ハ ヒ フ ヘ ホ"},
	{"J", "ジャ ジ ジュ ジェ ジョ"}, {"Q", "チャ チ チュ チェ チョ"}, {"X", "シャ シ シュ シェ ショ"},
	{"ZH", "ジャ ジ ジュ ジェ ジョ"}, {"CH", "チャ チ チュ チェ チョ"}, {"SH", "シャ シ シュ シェ ショ"}, {"R", "ラ リ ル レ ロ"},
	{"Z", "ザ ズ ズ ゼ ゾ"}, {"C", "ツァ ツ ツ ツェ ツォ"}, {"S", "サ ス ス セ ソ"},
	{"Y", "ヤ イ ユ イェ ヨ"}, {"W", "ワ ウィ ウ ウェ ウォ"},
}

// pinyinFinals gives each final its kana: a digit is the initial's kana before
// that vowel (0 to 4 for a, i, u, e, o). soft is for J Q X, whose kana already
// hold the glide.
var pinyinFinals = []struct{ latin, kana, soft string }{
	{"A", "0 0ー", ""}, {"O", "4 2オ", ""}, {"E", "0 4ー 2ー 3", ""}, {"AI", "0イ", ""}, {"EI", "3イ", ""}, {"AO", "0オ", ""}, {"OU", "4ウ 4", ""},
	{"AN", "0ン", ""}, {"EN", "3ン 2ン", ""}, {"ANG", "0ン", ""}, {"ENG", "4ン 3ン 2ン", ""}, {"ONG", "4ン 2ン", ""},
	{"I", "1ー 1", "1ー 1"}, {"IA", "1ア", "0 1ア"}, {"IE", "1エ", "3 1エ"}, {"IAO", "1アオ", "0オ"}, {"IU", "1ウ", "1ウ 2ウ"},
	{"IAN", "1エン", "3ン"}, {"IN", "1ン", "1ン"}, {"IANG", "1アン", "0ン"}, {"ING", "1ン", "1ン"}, {"IONG", "1オン", "4ン"},
	{"U", "2ー 2", "2 2ー"}, {"UA", "2ア", ""}, {"UO", "2オ 4", ""}, {"UAI", "2アイ", ""}, {"UI", "2イ 2エイ", ""},
	{"UAN", "2アン", "2アン 2エン"}, {"UN", "2ン", "2ン"}, {"UANG", "2アン", ""}, {"UE", "2エ", "2エ"},
}

// pinyin makes every syllable by rule. Some do not occur; they do no harm.
func pinyin() (list []pinyinSyllable) {
	for _, initial := range pinyinInitials {
		rows := strings.Fields(initial.kana)
		soft := strings.Contains("JQX", initial.latin) && initial.latin != ""
		for _, final := range pinyinFinals {
			kana := final.kana
			if soft {
				kana = final.soft
			}
			glide := initial.latin == "" || initial.latin == "Y" || initial.latin == "W"
			if kana == "" || glide && len(final.latin) > 1 && strings.ContainsAny(final.latin[:1], "I") && final.latin != "IN" && final.latin != "ING" {
				continue
			}
			s := pinyinSyllable{latin: initial.latin + final.latin}
			for _, pattern := range strings.Fields(kana) {
				for vowel, row := range rows {
					pattern = strings.ReplaceAll(pattern, string(rune('0'+vowel)), row)
				}
				s.kana = append(s.kana, pattern)
			}
			if s.latin == "YAN" {
				s.kana = []string{"イェン", "エン", "ヤン"}
			}
			list = append(list, s)
		}
	}
	return list
}
