package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/himozuke/himozuke/linkage"
	"github.com/himozuke/himozuke/report/words"
)

// chart is a drawing of simple shapes. Its colours are classes of the style
// sheet, its texts are escaped by the template.
type chart struct {
	ID, Title, Desc string
	Class           string // of the drawing, for style.css
	Width, Height   int
	Shapes          []shape
}

// shape is one mark. Which fields count depends on its kind.
type shape struct {
	Kind                  string // rect, line, path, circle, text
	Class                 string
	X, Y, X2, Y2, W, H, R string
	D, Text, Anchor, Tip  string
}

// xy writes a coordinate; a tenth of a pixel is more than anybody sees, and
// short.
func xy(x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func (c *chart) rect(class string, x, y, w, h float64, tip string) {
	c.Shapes = append(c.Shapes, shape{Kind: "rect", Class: class, X: xy(x), Y: xy(y), W: xy(w), H: xy(h), Tip: tip})
}

func (c *chart) line(class string, x, y, x2, y2 float64) {
	c.Shapes = append(c.Shapes, shape{Kind: "line", Class: class, X: xy(x), Y: xy(y), X2: xy(x2), Y2: xy(y2)})
}

func (c *chart) circle(class string, x, y, r float64, tip string) {
	c.Shapes = append(c.Shapes, shape{Kind: "circle", Class: class, X: xy(x), Y: xy(y), R: xy(r), Tip: tip})
}

func (c *chart) text(class, anchor string, x, y float64, s string) {
	c.Shapes = append(c.Shapes, shape{Kind: "text", Class: class, Anchor: anchor, X: xy(x), Y: xy(y), Text: s})
}

func (c *chart) path(class string, points [][2]float64) {
	var d strings.Builder
	for i, p := range points {
		command := "L"
		if i == 0 {
			command = "M"
		}
		d.WriteString(command + xy(p[0]) + " " + xy(p[1]))
	}
	c.Shapes = append(c.Shapes, shape{Kind: "path", Class: class, D: d.String()})
}

// textWidth estimates the width of a text: an East Asian character is as wide
// as the font is high.
func textWidth(s string, size float64) float64 {
	return float64(cells.StringWidth(s)) * size * 0.53
}

// tilePlaces lay the prefectures out by code: column and row of each tile, so
// that neighbours mostly stay neighbours and no prefecture is small.
var tilePlaces = [47][2]float64{
	{12, 0},                                                          // Hokkaido
	{12, 1.2}, {12, 2.2}, {12, 3.2}, {11, 2.2}, {11, 3.2}, {12, 4.2}, // Tohoku
	{12, 6.2}, {12, 5.2}, {11, 5.2}, {11, 6.2}, {12, 7.2}, {11, 7.2}, {11, 8.2}, // Kanto
	{11, 4.2}, {10, 4.2}, {9, 4.2}, {8, 5.2}, {10, 6.2}, {10, 5.2}, {9, 5.2}, {10, 7.2}, {9, 6.2}, // Chubu
	{8, 7.2}, {8, 6.2}, {7, 6.2}, {6, 7.2}, {6, 6.2}, {7, 7.2}, {7, 8.2}, // Kinki
	{5, 6.2}, {4, 6.2}, {5, 7.2}, {4, 7.2}, {3, 7.2}, // Chugoku
	{5, 9.4}, {5, 8.4}, {4, 8.4}, {4, 9.4}, // Shikoku
	{1, 7.4}, {0, 7.4}, {0, 8.4}, {1, 8.4}, {2, 7.4}, {2, 8.4}, {1, 9.4}, {0, 10.6}, // Kyushu and Okinawa
}

// shades of a tile by the rate as a multiple of the average of the report.
var shadeLimits = []float64{0, 0.5, 1, 1.5, 2}

func shadeOf(rate, average float64) int {
	if rate == 0 || average == 0 {
		return 0
	}
	for i, limit := range shadeLimits[1:] {
		if rate <= limit*average {
			return i + 1
		}
	}
	return len(shadeLimits)
}

// tileFewLinks marks tiles whose rate says little.
const tileFewLinks = 1000

func tileChart(t *Table, beyond map[string]bool, p *page) *chart {
	const width, height, gap, left, top = 56.0, 50.0, 4.0, 4.0, 4.0
	c := &chart{ID: "tiles", Class: "tiles", Title: p.text("places"), Desc: p.text("tiles desc"), Width: 786, Height: 632}
	average := 0.0
	if t.Total.Rate != nil {
		average = *t.Total.Rate
	}
	for i, place := range tilePlaces {
		code := fmt.Sprintf("%02d", i+1)
		name := words.Prefecture(code).In(p.lang)
		x, y := left+place[0]*(width+gap), top+place[1]*(height+gap)
		class, rate, count, tip := "tile none", "-", "", name
		if r := t.row(code); r != nil && r.Rate != nil {
			shade := shadeOf(*r.Rate, average)
			class = fmt.Sprintf("tile s%d", shade)
			if r.Links < tileFewLinks {
				class += " few"
			}
			if beyond[code] {
				class += " beyond"
			}
			rate, count = rateText(*r.Rate), grouped(r.Mislinked)
			tip = tileTip.Format(p.lang, name, grouped(r.Mislinked), grouped(r.Links), rate)
		}
		ink := "ink"
		if strings.Contains(class, "s4") || strings.Contains(class, "s5") {
			ink = "pale"
		}
		c.rect(class, x, y, width, height, tip)
		c.text("tile-name "+ink, "middle", x+width/2, y+14, shortPrefecture(name))
		c.text("tile-rate "+ink, "middle", x+width/2, y+30, rate)
		if count != "" {
			c.text("tile-count "+ink, "middle", x+width/2, y+44, tileCount.Format(p.lang, count))
		}
	}
	c.tileLegend(average, p)
	return c
}

// shortPrefecture leaves out what every name ends in.
func shortPrefecture(name string) string {
	if name == "北海道" {
		return name
	}
	for _, suffix := range []string{"都", "府", "県"} {
		if cut, ok := strings.CutSuffix(name, suffix); ok {
			return cut
		}
	}
	return name
}

func (c *chart) tileLegend(average float64, p *page) {
	const x, step = 8.0, 26.0
	y := 24.0
	c.text("legend-title", "start", x, y, p.text("tiles legend"))
	y += 14
	labels := []string{p.text("shade none")}
	for i := 1; i < len(shadeLimits); i++ {
		labels = append(labels, shadeLine.Format(p.lang, rateText(shadeLimits[i-1]*average), rateText(shadeLimits[i]*average)))
	}
	labels = append(labels, shadeOver.Format(p.lang, rateText(shadeLimits[len(shadeLimits)-1]*average)))
	for i, label := range labels {
		c.rect(fmt.Sprintf("tile s%d", i), x, y, 30, 18, "")
		c.text("label", "start", x+40, y+14, label)
		y += step
	}
	c.rect("tile s1 beyond", x, y, 30, 18, "")
	c.text("label", "start", x+40, y+14, p.text("shade beyond"))
	y += step
	c.rect("tile s1 few", x, y, 30, 18, "")
	c.text("label", "start", x+40, y+14, fewLine.Format(p.lang, grouped(tileFewLinks)))
}

// bar is one stacked bar.
type bar struct {
	label string
	total int64
	parts []int64
}

func causeChart(bars []bar, names []string, p *page) *chart {
	if len(bars) == 0 {
		return nil
	}
	const step, thick = 26.0, 16.0
	label, most := 0.0, int64(1)
	for _, b := range bars {
		label = max(label, textWidth(b.label, 13))
		most = max(most, b.total)
	}
	left := label + 14
	c := &chart{ID: "causes", Title: p.text("causes"), Desc: p.text("causes desc"), Width: 720, Height: int(34 + step*float64(len(bars)))}
	x := left
	for i, name := range names {
		c.rect(fmt.Sprintf("d%d", i%6), x, 6, 12, 12, "")
		c.text("label", "start", x+17, 16, name)
		x += textWidth(name, 13) + 38
	}
	room := 720 - left - 70
	for i, b := range bars {
		y := 30 + step*float64(i)
		c.text("label", "end", left-8, y+thick-3, b.label)
		x := left
		for k, n := range b.parts {
			w := float64(n) / float64(most) * room
			if n > 0 {
				c.rect(fmt.Sprintf("d%d", k%6), x, y, w, thick, fmt.Sprintf("%s, %s: %s", b.label, names[k], grouped(n)))
			}
			x += w
		}
		c.text("label strong", "start", x+6, y+thick-3, grouped(b.total))
	}
	return c
}

// histogramRight leaves room for half a label.
const histogramRight = 24

// histogram draws counts of two verdicts side by side on a logarithmic scale:
// a handful of doubtful links must stay visible beside thousands of clear ones.
type histogram struct {
	chart
	left, top, bottom, step float64
	most                    float64
}

func newHistogram(c chart, bins int, most int64) *histogram {
	h := &histogram{chart: c, left: 58, top: 40, bottom: float64(c.Height) - 52}
	h.step = (float64(c.Width) - h.left - histogramRight) / float64(max(bins, 1))
	h.most = math.Pow(10, math.Ceil(math.Log10(float64(max(most, 9)+1))))
	return h
}

func (h *histogram) y(n float64) float64 {
	if n < 1 {
		return h.bottom
	}
	// A single link is a tenth of a decade high, so that it is seen.
	return h.bottom - (math.Log10(n)+0.1)/(math.Log10(h.most)+0.1)*(h.bottom-h.top)
}

func (h *histogram) axis(p *page) {
	for n := 1.0; n <= h.most; n *= 10 {
		h.line("grid", h.left, h.y(n), float64(h.Width)-histogramRight, h.y(n))
		h.text("tick", "end", h.left-6, h.y(n)+4, grouped(int64(n)))
	}
	h.line("axis", h.left, h.bottom, float64(h.Width)-histogramRight, h.bottom)
	x := h.left
	for _, v := range spreadVerdicts {
		name := words.Verdict(v).In(p.lang)
		h.rect(v.String(), x, 8, 12, 12, "")
		h.text("label", "start", x+17, 18, name)
		x += textWidth(name, 13) + 38
	}
}

// spreadVerdicts are drawn side by side in this order, the surer to the right.
var spreadVerdicts = []linkage.Verdict{linkage.Review, linkage.Mislinked}

func (h *histogram) bars(bin int, label string, counts ...int64) {
	width := min(h.step*0.42, 20)
	x := h.left + h.step*(float64(bin)+0.5) - width
	for i, n := range counts {
		if n > 0 {
			v := spreadVerdicts[i]
			h.rect(v.String(), x, h.y(float64(n)), width-1, h.bottom-h.y(float64(n)), fmt.Sprintf("%s: %s", label, grouped(n)))
		}
		x += width
	}
}

// mark draws a threshold.
func (h *histogram) mark(x float64, label string) {
	h.line("threshold", x, h.top-12, x, h.bottom)
	anchor := "start"
	at := x + 4
	if x > float64(h.Width)/2 {
		anchor, at = "end", x-4
	}
	h.text("threshold-label", anchor, at, h.top-4, label)
}

func probabilityChart(s *spread, floor, least float64, p *page) *chart {
	bins := len(probabilityEdges) - 1
	most := int64(0)
	for _, list := range s.probabilities {
		most = max(most, slices.Max(list))
	}
	h := newHistogram(chart{ID: "probabilities", Title: p.text("probabilities"), Desc: p.text("probabilities desc"), Width: 720, Height: 300}, bins, most)
	h.axis(p)
	for i := range bins {
		h.bars(i, edgeText(i, p.lang), s.at(linkage.Review, i), s.at(linkage.Mislinked, i))
	}
	for i, edge := range probabilityEdges {
		h.text("tick", "middle", h.left+h.step*float64(i), h.bottom+16, edgeLabel(edge))
	}
	h.text("tick", "middle", h.left+(float64(h.Width)-h.left)/2, h.bottom+38, p.text("probability"))
	h.mark(h.left+h.step*edgePosition(floor), floorMark.Format(p.lang, percent(floor)))
	if least > 0 {
		h.mark(h.left+h.step*edgePosition(least), leastMark.Format(p.lang, percent(least)))
	}
	return &h.chart
}

// edgePosition is where a threshold lies among the edges: at its edge, or
// between the two bars of the bin that it cuts.
func edgePosition(x float64) float64 {
	for i, edge := range probabilityEdges {
		switch {
		case x == edge:
			return float64(i)
		case x < edge:
			return float64(i) - 0.5
		}
	}
	return float64(len(probabilityEdges) - 1)
}

func weightChart(s *spread, p *page) *chart {
	low, high, most := 0, 0, int64(0)
	for _, bins := range s.weights {
		for bin, n := range bins {
			low, high, most = min(low, bin), max(high, bin+1), max(most, n)
		}
	}
	// Few bars are read more easily than many: wider ones over a wide range.
	wide := 1
	for (high-low)/wide > 30 {
		wide *= 2
	}
	low = int(math.Floor(float64(low)/float64(wide))) * wide
	bins := (high - low + wide - 1) / wide
	counts := map[linkage.Verdict][]int64{}
	for _, v := range spreadVerdicts {
		list := make([]int64, max(bins, 1))
		for bin, n := range s.weights[v.String()] {
			list[(bin-low)/wide] += n
			most = max(most, list[(bin-low)/wide])
		}
		counts[v] = list
	}
	h := newHistogram(chart{ID: "weights", Title: p.text("weight chart"), Desc: p.text("weight desc"), Width: 720, Height: 300}, bins, most)
	h.axis(p)
	for i := range bins {
		from := (low + i*wide) * weightBin
		h.bars(i, intervalFrame.Format(p.lang, fmt.Sprint(from), fmt.Sprint(from+wide*weightBin)), counts[linkage.Review][i], counts[linkage.Mislinked][i])
	}
	every := max(1, bins/14)
	for i := 0; i <= bins; i += every {
		h.text("tick", "middle", h.left+h.step*float64(i), h.bottom+16, bitsLabel((low+i*wide)*weightBin))
	}
	h.text("tick", "middle", h.left+(float64(h.Width)-h.left)/2, h.bottom+38, p.text("weight axis"))
	h.mark(h.left+h.step*float64(-low)/float64(wide), p.text("weight zero"))
	return &h.chart
}

func bitsLabel(bits int) string {
	if bits == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", bits)
}

// rateTicks are round rates for an axis that ends at most.
var rateTicks = []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000}

