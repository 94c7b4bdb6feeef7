package report

import (
	"fmt"
	"strings"
)

// addCalibration sets the stated probabilities beside what reviewers found. Its
// figures are of the whole run, so a report of one prefecture is without it.
func (p *page) addCalibration() error {
	if p.options.Prefecture != "" || p.options.Dataset != "" {
		return nil
	}
	decided, err := p.audit.anyDecided()
	if err != nil {
		return err
	}
	p.Calibrated = p.text("calibration none")
	if !decided {
		return nil
	}
	e, err := p.audit.EvaluateDecisions(DecisionOptions{})
	if err != nil || len(e.Calibration) == 0 {
		return err
	}
	p.Calibrated = p.text("calibration note")
	t := &p.Calibration
	t.Caption = strings.Trim(bandsTitle.In(p.lang), "【】")
	t.column(headingStated.In(p.lang), false)
	for _, h := range []string{estimatedSettled.In(p.lang), headingMean.In(p.lang), headingObserved.In(p.lang), heading95.In(p.lang)} {
		t.column(h, true)
	}
	t.column(bandsInside.In(p.lang), false)
	for i := range e.Calibration {
		c := &e.Calibration[i]
		inside, class := bandsYes, ""
		if !c.Inside {
			inside, class = bandsNo, "differs"
		}
		t.add(class, intervalFrame.Format(p.lang, fmt.Sprintf("%.1f", c.From), fmt.Sprintf("%.1f", c.To)), grouped(c.Observed.Settled),
			decimals(c.Stated), c.Observed.text(), c.Observed.interval(p.lang), inside.In(p.lang))
	}
	return nil
}
