package main

import (
	"fmt"
	"strings"

	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/text"
)

// folders writes the folded documents of the inputs and returns NAME=FILE of each.
func (w *workshop) folders() ([]string, error) {
	var args []string
	for _, in := range w.inputs {
		file, err := w.file("folded-"+in.name, in.folded)
		if err != nil {
			return nil, err
		}
		args = append(args, in.name+"="+file)
	}
	return args, nil
}

// matching measures who finds the terms in the folded documents, with three lexicons.
func matching(w *workshop, r *report) error {
	lexicons, err := w.lexicons()
	if err != nil {
		return err
	}
	files, err := w.folders()
	if err != nil {
		return err
	}
	list := w.available(matchers())
	for _, l := range lexicons {
		file, err := w.file("terms-"+l.name, l.phrases)
		if err != nil {
			return err
		}
		running, started := w.start(list, file, files)
		m := &matched{lexicon: l, peers: started, processes: running, inputs: make(map[string]map[string]*figures)}
		for _, in := range w.inputs {
			w.log("matching, %s, %s", l.name, in.title)
			if m.inputs[in.name], err = w.rounds(running, in.name); err != nil {
				return err
			}
		}
		if err := stopAll(running); err != nil {
			return err
		}
		if err := r.matching(m); err != nil {
			return err
		}
	}
	return nil
}

// matched is what was measured with one lexicon.
type matched struct {
	lexicon   terms
	peers     []peer
	processes []*process
	inputs    map[string]map[string]*figures // by input, by contender
}

// reference finds the terms in an input here and now: what all must find.
type reference struct{ matches, distinct, documents int }

func newReference(phrases []string, in *input) (reference, error) {
	vocabulary := text.NewVocabulary(nil)
	patterns := make([][]uint32, len(phrases))
	for i, p := range phrases {
		for word := range strings.SplitSeq(p, " ") {
			patterns[i] = append(patterns[i], vocabulary.Add(word))
		}
	}
	engine, err := automaton.NewWords(patterns)
	if err != nil {
		return reference{}, err
	}
	var ref reference
	for _, d := range in.folded {
		var ids []uint32
		for word := range strings.SplitSeq(d, " ") {
			ids = append(ids, vocabulary.ID([]byte(word)))
		}
		found := engine.Find(ids, nil)
		seen := make(map[int32]bool, len(found))
		for _, m := range found {
			seen[m.Pattern] = true
		}
		ref.matches, ref.distinct = ref.matches+len(found), ref.distinct+len(seen)
		ref.documents += truth(len(found) > 0)
	}
	return ref, nil
}

// agrees says how a contender's counts compare with the reference; ok is false
// where they should be equal and are not.
func (ref reference) agrees(p peer, f *figures) (words string, ok bool) {
	switch p.counts {
	case distinct:
		ok = f.matches == ref.distinct
		words = fmt.Sprintf("%d different ones a document", f.matches)
	case longest:
		return fmt.Sprintf("%d, the longest ones only", f.matches), true
	default:
		ok = f.matches == ref.matches
		words = fmt.Sprint(f.matches)
	}
	if ok = ok && f.documents == ref.documents; !ok {
		words = fmt.Sprintf("**%s in %d documents, not as vigie**", words, f.documents)
	}
	return words, ok
}

// matching adds a lexicon's table to the report.
func (r *report) matching(m *matched) error {
	whole := &r.w.inputs[0]
	ref, err := newReference(m.lexicon.phrases, whole)
	if err != nil {
		return err
	}
	first := m.inputs[whole.name]
	if first["interned"] == nil {
		return fmt.Errorf("matching, %s: vigie's own contender did not run", m.lexicon.name)
	}
	if !r.headed["matching"] {
		r.headed["matching"] = true
		r.line("## Matching\n")
		r.line(matchingNotes)
	}
	r.line("### With %s\n", m.lexicon.title)
	r.line("In the corpus %.3f matches a word; %d of %d documents have one.\n", float64(ref.matches)/float64(whole.words()), ref.documents, len(whole.raw))
	r.heads("CPU time, vigie's is 1", r.titles("matches in the corpus", "tables", "made in")...)
	panel := panel{title: "Matching, " + m.lexicon.short + ", corpus"}
	for i, p := range m.peers {
		row := []string{p.title}
		for _, in := range r.w.inputs {
			f := m.inputs[in.name]
			row = append(row, times(f[p.name], f["interned"]).String())
		}
		found, ok := ref.agrees(p, first[p.name])
		if !ok {
			r.wrong = append(r.wrong, fmt.Sprintf("%s with %s: %s", p.title, m.lexicon.name, found))
		}
		r.row(append(row, found, megabytes(m.processes[i].bytes), milliseconds(float64(m.processes[i].cpu)))...)
		panel.add(p.title, times(first[p.name], first["interned"]))
	}
	r.panels = append(r.panels, panel)
	r.line("\nvigie's own: %s ns of CPU time a word of the corpus, with looking words up; %s without.\n",
		digits(spreadOf(first["interned"].passes).median/float64(whole.words())), digits(spreadOf(first["words"].passes).median/float64(whole.words())))
	against := func(name, what string, least float64) {
		if name != "" && first[name] != nil {
			s := times(first[name], first["interned"])
			r.target(what, fmt.Sprintf("≥ %g ×", least), fmt.Sprintf("%s ×; words looked up before: %s ×", s, times(first[name], first["words"])), s.median >= least)
		}
	}
	switch m.lexicon.name {
	case "shipped":
		against("cloudflare", "match, shipped lexicon, against cloudflare MatchThreadSafe", 5)
		against(leastOf(first, "dfa-lto", "dfa-release"), "match against Rust aho-corasick DFA overlapping, shipped lexicon", 2.5)
	case "many":
		against(leastOf(first, "dfa-lto", "dfa-release"), "the same at 20,000 terms", 2.5)
		against("vectorscan", "match against Vectorscan at 20,000 terms", 1)
	}
	return nil
}

const matchingNotes = `Same folded words, same literal phrases. Engines over bytes get the words between
blanks and phrases with a blank on both sides; engines over words get words.
A contender's matches must be as many as vigie's, or this run fails, but for:
cloudflare/ahocorasick says which terms occur in a document, not how often or
where (its count is held against the number of different ones); FlashText finds the
longest term at a place and nothing that overlaps it. Vectorscan says where a
match ends, not where it begins, which is enough here. Folding leaves the words
apart, so vigie does not search for blanks; it looks each word up. spaCy's
documents are tokenised and its words looked up beforehand, as in the second line
of vigie. Memory is what the library says of its tables; for the Go ones, the heap
that stays; for the Python ones, growth of resident memory.
`