// funnelChart draws rate by size with the limits of chance. Rates are on a
// square-root scale, sizes on a logarithmic one.
func funnelChart(f *Funnel, dataset string, p *page) *chart {
	const width, height, left, top, right = 720.0, 320.0, 62.0, 30.0, 16.0
	bottom := height - 50
	rate := f.expected[dataset]
	var points []FunnelPoint
	lowest, highest, top100k := math.Inf(1), 0.0, 0.0
	for _, x := range f.points {
		if x.Dataset != dataset {
			continue
		}
		points = append(points, x)
		lowest, highest = min(lowest, float64(x.Links)), max(highest, float64(x.Links))
		if x.beyond {
			top100k = max(top100k, x.rate())
		}
	}
	if len(points) < 2 || rate == 0 {
		return nil
	}
	lowest = max(lowest, funnelFewest)
	highest = max(highest, lowest*10)
	top100k = max(top100k*1.05, 100_000*funnelLimit(max(highest/300, lowest), rate, 0.001), 400_000*rate)
	x := func(links float64) float64 {
		return left + (math.Log10(max(links, lowest))-math.Log10(lowest))/(math.Log10(highest)-math.Log10(lowest))*(width-left-right)
	}
	y := func(r float64) float64 { return bottom - math.Sqrt(min(r, top100k)/top100k)*(bottom-top) }
	name := words.Dataset(dataset).In(p.lang)
	c := &chart{ID: "funnel-" + strconv.Itoa(slices.IndexFunc(p.byData.Rows, func(r TableRow) bool { return r.Key == dataset })),
		Title: funnelChartTitle.Format(p.lang, name), Desc: p.text("funnel desc"), Width: int(width), Height: int(height)}
	c.text("tick", "end", left-6, bottom+4, "0")
	free := bottom - 24
	for _, r := range rateTicks {
		if at := y(r); r <= top100k && at <= free {
			c.line("grid", left, at, width-right, at)
			c.text("tick", "end", left-6, at+4, grouped(int64(r)))
			free = at - 24
		}
	}
	for n := math.Pow(10, math.Ceil(math.Log10(lowest))); n <= highest; n *= 10 {
		c.line("grid", x(n), top, x(n), bottom)
		c.text("tick", "middle", x(n), bottom+16, grouped(int64(n)))
	}
	c.line("axis", left, bottom, width-right, bottom)
	c.line("average", left, y(100_000*rate), width-right, y(100_000*rate))
	for _, limit := range []struct {
		class string
		alpha float64
	}{{"limit outer", 0.001}, {"limit", 0.025}} {
		var line [][2]float64
		for i := range 61 {
			links := math.Pow(10, math.Log10(lowest)+float64(i)/60*(math.Log10(highest)-math.Log10(lowest)))
			line = append(line, [2]float64{x(links), y(100_000 * funnelLimit(links, rate, limit.alpha))})
		}
		c.path(limit.class, line)
	}
	c.funnelPoints(points, x, y)
	c.text("label", "start", left, 16, funnelLegend.Format(p.lang, rateText(100_000*rate)))
	c.text("tick", "middle", left+(width-left-right)/2, bottom+38, p.text("funnel axis"))
	return c
}

