package proposal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// edits gathers what becomes of the lines of a source.
type edits struct {
	*source
	// now holds lines that change, without their ends; gone those that go.
	now  map[int]string
	gone map[int]bool
	// behind holds the lines that are put behind a line.
	behind map[int][]string
}

func newEdits(s *source) *edits {
	return &edits{source: s, now: map[int]string{}, gone: map[int]bool{}, behind: map[int][]string{}}
}

// touched reports whether a line is changed or taken out already.
func (e *edits) touched(line int) bool {
	_, changed := e.now[line]
	return changed || e.gone[line]
}

// addTo puts lines at the end of the block of terms under keys[name]; a block
// that is missing is made in the place where the notation has it.
func (e *edits) addTo(keys []key, name string, terms []string) bool {
	k, ok := find(keys, name)
	if !ok {
		last, indent := place(keys, name)
		pad := strings.Repeat(" ", indent)
		e.behind[last] = append(e.behind[last], pad+name+": |")
		for _, t := range terms {
			e.behind[last] = append(e.behind[last], pad+"  "+t)
		}
		return true
	}
	style, indent := e.style(k)
	pad := strings.Repeat(" ", indent)
	switch style {
	case empty:
		e.now[k.line] = strings.Repeat(" ", k.indent) + name + ": |"
	case list:
		pad += "- "
		terms = slices.Clone(terms)
		for i, t := range terms {
			terms[i] = quoted(t)
		}
	case other:
		return false
	}
	for _, t := range terms {
		e.behind[k.last] = append(e.behind[k.last], pad+t)
	}
	return true
}

// order is how the keys of a factor follow each other; a new one stands behind
// the last of those before it.
var order = []string{"id", "label", "fg21", "severity", "weight", "who", "negatable", "fades", "urgency", "cautions",
	"terms", "heard", "unless", "together", "dialogue", "reply", "compare", "times", "examples"}

// place returns the line that a new key stands behind, and its indent.
func place(keys []key, name string) (line, indent int) {
	at := slices.Index(order, name)
	for _, k := range keys {
		if i := slices.Index(order, k.name); i < at {
			line = max(line, k.last)
		}
		indent = k.indent
	}
	return line, indent
}

// addExamples puts texts at the end of a list of examples.
func (e *edits) addExamples(keys []key, expect string, texts []string) bool {
	examples, ok := find(keys, "examples")
	if !ok {
		last, indent := place(keys, "examples")
		pad := strings.Repeat(" ", indent)
		if !slices.Contains(e.behind[last], pad+"examples:") {
			e.behind[last] = append(e.behind[last], pad+"examples:")
		}
		e.list(last, indent+2, expect, texts)
		return true
	}
	style, indent := e.style(examples)
	if examples.value != "" {
		return false
	}
	if style == empty {
		e.list(examples.line, indent, expect, texts)
		return true
	}
	inner := e.inner(examples)
	k, ok := find(inner, expect)
	if !ok {
		if len(inner) == 0 {
			return false
		}
		e.list(examples.last, inner[0].indent, expect, texts)
		return true
	}
	switch style, indent := e.style(k); {
	case k.value == "" && style == list:
		e.items(k.last, indent, texts)
	case k.value == "" && style == empty:
		e.items(k.last, indent, texts)
	default:
		return false
	}
	return true
}

// list puts a new list of examples behind a line.
func (e *edits) list(line, indent int, expect string, texts []string) {
	e.behind[line] = append(e.behind[line], strings.Repeat(" ", indent)+expect+":")
	e.items(line, indent+2, texts)
}

func (e *edits) items(line, indent int, texts []string) {
	pad := strings.Repeat(" ", indent)
	for _, t := range texts {
		if !strings.Contains(t, "\n") {
			e.behind[line] = append(e.behind[line], pad+"- "+quoted(t))
			continue
		}
		e.behind[line] = append(e.behind[line], pad+"- |")
		for part := range strings.SplitSeq(t, "\n") {
			e.behind[line] = append(e.behind[line], pad+"  "+part)
		}
	}
}

// all returns the edits by byte offsets, in order.
func (e *edits) all() []udiff.Edit {
	var all []udiff.Edit
	start := 0
	for i, raw := range e.lines {
		end := start + len(raw)
		text := strings.TrimRight(string(raw), "\r\n")
		ending := string(raw[len(text):])
		if now, ok := e.now[i]; ok {
			all = append(all, udiff.Edit{Start: start, End: end, New: now + ending})
		} else if e.gone[i] {
			all = append(all, udiff.Edit{Start: start, End: end})
		}
		if added := e.behind[i]; len(added) > 0 {
			block := strings.Join(added, e.eol)
			if ending == "" { // the file's last line has no end, and keeps none
				block = e.eol + block
			} else {
				block += e.eol
			}
			all = append(all, udiff.Edit{Start: end, End: end, New: block})
		}
		start = end
	}
	slices.SortStableFunc(all, func(a, b udiff.Edit) int { return cmp.Compare(a.Start, b.Start) })
	return all
}
