package report

import "github.com/himozuke/himozuke/report/words"

// Reference is what the general inspection of 2023 found, as published.
type Reference struct {
	Dataset string     `json:"dataset"` // empty: all services
	Scope   words.Text `json:"-"`
	Checked int64      `json:"checked"`
	Wrong   int64      `json:"wrong"`
	Source  words.Text `json:"-"`
}

// Rate is wrong links per 100,000.
func (r *Reference) Rate() float64 { return 100_000 * float64(r.Wrong) / float64(r.Checked) }

var (
	digitalAgencyResults = words.Text{
		EN: "Digital Agency, headquarters of the general inspection, results of 12 December 2023",
		JA: "デジタル庁「マイナンバー情報総点検本部」令和5年12月12日公表の点検結果",
	}
	digitalAgencyFinal = words.Text{
		EN: "Digital Agency, headquarters of the general inspection, final count of 16 January 2024",
		JA: "デジタル庁「マイナンバー情報総点検本部」令和6年1月16日の最終集計",
	}
	prefecturesResults = words.Text{
		EN: "notices of the three prefectures, 2023; no national count of certificates checked was published",
		JA: "福岡県・群馬県・島根県の公表資料（令和5年）。障害者手帳の点検件数の全国値は公表されていない",
	}
)

// references are the published figures. Where only parts of the country
// published both how much was checked and how much was wrong, these are added.
//
// Disability certificates, wrong of checked: Fukuoka 65 of 216,166, Gunma 57 of
// 100,757, Shimane 5 of 38,924 (certificates only, all three kinds).
var references = []Reference{
	{Dataset: "medical", Checked: 15_710_000, Wrong: 1_142, Source: digitalAgencyResults,
		Scope: words.Text{EN: "health insurance, 1,313 insurers", JA: "健康保険証（1,313保険者）"}},
	{Dataset: "bank", Checked: 56_220_000, Wrong: 1_186, Source: digitalAgencyResults,
		Scope: words.Text{EN: "accounts for public money, without about 130,000 accounts of family members", JA: "公金受取口座（家族名義口座約13万件を除く。）"}},
	{Dataset: "disability", Checked: 216_166 + 100_757 + 38_924, Wrong: 65 + 57 + 5, Source: prefecturesResults,
		Scope: words.Text{EN: "disability certificates in Fukuoka, Gunma and Shimane", JA: "障害者手帳（福岡県・群馬県・島根県）"}},
	{Dataset: "", Checked: 82_080_000, Wrong: 8_395, Source: digitalAgencyFinal,
		Scope: words.Text{EN: "all services inspected", JA: "総点検の対象となった全ての制度"}},
}

// Comparison sets a published figure beside what this run found.
type Comparison struct {
	Reference
	PublishedRate float64  `json:"published_rate_per_100000"`
	Rate          *float64 `json:"rate_per_100000"` // of the run; null without links
	RateLow       *float64 `json:"rate_low"`
	RateHigh      *float64 `json:"rate_high"`
}

// compareWith2023 picks the published figures of a table by dataset. The total
// is compared only where the table has all datasets.
func compareWith2023(t *Table) []Comparison {
	list := []Comparison{}
	for _, r := range references {
		row := t.row(r.Dataset)
		if r.Dataset == "" && t.Dataset == "" {
			row = &t.Total
		}
		if row == nil {
			continue
		}
		list = append(list, Comparison{Reference: r, PublishedRate: r.Rate(), Rate: row.Rate, RateLow: row.RateLow, RateHigh: row.RateHigh})
	}
	return list
}

// row finds a row of the table by its key.
func (t *Table) row(key string) *TableRow {
	for i := range t.Rows {
		if t.Rows[i].Key == key {
			return &t.Rows[i]
		}
	}
	return nil
}