// funnelFewest is how many links an organization needs to be a point: a rate
// of one in five says nothing.
const funnelFewest = 10

// funnelPoints draws each place once, those beyond chance last and named.
func (c *chart) funnelPoints(points []FunnelPoint, x, y func(float64) float64) {
	seen := map[[2]string]bool{}
	for _, pt := range points {
		px, py := math.Round(x(float64(pt.Links))), math.Round(y(pt.rate()))
		if at := [2]string{xy(px), xy(py)}; !pt.beyond && pt.Links >= funnelFewest && !seen[at] {
			seen[at] = true
			c.circle("point", px, py, 2.5, "")
		}
	}
	named := 0
	for _, pt := range points {
		if !pt.beyond {
			continue
		}
		px, py := x(float64(pt.Links)), y(pt.rate())
		c.circle("point beyond", px, py, 4.5, fmt.Sprintf("%s: %s / %s", pt.Key, grouped(pt.Mislinked), grouped(pt.Links)))
		if named++; named > 8 {
			continue
		}
		anchor, at := "start", px+8
		if px > float64(c.Width)*0.75 {
			anchor, at = "end", px-8
		}
		c.text("label strong", anchor, at, py+4, pt.Key)
	}
}

// funnelLimit is the share of mislinked links that chance passes with a
// probability of alpha. Between whole counts it interpolates, so that the
// limit is a line and not a saw.
func funnelLimit(links, rate, alpha float64) float64 {
	n := int64(math.Round(links))
	k := binomialQuantile(n, rate, alpha)
	if k >= n {
		return 1
	}
	over, under := math.Log(binomialTail(k, n, rate)), math.Log(binomialTail(k+1, n, rate))
	if math.IsInf(under, -1) {
		return float64(k+1) / float64(n)
	}
	return (float64(k) + (over-math.Log(alpha))/(over-under)) / float64(n)
}

