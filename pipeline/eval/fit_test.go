package eval

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// TestLogisticIsOptimal holds the gradient of the regularised loss against
// zero: ‖w‖²/2 + C·Σ ln(1+exp(−y·score)) has one minimum.
func TestLogisticIsOptimal(t *testing.T) {
	x := &examples{
		rows:  [][]int32{{0, 1}, {0, 2}, {1, 2}, {2}, {0}, {1}, {0, 1, 2}, {}},
		scale: []float64{1, 0.5, 1, 0.7, 1, 0.9, 0.6, 1},
		idf:   []float64{1, 1.5, 2},
	}
	positive := []bool{true, true, false, false, true, false, true, false}
	use := []int32{0, 1, 2, 3, 4, 5, 6}
	l := x.fitLogistic(use, positive, nil)
	gradient, bias := make([]float64, 3), l.bias
	for j := range gradient {
		gradient[j] = l.weights[j] / x.idf[j] // the weight of the scaled feature
	}
	for _, i := range use {
		y := -1.0
		if positive[i] {
			y = 1
		}
		slope := -regularise * y / (1 + math.Exp(y*l.score(x.rows[i], x.scale[i])))
		bias += slope
		for _, j := range x.rows[i] {
			gradient[j] += slope * x.scale[i] * x.idf[j]
		}
	}
	for j, g := range append(gradient, bias) {
		if math.Abs(g) > 0.5 { // of slopes up to 20: the fit stops before the last digits
			t.Errorf("gradient %d is %v", j, g)
		}
	}
}

func TestTheMostFrequentAreKept(t *testing.T) {
	x := &examples{rows: [][]int32{{0, 1}, {0, 2}, {0, 1}, {3}}}
	x.weigh([]string{"a", "b", "c", "d"}, 0)
	if got := fmt.Sprint(x.rows); got != "[[0 1] [0] [0 1] []]" {
		t.Errorf("what occurs twice: %s", got)
	}
	x.weigh([]string{"a", "b", "c", "d"}, 1)
	if got := fmt.Sprint(x.rows); got != "[[0] [0] [0] []]" {
		t.Errorf("the most frequent one: %s", got)
	}
	if want := 1 + math.Log(5.0/4); x.idf[0] != want {
		t.Errorf("inverse document frequency %v, want %v", x.idf[0], want)
	}
}

func TestJoinFit(t *testing.T) {
	// Odds of 3 to 1 with the column, 1 to 3 without: ln 3 and ln 9.
	x := logistic{ridge: []float64{0, 0}}
	for i := range 400 {
		with := float64(i % 2)
		x.rows = append(x.rows, []float64{with, 1})
		x.wants = append(x.wants, (i/2%4 != 0) == (with == 1))
	}
	c := x.fit()
	if math.Abs(c[0]-math.Log(9)) > 1e-3 || math.Abs(c[1]+math.Log(3)) > 1e-3 {
		t.Errorf("coefficients %v, want %v and %v", c, math.Log(9), -math.Log(3))
	}
}

// smallCorpus is of three writers: "grabat" shows health, "bonjour" nothing,
// and the factor is found in half of what is ill.
func smallCorpus() string {
	var b strings.Builder
	for i := range 60 {
		text, labels := fmt.Sprintf("bonjour je paie la facture %d demain merci beaucoup à vous", i), "[]"
		if i%2 == 0 {
			quote := "ma mère est grabataire"
			if i%4 == 0 {
				quote = "ma mère malade est grabataire"
			}
			text = fmt.Sprintf("bonjour depuis un mois %s et la facture %d attend", quote, i)
			labels = fmt.Sprintf(`[{"category": "health", "quote": %q}]`, quote)
		}
		fmt.Fprintf(&b, `{"id": "%c-%d", "kind": "email", "subject": "", "body": %q, "labels": %s}`+"\n", 'a'+i%3, i, text, labels)
	}
	return b.String()
}

func smallRules(t *testing.T, layer lexicon.IndicesSource) *pipeline.Classifier {
	t.Helper()
	p, err := lexicon.ParsePattern("malade")
	if err != nil {
		t.Fatal(err)
	}
	program, err := lexicon.Compile(&lexicon.Ruleset{Name: "essai", Version: "1", Indices: layer, Sections: []lexicon.Section{{
		ID: "health", Factors: []lexicon.FactorSource{{ID: "maladie", Label: "Maladie", Severity: 2, Weight: 1, Terms: []lexicon.Entry{{Pattern: p}}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := pipeline.NewClassifier(program, "words")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFit fits a layer without one writer and judges him with it; fitted again
// it is the same, byte for byte.
func TestFit(t *testing.T) {
	corpus, err := Read(strings.NewReader(smallCorpus()))
	if err != nil || len(corpus.Wrong) > 0 {
		t.Fatal(err, corpus.Wrong)
	}
	var files []string
	var layer lexicon.IndicesSource
	for range 2 {
		m, err := Observe(context.Background(), smallRules(t, lexicon.IndicesSource{}), 200, corpus.Documents, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		layer = m.Fit(Fit{}, "a")
		var b bytes.Buffer
		if err := layer.Write(&b, "essai\n"); err != nil {
			t.Fatal(err)
		}
		files = append(files, b.String())
	}
	if files[0] != files[1] {
		t.Error("two fits of the same documents differ")
	}
	if n := len(layer.Rows[lexicon.Passage]); n == 0 || n > 200 {
		t.Errorf("%d indices in passages, want up to 200", n)
	}
	left := corpus.Of("a")
	flags, err := left.Judge(context.Background(), smallRules(t, layer), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	score := NewScore(false)
	for i, d := range left.Documents {
		score.Add(d, flags[i])
	}
	if score.Micro.TP != 10 || score.Micro.FP != 0 || score.Micro.FN != 0 || score.Micro.Evidence != 10 {
		t.Errorf("of the writer left out: %+v, want 10 right at the words", score.Micro)
	}
}

func TestAnswers(t *testing.T) {
	corpus, err := Read(strings.NewReader(`{"id": "a-1", "kind": "email", "subject": "", "body": "Elle est grabataire. Merci.", "labels": [{"category": "health", "quote": "Elle est grabataire"}], "also_ok": ["capacity"], "urgent": true}`))
	if err != nil {
		t.Fatal(err)
	}
	d := corpus.Documents[0]
	for _, test := range []struct {
		start, end int
		want       [lexicon.Decisions]answer
	}{
		{0, 19, [...]answer{yes, no, no, unsure, yes, no}},
		{0, 15, [...]answer{yes, no, no, unsure, yes, no}},
		{15, 27, [...]answer{unsure, no, no, unsure, unsure, no}},
		{21, 27, [...]answer{unsure, no, no, unsure, unsure, no}},
	} {
		if got := d.answers(stretch{"text", test.start, test.end}); got != test.want {
			t.Errorf("%d to %d: %v, want %v", test.start, test.end, got, test.want)
		}
	}
}
