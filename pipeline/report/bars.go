package report

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/french"
)

// The measures of a bar chart, in units of its view box.
const (
	barsWidth  = 480
	labelWidth = 190
	valueWidth = 60
	barHeight  = 14
	rowGap     = 12
)

// bars is a chart of horizontal bars: a row a key, a bar a side.
type bars struct {
	ID, Title string
	// Told is the chart in words, for those who do not see it.
	Told          string
	Rows          []barRow
	Width, Height int
	LabelX        int
}

type barRow struct {
	Label  string
	LabelY int
	Bars   []bar
}

// bar is one bar: Class is "avant" or "apres".
type bar struct {
	Class        string
	N            int
	X, Y         int
	Width, High  int
	ValueX, Base int
}

// barsOf draws counts by key, in the order of keys.
func (p *Page) barsOf(id, title string, counts [2]map[string]int, order []string) bars {
	chart := bars{ID: id, Title: title, Width: barsWidth, LabelX: labelWidth - 8}
	sides := p.sides()
	most := 1
	for _, key := range order {
		for _, s := range sides {
			most = max(most, counts[s][key])
		}
	}
	y := 4
	told := make([]string, 0, len(order))
	for _, key := range order {
		row := barRow{Label: french.Capital(p.Names(key)), LabelY: y + (len(sides)*(barHeight+2))/2 + 3}
		var values []string
		for _, s := range sides {
			n := counts[s][key]
			width := (barsWidth - labelWidth - valueWidth) * n / most
			if n > 0 {
				width = max(width, 1)
			}
			row.Bars = append(row.Bars, bar{
				Class: classes[s], N: n, X: labelWidth, Y: y, Width: width, High: barHeight,
				ValueX: labelWidth + width + 6, Base: y + barHeight - 3,
			})
			values = append(values, french.Number(n)+p.sideName(s))
			y += barHeight + 2
		}
		y += rowGap
		chart.Rows = append(chart.Rows, row)
		told = append(told, row.Label+french.Space+": "+strings.Join(values, ", "))
	}
	chart.Height = y
	chart.Told = strings.Join(told, french.Narrow+"; ")
	return chart
}

var classes = [2]string{"avant", "apres"}

// sides are those that the replay has.
func (p *Page) sides() []Side {
	if p.Tally.compared() {
		return []Side{Before, After}
	}
	return []Side{After}
}

// sideName tells the sides apart where there are two.
func (p *Page) sideName(s Side) string {
	switch {
	case !p.Tally.compared():
		return ""
	case s == Before:
		return " avant"
	}
	return " après"
}