// trendChart draws the rate of each run from zero.
func trendChart(runs []TrendRow, p *page) *chart {
	const width, height, left, top, right = 720.0, 220.0, 62.0, 16.0, 40.0
	bottom, most := height-36, 0.0
	for i := range runs {
		if runs[i].RateHigh != nil {
			most = max(most, *runs[i].RateHigh)
		}
	}
	if most == 0 {
		return nil
	}
	c := &chart{ID: "trend", Title: p.text("trend chart"), Desc: p.text("trend desc"), Width: int(width), Height: int(height)}
	y := func(rate float64) float64 { return bottom - rate/most*(bottom-top) }
	tick := math.Pow(10, math.Floor(math.Log10(most)))
	for most/tick < 3 {
		tick /= 2
	}
	for r := tick; r <= most; r += tick {
		c.line("grid", left, y(r), width-right, y(r))
		c.text("tick", "end", left-6, y(r)+4, rateText(r))
	}
	c.text("tick", "end", left-6, bottom+4, "0")
	c.line("axis", left, bottom, width-right, bottom)
	step := (width - left - right) / float64(len(runs))
	every := (len(runs) + 6) / 7
	var line [][2]float64
	for i := range runs {
		r := &runs[i]
		x := left + step*(float64(i)+0.5)
		if (len(runs)-1-i)%every == 0 {
			c.text("tick", "middle", x, bottom+18, r.Started[:min(len("2006-01-02"), len(r.Started))])
		}
		if r.Rate == nil {
			continue
		}
		c.line("interval", x, y(*r.RateLow), x, y(*r.RateHigh))
		line = append(line, [2]float64{x, y(*r.Rate)})
	}
	c.path("trend", line)
	for i, at := range line {
		c.circle("ours", at[0], at[1], 4, minute(runs[i].Started))
	}
	return c
}

