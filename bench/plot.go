package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// panel is one group of bars of the plot.
type panel struct {
	title string
	bars  []bar
}

type bar struct {
	label string
	spread
}

func (p *panel) add(label string, s spread) {
	p.bars = append(p.bars, bar{strings.ReplaceAll(label, "**", ""), s})
}

// Measures of the plot in pixels.
const (
	plotWidth, labels, rowHeight, margin = 900, 370, 20, 50
)

// draw draws the panels one under the other: bars on one logarithmic axis of
// CPU time, vigie's is 1, with a line from the least to the most.
func draw(panels []panel) []byte {
	low, high := 1.0, 1.0
	height := margin
	for _, p := range panels {
		height += (len(p.bars) + 2) * rowHeight
		for _, b := range p.bars {
			low, high = min(low, b.least), max(high, b.most)
		}
	}
	// Whole powers of ten on both ends.
	from, to := math.Floor(math.Log10(low)), math.Max(math.Ceil(math.Log10(high)), math.Floor(math.Log10(low))+1)
	x := func(v float64) float64 {
		return labels + (math.Log10(v)-from)/(to-from)*(plotWidth-labels-margin)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="12">`+"\n", plotWidth, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	for e := from; e <= to; e++ {
		v := math.Pow(10, e)
		fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="20" y2="%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle" fill="#555">%s ×</text>`+"\n",
			x(v), x(v), height-30, x(v), height-15, label(v))
	}
	y := 20
	for _, p := range panels {
		y += rowHeight
		fmt.Fprintf(&b, `<text x="10" y="%d" font-weight="bold">%s</text>`+"\n", y, escape(p.title))
		for _, bar := range p.bars {
			y += rowHeight
			left, right := min(x(bar.median), x(1)), max(x(bar.median), x(1))
			fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labels-8, y, escape(bar.label))
			fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="12" fill="%s"/>`, left, y-10, max(right-left, 1), colour(bar.median))
			fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="black"/>`, x(bar.least), x(bar.most), y-4, y-4)
			fmt.Fprintf(&b, `<text x="%.1f" y="%d" fill="#333">%s</text>`+"\n", max(x(bar.most), right)+6, y, digits(bar.median))
		}
		y += rowHeight
	}
	fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="20" y2="%d" stroke="#222"/>`+"\n", x(1), x(1), height-30)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// colour tells what costs more than vigie from what costs less.
func colour(v float64) string {
	if v >= 1 {
		return "#4c78a8"
	}
	return "#e45756"
}

func label(v float64) string {
	if v < 1 {
		return fmt.Sprintf("%g", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}
