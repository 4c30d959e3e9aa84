package lexicon

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Decisions are what the indices weigh for: the four categories in the order
// of the contract, the urgent route, and the referral to the partner.
const Decisions = 6

// The decisions beside the categories.
const (
	DecisionUrgent  = 4
	DecisionPartner = 5
)

// decisionNames are the columns of the file of indices.
var decisionNames = [Decisions]string{"health", "resilience", "life_events", "capacity", "urgent", "partner"}

// Weights are the weights of an index in thousandths, by decision: 1000 counts
// as much as one strong sign written by hand, before it is divided by the
// square root of the number of words. They are whole numbers, so that sums are
// the same on every processor.
type Weights [Decisions]int32

// Add adds w to the sums.
func (a *Weights) Add(w *Weights) {
	for i, x := range w {
		a[i] += x
	}
}

// largest is the greatest weight without its sign.
func (a *Weights) largest() int32 {
	var most int32
	for _, x := range a {
		most = max(most, x, -x)
	}
	return most
}

// Level says where an index weighs.
type Level uint8

// The levels: a passage of some twenty words, or the whole document.
const (
	Passage Level = iota
	Whole
	Levels int = iota
)

// levelNames head the two parts of the file.
var levelNames = [Levels]string{"[passage]", "[document]"}

// IndexKind is what an index is made of.
type IndexKind uint8

// The kinds, with their notation.
const (
	IndexWord   IndexKind = iota // loyer
	IndexPair                    // plus rien
	IndexPart                    // -malad-: letters of a word; malad- begins it, -ade ends it
	IndexBefore                  // avant:arret, a word of the agent's turn directly before
	IndexAfter                   // apres:condoleances, one of the turn directly after
	IndexFactor                  // health.cancer: an asserted factor, beside its own weight
)

// Prefixes of the notation of what stands in an agent's turn.
const (
	PrefixBefore = "avant:"
	PrefixAfter  = "apres:"
)

// baseName is the row of the constant that each decision starts from.
const baseName = "(base)"

// IndexSource is a row of the file of indices.
type IndexSource struct {
	Place
	// Text is the index in its notation, folded.
	Text    string
	Weights Weights
}

// Kind reads the notation.
func (x *IndexSource) Kind() IndexKind { return IndexKindOf(x.Text) }

// IndexKindOf reads the notation of an index.
func IndexKindOf(text string) IndexKind {
	switch {
	case strings.HasPrefix(text, PrefixBefore):
		return IndexBefore
	case strings.HasPrefix(text, PrefixAfter):
		return IndexAfter
	case strings.HasPrefix(text, "-"), strings.HasSuffix(text, "-"):
		return IndexPart
	case strings.Contains(text, " "):
		return IndexPair
	case strings.Contains(text, "."):
		return IndexFactor
	}
	return IndexWord
}

// IndicesSource is the learned layer of a lexicon: words, pairs and parts of
// words with the weight that `vigie eval --fit` gave each. The zero value is none.
type IndicesSource struct {
	// Base is what each decision starts from.
	Base Weights
	// Rows by level.
	Rows [Levels][]IndexSource
}

// empty reports whether there is no learned layer.
func (x *IndicesSource) empty() bool { return len(x.Rows[Passage])+len(x.Rows[Whole]) == 0 }

// IndicesFile is the file of the learned layer in a lexicon's directory.
const IndicesFile = "indices.fr.tsv"

// loadIndices reads the learned layer; a lexicon without one judges by its terms alone.
func loadIndices(fsys fs.FS, dir string, ps *problems) (x IndicesSource) {
	name := path.Join(dir, IndicesFile)
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return x
	}
	if err != nil {
		ps.add(Place{File: name, Line: 1, Column: 1}, "ne peut pas être lu : %v", err)
		return x
	}
	return parseIndices(name, data, ps)
}

// parseIndices reads the rows of a file. "#" starts a line that does not count.
func parseIndices(name string, data []byte, ps *problems) (x IndicesSource) {
	level := -1
	seen := [Levels]map[string]int{{}, {}}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		at := Place{File: name, Line: n, Column: 1}
		switch {
		case line == "" || line[0] == '#' && !strings.Contains(line, "\t"):
			continue
		case line[0] == '[':
			if level = slices.Index(levelNames[:], line); level < 0 {
				ps.add(at, "partie inconnue « %s » : %s ou %s", line, levelNames[Passage], levelNames[Whole])
			}
			continue
		}
		row, err := parseIndex(line)
		row.Place = at
		switch {
		case err != nil:
			ps.add(at, "%v", err)
		case row.Text == baseName:
			x.Base = row.Weights
		case strings.HasPrefix(row.Text, "#") && len(row.Text) > 1 && (row.Text[1] < '0' || row.Text[1] > '9'):
			continue // a row struck out
		case level < 0:
			ps.add(at, "ligne avant %s", levelNames[Passage])
		case seen[level][row.Text] > 0:
			ps.add(at, "« %s » est déjà ligne %d : ôtez l'une des deux", row.Text, seen[level][row.Text])
		default:
			seen[level][row.Text] = n
			x.Rows[level] = append(x.Rows[level], row)
		}
	}
	return x
}

// parseIndex reads an index and its six weights, separated by tabs.
func parseIndex(line string) (row IndexSource, err error) {
	fields := strings.Split(line, "\t")
	if len(fields) != 1+Decisions {
		return row, fmt.Errorf("il faut un indice et %d poids séparés par des tabulations, il y a %d colonnes", Decisions, len(fields))
	}
	row.Text = fields[0]
	for i, f := range fields[1:] {
		if f == "." {
			continue
		}
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || v < -1000 || v > 1000 {
			return row, fmt.Errorf("« %s » n'est pas un poids : un nombre comme 0.250, ou « . » pour zéro", f)
		}
		row.Weights[i] = int32(roundToInt(v * 1000))
	}
	return row, nil
}

func roundToInt(v float64) int {
	if v < 0 {
		return -int(-v + 0.5)
	}
	return int(v + 0.5)
}

// notation returns a row as the file has it.
func (x *IndexSource) notation() string {
	var b strings.Builder
	b.WriteString(x.Text)
	for _, w := range x.Weights {
		b.WriteByte('\t')
		if w == 0 {
			b.WriteByte('.')
			continue
		}
		b.WriteString(strconv.FormatFloat(float64(w)/1000, 'f', 3, 64))
	}
	return b.String()
}

// Sorted returns the rows in canonical order: by weight, the greatest first.
func (x IndicesSource) Sorted() IndicesSource {
	for level, rows := range x.Rows {
		rows = slices.Clone(rows)
		slices.SortFunc(rows, func(a, b IndexSource) int {
			return cmp.Or(cmp.Compare(b.Weights.largest(), a.Weights.largest()), cmp.Compare(a.Text, b.Text))
		})
		x.Rows[level] = rows
	}
	return x
}

// Write writes the file of the learned layer, head before it as comments.
func (x IndicesSource) Write(w io.Writer, head string) error {
	var b strings.Builder
	for line := range strings.Lines(head) {
		b.WriteString("# " + line)
	}
	b.WriteString("\n# indice  " + strings.Join(decisionNames[:], "  ") + "\n")
	for _, line := range x.lines() {
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lines returns the canonical form, without comments.
func (x IndicesSource) lines() []string {
	if x.empty() {
		return []string{}
	}
	base := IndexSource{Text: baseName, Weights: x.Base}
	all := []string{base.notation()}
	for level, rows := range x.Sorted().Rows {
		all = append(all, levelNames[level])
		for i := range rows {
			all = append(all, rows[i].notation())
		}
	}
	return all
}
