package report

import (
	"maps"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/french"
)

// The measures of the chart by day.
const (
	daysWidth  = 940
	daysHeight = 220
	daysLeft   = 60
	daysBottom = 34
	daysTop    = 12
	// mostBins is how many columns a chart has at most.
	mostBins = 100
)

// columns is a chart of flags over time, a column a day, week or month.
type columns struct {
	Title string
	// Unit is "jour", "semaine" or "mois".
	Unit          string
	Bins          []bin
	Ticks, Steps  []tick
	Width, Height int
	Left, Base    int
	// Undated counts the flags of events without a time, in the order of sides;
	// nil where there are none.
	Undated []int
}

// bin is the flags of one stretch of time.
type bin struct {
	Label   string
	Counts  []int
	Columns []bar
}

type tick struct {
	X, Y int
	Text string
}

// byDay draws the flags over time.
func (p *Page) byDay() columns {
	t := p.Tally
	chart := columns{Unit: "jour", Width: daysWidth, Height: daysHeight, Left: daysLeft, Base: daysHeight - daysBottom}
	if t.undated[Before]+t.undated[After] > 0 {
		for _, s := range p.sides() {
			chart.Undated = append(chart.Undated, t.undated[s])
		}
	}
	all := slices.Sorted(maps.Keys(t.days[Before]))
	all = append(all, slices.Sorted(maps.Keys(t.days[After]))...)
	if len(all) == 0 {
		return chart
	}
	first, last := parseDay(slices.Min(all)), parseDay(slices.Max(all))
	begin, next := sameDay, oneDay
	switch days := int(last.Sub(first).Hours()/24) + 1; {
	case days > 7*mostBins:
		chart.Unit, begin, next = "mois", firstOfMonth, oneMonth
	case days > mostBins:
		chart.Unit, begin, next = "semaine", monday, oneWeek
	}
	sums := make(map[time.Time][]int)
	for i, s := range p.sides() {
		for day, n := range t.days[s] {
			at := begin(parseDay(day))
			if sums[at] == nil {
				sums[at] = make([]int, len(p.sides()))
			}
			sums[at][i] += n
		}
	}
	for at := begin(first); !at.After(last); at = next(at) {
		counts := sums[at]
		if counts == nil {
			if chart.Unit == "mois" {
				continue // a clock that is wrong makes centuries of empty months
			}
			counts = make([]int, len(p.sides()))
		}
		chart.Bins = append(chart.Bins, bin{Label: binLabel(at, chart.Unit), Counts: counts})
	}
	chart.draw(p.sides())
	return chart
}

// draw lays the columns out.
func (c *columns) draw(sides []Side) {
	most := 1
	for _, b := range c.Bins {
		most = max(most, slices.Max(b.Counts))
	}
	step := max((daysWidth-daysLeft-10)/max(len(c.Bins), 1), 1)
	step = min(step, 60)
	thick := max((step-1)/len(sides)-1, 1)
	high := c.Base - daysTop
	for i := range c.Bins {
		x := daysLeft + i*step
		for k, n := range c.Bins[i].Counts {
			h := high * n / most
			if n > 0 {
				h = max(h, 1)
			}
			c.Bins[i].Columns = append(c.Bins[i].Columns, bar{
				Class: classes[sides[k]], N: n, X: x + k*(thick+1), Y: c.Base - h, Width: thick, High: h,
			})
		}
		if every := max(len(c.Bins)/6, 1); i%every == 0 && x < daysWidth-80 {
			c.Ticks = append(c.Ticks, tick{X: x, Y: c.Base + 18, Text: c.Bins[i].Label})
		}
	}
	c.Steps = []tick{{X: daysLeft - 8, Y: daysTop + 4, Text: french.Number(most)}, {X: daysLeft - 8, Y: c.Base, Text: "0"}}
}

func binLabel(at time.Time, unit string) string {
	if unit == "mois" {
		return french.Month(at)
	}
	return french.Date(at)
}

func parseDay(day string) time.Time {
	at, _ := time.Parse(time.DateOnly, day) // written by dayOf
	return at
}

func sameDay(t time.Time) time.Time      { return t }
func oneDay(t time.Time) time.Time       { return t.AddDate(0, 0, 1) }
func oneWeek(t time.Time) time.Time      { return t.AddDate(0, 0, 7) }
func oneMonth(t time.Time) time.Time     { return t.AddDate(0, 1, 0) }
func firstOfMonth(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }

// monday is the first day of t's week.
func monday(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
