package console

import (
	"strconv"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

// Pair writes a figure before and after, once where it stays.
func (r measureRow) Pair(figure string) string {
	return arrow(figureOf(&r.Before, figure), figureOf(&r.After, figure))
}

// figureOf writes a figure; a share of nothing is none.
func figureOf(x *eval.Row, figure string) string {
	switch figure {
	case "tp":
		return french.Number(x.TP)
	case "fp":
		return french.Number(x.FP)
	case "fn":
		return french.Number(x.FN)
	case "precision":
		return french.Percent(x.TP, x.TP+x.FP)
	case "recall":
		return french.Percent(x.TP, x.TP+x.FN)
	}
	return french.Percent(2*x.TP, 2*x.TP+x.FP+x.FN)
}

// Changes reports whether one of the figures changes.
func (r measureRow) Changes() bool { return r.Before.Counts != r.After.Counts }

func arrow(before, after string) string {
	if before == after {
		return before
	}
	return before + " → " + after
}

// Clean is how many clean documents have a flag, before and after.
func (v *measureView) Clean() string {
	of := french.Space + "sur" + french.Space + french.Number(v.Before.Clean.Documents)
	return arrow(french.Number(v.Before.Clean.Flagged), french.Number(v.After.Clean.Flagged)) + of
}

// shiftList is what becomes of the flags of the annotated documents, or of the
// events.
type shiftList struct {
	proposal.Shifts
	Title string
	Shown []shownShift
	// Rest is how many more there are.
	Rest int
}

// shownShift is a text whose flag changes.
type shownShift struct {
	proposal.Shift
	SortName, Name, Routes string
	Links                  []*term
}

// List is a list of what changes: "annotated" or "events".
func (v *measureView) List(which string) shiftList {
	l := shiftList{Shifts: v.Events, Title: "Événements"}
	if which == "annotated" {
		l.Shifts, l.Title = v.Annotated, "Documents annotés"
	}
	for _, s := range l.Shifts.Shown {
		x := shownShift{Shift: s, Name: s.Name, SortName: sortNames[s.Sort], Routes: v.routes(&s)}
		if s.Annotated == nil {
			x.Name = "événement " + s.Name
		}
		for _, id := range s.Terms {
			if t := v.terms[id]; t != nil {
				x.Links = append(x.Links, t)
			}
		}
		l.Shown = append(l.Shown, x)
	}
	l.Rest = l.More + l.Fewer + l.Changed - len(l.Shown)
	return l
}

var sortNames = map[proposal.Sort]string{proposal.More: "apparaît", proposal.Fewer: "disparaît", proposal.Changed: "change"}

// routes says how route and severity change.
func (v *measureView) routes(s *proposal.Shift) string {
	of := func(f *flag.Flag) string {
		if f == nil {
			return "rien"
		}
		return v.names(f.Route) + ", gravité" + french.Space + strconv.Itoa(f.Severity)
	}
	return arrow(of(s.Before), of(s.After))
}
