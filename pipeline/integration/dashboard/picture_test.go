package dashboard

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The picture's measures: a column and a unit of height of Grafana's grid, the
// room around what is drawn in a panel.
const (
	column, unit = 50, 34
	margin       = 8
	top, bottom  = 26, 48
	left         = 52
)

// colours of lines, told apart by readers who see few of them too.
var colours = []string{"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#17becf", "#7f7f7f"}

// draw draws panels from Prometheus's answers to their queries.
func draw(all []panel, answers map[string][][]series, w window) []byte {
	height := 0
	for _, p := range all {
		height = max(height, (p.GridPos.Y+p.GridPos.H)*unit)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n", 24*column, height+60)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="#f4f5f5"/>`+"\n")
	text(&b, margin, 22, "font-size=\"15\" font-weight=\"bold\"", "vigie: the dashboard's panels, drawn from Prometheus's answers")
	text(&b, margin, 42, "fill=\"#555\"", fmt.Sprintf("Not a screenshot of Grafana. Two workers, %s of annotated messages in waves, worker-2 stopped and started half-way; drawn by TestDashboard.",
		w.to.Sub(w.from).Round(time.Second)))
	for _, p := range all {
		x, y := p.GridPos.X*column, p.GridPos.Y*unit+54
		width, high := p.GridPos.W*column, p.GridPos.H*unit
		if p.Type == "row" {
			text(&b, x+margin, y+24, "font-size=\"13\" font-weight=\"bold\"", p.Title)
			continue
		}
		fmt.Fprintf(&b, `<g transform="translate(%d %d)"><rect x="3" y="3" width="%d" height="%d" rx="2" fill="#fff" stroke="#ddd"/>`+"\n", x, y, width-6, high-6)
		text(&b, margin, 18, "font-weight=\"bold\"", fit(p.Title, width))
		lines := named(p, answers[p.Title])
		switch p.Type {
		case "stat":
			drawStat(&b, p, lines, width, high)
		case "bargauge":
			drawBars(&b, p, lines, width, high)
		case "table":
			drawTable(&b, lines, width)
		default:
			drawLines(&b, p, lines, w, width, high)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func text(b *bytes.Buffer, x, y int, attributes, s string) {
	fmt.Fprintf(b, `<text x="%d" y="%d" %s>%s</text>`+"\n", x, y, attributes, html.EscapeString(s))
}

// fit cuts a text to a width.
func fit(s string, width int) string {
	if runes := []rune(s); len(runes) > width/7 {
		return string(runes[:width/7-1]) + "…"
	}
	return s
}

// line is a series with its name in the legend.
type line struct {
	name string
	series
}

// named gives the series of a panel the names that their queries ask for.
func named(p panel, answers [][]series) (lines []line) {
	for i, list := range answers {
		for _, s := range list {
			name := p.Targets[i].LegendFormat
			for label, value := range s.labels {
				name = strings.ReplaceAll(name, "{{"+label+"}}", value)
			}
			lines = append(lines, line{name, s})
		}
	}
	return lines
}

// drawStat draws one figure on the colour of its threshold.
func drawStat(b *bytes.Buffer, p panel, lines []line, width, high int) {
	value, fill := math.NaN(), "#888"
	if len(lines) > 0 {
		value = lines[0].last()
	}
	for _, step := range p.FieldConfig.Defaults.Thresholds.Steps {
		if step.Value == nil || value >= *step.Value {
			fill = map[string]string{"green": "#3a9a4b", "orange": "#e08a1e", "red": "#d0342c"}[step.Color]
		}
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="2" fill="%s"/>`+"\n", margin, top, width-2*margin-4, high-top-12, fill)
	text(b, width/2, high/2+20, `font-size="26" fill="#fff" text-anchor="middle"`, p.show(value))
}

// drawBars draws a bar a series, the longest first.
func drawBars(b *bytes.Buffer, p panel, lines []line, width, high int) {
	slices.SortStableFunc(lines, func(x, y line) int { return int(1000 * (y.last() - x.last())) })
	step := min((high-top-margin)/max(len(lines), 1), 24)
	const names = 230
	for i, l := range lines {
		y := top + i*step
		text(b, margin, y+step-7, "", fit(l.name, names))
		long := int(float64(width-names-80) * l.last() / max(lines[0].last(), 1e-9))
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", names, y+2, long, step-5, colours[0])
		text(b, names+long+6, y+step-7, "", p.show(l.last()))
	}
}

// drawTable writes a row a series.
func drawTable(b *bytes.Buffer, lines []line, width int) {
	for i, l := range lines {
		cells := []string{l.labels["instance"]}
		for _, label := range slices.Sorted(maps.Keys(l.labels)) {
			if label != "instance" {
				cells = append(cells, label+" "+fit(l.labels[label], 160))
			}
		}
		text(b, margin, top+18+i*18, "", fit(strings.Join(cells, "   "), width))
	}
}

// drawLines draws series over time, on top of each other where they are stacked.
func drawLines(b *bytes.Buffer, p panel, lines []line, w window, width, high int) {
	stacked := p.FieldConfig.Defaults.Custom.Stacking.Mode == "normal"
	highest, base := 0.0, make(map[int64]float64)
	for i := range lines {
		for k := range lines[i].points {
			if at := &lines[i].points[k]; stacked {
				base[at.at.UnixMilli()] += at.value
				at.value = base[at.at.UnixMilli()]
			}
			highest = max(highest, lines[i].points[k].value)
		}
	}
	scale := nice(highest)
	x := func(at time.Time) float64 {
		return left + float64(at.Sub(w.from))/float64(w.to.Sub(w.from))*float64(width-left-2*margin)
	}
	y := func(v float64) float64 { return float64(high-bottom) - v/scale*float64(high-top-bottom-6) }
	for i := range 5 {
		v := scale * float64(i) / 4
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#e5e5e5"/>`+"\n", left, y(v), width-2*margin)
		text(b, left-4, int(y(v))+4, `text-anchor="end" fill="#666"`, p.show(v))
	}
	for i := range 5 { // minutes and seconds since the beginning
		at := w.from.Add(w.to.Sub(w.from) * time.Duration(i) / 4)
		text(b, int(x(at)), high-bottom+15, `text-anchor="middle" fill="#666"`, time.Time{}.Add(at.Sub(w.from)).Format("4:05"))
	}
	at := left
	for i, l := range lines {
		colour := colours[i%len(colours)]
		var path strings.Builder
		for k, pt := range l.points {
			op := "L"
			if k == 0 || pt.at.Sub(l.points[k-1].at) > 3*w.step {
				op = "M"
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", op, x(pt.at), y(pt.value))
		}
		fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.4"/>`+"\n", &path, colour)
		if wide := 22 + 6*len([]rune(l.name)); at+wide < width {
			fmt.Fprintf(b, `<rect x="%d" y="%d" width="10" height="3" fill="%s"/>`+"\n", at, high-17, colour)
			text(b, at+14, high-12, "", l.name)
			at += wide
		}
	}
}

// nice is the end of an axis that holds v.
func nice(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 4, 5, 8, 10} {
		if v <= m*power {
			return m * power
		}
	}
	return v
}

// show writes a value in the panel's unit.
func (p panel) show(v float64) string {
	unit, short := p.FieldConfig.Defaults.Unit, func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
	switch d := p.FieldConfig.Defaults.Decimals; {
	case d != nil && *d == 0:
		return fmt.Sprintf("%.0f", v)
	case math.IsNaN(v):
		return "no answer"
	case unit == "percentunit":
		return short(100*v) + " %"
	case unit == "bytes":
		return fmt.Sprintf("%.0f MiB", v/(1<<20))
	case unit == "ops":
		return short(v) + "/s"
	case unit == "s" && v >= 2*86400:
		return fmt.Sprintf("%.0f days", v/86400)
	case unit == "s" && v > 0 && v < 1:
		return fmt.Sprintf("%.0f ms", 1000*v)
	case unit == "s":
		return short(v) + " s"
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	}
	return short(v)
}
