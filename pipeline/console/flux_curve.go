package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/french"
)

// curve is an hour of something by minute, drawn and told.
type curve struct {
	// Last is the last whole minute, Hour the sum.
	Last, Hour int
	// Path draws a bar a minute, on curveWidth by curveHeight.
	Path string
	// Told says in a sentence what the drawing shows.
	Told string
	// Since is not nil where the hour is not complete: it begins then.
	Since *time.Time
}

// The size of the drawing: four units a minute.
const (
	curveWidth  = 4 * window
	curveHeight = 40
)

// newCurve draws what of says of each minute. noun is what is counted.
func newCurve(noun string, g *Figures, since time.Time, of func(*Minute) int) curve {
	var c curve
	most, at := 0, 0
	for i := range g.Minutes {
		n := of(&g.Minutes[i])
		c.Hour += n
		if n > most {
			most, at = n, i
		}
	}
	var path strings.Builder
	for i := range g.Minutes {
		if n := of(&g.Minutes[i]); n > 0 {
			fmt.Fprintf(&path, "M%d %dv-%.1fh3V%dz", 4*i, curveHeight, max(1, curveHeight*float64(n)/float64(most)), curveHeight)
		}
	}
	c.Path = path.String()
	c.Last = of(&g.Minutes[window-2])
	if most == 0 {
		c.Told = "Rien sur la dernière heure."
	} else {
		when := g.At.Add(time.Duration(at-window+1) * time.Minute).UTC()
		c.Told = french.Typeset(fmt.Sprintf("%s sur la dernière heure, au plus %s par minute, à %d%sh%s%02d (UTC).",
			french.Count(c.Hour, strings.Fields(noun)...), french.Number(most), when.Hour(), french.Space, french.Space, when.Minute()))
	}
	if since.After(g.At.Add(-(window - 1) * time.Minute)) {
		c.Since = &since
	}
	return c
}
