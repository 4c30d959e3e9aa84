package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/french"
)

// scale is a sum against its threshold.
type scale struct {
	Label            string
	Value, Threshold string
	// At, To and High are for a meter: the value within its bounds, the upper one of
	// these, and the threshold.
	At, To, High string
}

// categoryShown is a category with what it weighs.
type categoryShown struct {
	ID, Name string
	Reached  bool
	Because  []phrase
	Scale    scale
}

// category says what a category weighs.
func (c *Console) category(x *pipeline.CategoryAccount) categoryShown {
	one := categoryShown{ID: x.Category, Name: c.Names(x.Category), Reached: x.Reached, Scale: scaleOf(c.Names(x.Category), x.Sum(), x.Threshold)}
	for _, f := range x.Factors {
		p := phrase{{c.Names(f.Factor), f.Factor}, {Text: " " + signed(f.Weight)}}
		if f.Repeats > 0 {
			p = append(p, piece{Text: fmt.Sprintf(" et %s pour %s termes", signed(f.Repeats), french.Number(f.Terms))})
		}
		one.Because = append(one.Because, p)
	}
	for _, more := range []struct {
		told bool
		text string
	}{
		{x.Lent > 0, "part des autres catégories " + signed(x.Lent)},
		{x.Own+x.Lent > x.Evidence, "les facteurs comptent pour " + weight(x.Evidence) + " au plus"},
		{x.Trust != 0, "ce que les facteurs valent d’après les indices " + signed(x.Trust)},
		{x.Score >= shownScore || x.Score <= -shownScore, "indices " + signed(x.Score)},
		{x.Brief, "texte très court : que rien d’autre n’y soit dit ne compte pas contre un signe"},
		{x.Faisceau, "sans les indices, le seuil ne serait pas atteint"},
		{x.ByUrgency, "un signe d’urgence suffit, quel que soit le poids"},
		{x.Declared, "déclarée par la personne"},
	} {
		if more.told {
			one.Because = append(one.Because, plain(more.text))
		}
	}
	return one
}

// shownScore is from which weight on indices are told.
const shownScore = 0.005

func scaleOf(label string, value, threshold float64) scale {
	return scale{
		Label: label, Value: weight(value), Threshold: weight(threshold),
		At: point(min(max(value, 0), 2*threshold)), To: point(2 * threshold), High: point(threshold),
	}
}

// weight writes a weight with two decimals, rounded down: what falls short of a
// threshold must not look as if it reached it.
func weight(w float64) string {
	text := strconv.FormatFloat(math.Floor(w*100+rounding)/100, 'f', 2, 64)
	return strings.Replace(strings.Replace(text, ".", ",", 1), "-", "−", 1)
}

// rounding absorbs that of sums of decimal weights.
const rounding = 1e-6

func signed(w float64) string {
	if w >= 0 {
		return "+" + weight(w)
	}
	return weight(w)
}

// point writes a number as HTML does.
func point(w float64) string { return strconv.FormatFloat(w, 'f', 3, 64) }
