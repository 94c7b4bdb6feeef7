package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// progress draws the stages of a run on a terminal, and nothing elsewhere.
type progress struct {
	app   *app
	on    bool
	stage linkage.Stage
	bar   *progressbar.ProgressBar
}

func (a *app) progress(quiet bool) *progress {
	f, ok := a.stderr.(*os.File)
	return &progress{app: a, on: !quiet && ok && term.IsTerminal(int(f.Fd()))}
}

var stageTexts = map[linkage.Stage]words.Text{
	linkage.StageRegister: {EN: "reading the register", JA: "住民台帳の読み込み"},
	linkage.StageVerify:   {EN: "checking links", JA: "紐付けの照合"},
	linkage.StageTrain:    {EN: "learning weights", JA: "ウェイトの学習"},
	linkage.StageSearch:   {EN: "searching owners", JA: "真の本人の探索"},
	linkage.StageDecide:   {EN: "weighing causes", JA: "原因の判定"},
	linkage.StageFindings: {EN: "writing findings", JA: "結果の書き出し"},
}

// show is called by the run, from one goroutine at a time.
func (p *progress) show(stage linkage.Stage, done, total int64) {
	if !p.on {
		return
	}
	if stage != p.stage || total > 0 && p.bar.GetMax64() != total {
		p.finish()
		p.stage = stage
		limit := total
		if limit <= 0 {
			limit = -1
		}
		p.bar = progressbar.NewOptions64(limit,
			progressbar.OptionSetWriter(p.app.stderr),
			progressbar.OptionSetDescription(p.app.say(stageTexts[stage])),
			progressbar.OptionSetWidth(24),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100_000_000),
			progressbar.OptionSpinnerType(14),
		)
	}
	if p.bar.GetMax64() > 0 {
		done = min(done, p.bar.GetMax64())
	}
	p.bar.Set64(done)
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
}