// referenceChart sets the published rates beside those of the run on a
// logarithmic scale.
func referenceChart(list []Comparison, p *page) *chart {
	const width, step, top = 720.0, 38.0, 40.0
	low, high, label := math.Inf(1), 0.0, 0.0
	for i := range list {
		c := &list[i]
		rates := []float64{c.PublishedRate}
		if c.Rate != nil && *c.Rate > 0 {
			rates = append(rates, *c.RateLow, *c.RateHigh)
		}
		for _, r := range rates {
			low, high = min(low, r), max(high, r)
		}
		label = max(label, textWidth(c.label(p.lang), 13))
	}
	low, high = math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	if high <= low {
		high = low + 1
	}
	left := label + 20
	bottom := top + step*float64(len(list))
	c := &chart{ID: "reference", Title: p.text("reference chart"), Desc: p.text("reference desc"), Width: int(width), Height: int(bottom) + 46}
	x := func(r float64) float64 {
		return left + (math.Log10(r)-low)/(high-low)*(width-left-24)
	}
	for d := low; d <= high; d++ {
		at := x(math.Pow(10, d))
		c.line("grid", at, top-8, at, bottom)
		c.text("tick", "middle", at, bottom+16, decadeLabel(d))
	}
	c.text("tick", "middle", left+(width-left)/2, bottom+38, p.text("rate axis"))
	c.rect("published", left, 8, 11, 11, "")
	published := p.text("published")
	c.text("label", "start", left+17, 18, published)
	c.circle("ours", left+textWidth(published, 13)+52, 14, 5.5, "")
	c.text("label", "start", left+textWidth(published, 13)+64, 18, p.text("this run"))
	for i := range list {
		r := &list[i]
		y := top + step*(float64(i)+0.5)
		c.text("label", "end", left-10, y+4, r.label(p.lang))
		c.line("grid", left, y+step/2, width-24, y+step/2)
		if r.Rate != nil && *r.Rate > 0 {
			c.line("interval", x(*r.RateLow), y, x(*r.RateHigh), y)
			c.circle("ours", x(*r.Rate), y, 5.5, rateText(*r.Rate))
		}
		c.rect("published", x(r.PublishedRate)-5.5, y-5.5, 11, 11, rateText(r.PublishedRate))
	}
	return c
}

func decadeLabel(power float64) string {
	if power >= 0 {
		return grouped(int64(math.Pow(10, power)))
	}
	return strconv.FormatFloat(math.Pow(10, power), 'g', 2, 64)
}

// waterfallChart draws each weight from where the one before ended.
func waterfallChart(steps []step, total float64, id string, p *page) *chart {
	if len(steps) == 0 {
		return nil
	}
	steps = append(slices.Clone(steps), step{totalLabel.In(p.lang), 0, total, rounded(total, 2)})
	label, low, high := 0.0, 0.0, 0.0
	for _, s := range steps {
		label = max(label, textWidth(s.label, 13))
		low, high = min(low, s.to), max(high, s.to)
	}
	if low == high {
		return nil
	}
	const width, step, thick, top = 720.0, 26.0, 16.0, 28.0
	left := label + 90
	c := &chart{ID: id, Title: p.text("waterfall"), Desc: p.text("waterfall desc"), Width: int(width), Height: int(top+step*float64(len(steps))) + 8}
	x := func(bits float64) float64 { return left + (bits-low)/(high-low)*(width-left-24) }
	bottom := top + step*float64(len(steps))
	c.line("axis", x(0), top-6, x(0), bottom)
	if room := x(0) - left; room > textWidth(p.text("against"), 12)+10 {
		c.text("tick", "end", x(0)-6, 16, p.text("against"))
	}
	if room := width - 24 - x(0); room > textWidth(p.text("for"), 12)+10 {
		c.text("tick", "start", x(0)+6, 16, p.text("for"))
	}
	for i, s := range steps {
		y := top + step*float64(i)
		class := "plus"
		if s.to < s.from {
			class = "minus"
		}
		if i == len(steps)-1 {
			class += " sum"
			c.line("axis", 8, y-3, width-24, y-3)
		} else if i < len(steps)-2 {
			c.line("connector", x(s.to), y+thick, x(s.to), y+step)
		}
		c.text("label", "start", 8, y+thick-3, s.label)
		c.text("label strong", "end", left-14, y+thick-3, signed(s.shownWeight))
		from, to := min(x(s.from), x(s.to)), max(x(s.from), x(s.to))
		c.rect(class, from, y, max(to-from, 1), thick, s.label+": "+signed(s.shownWeight))
	}
	return c
}
