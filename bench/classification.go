package main

import (
	"fmt"
	"os"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// classification measures the path from an event's bytes to its flag.
func classification(w *workshop, r *report) error {
	p, err := shipped()
	if err != nil {
		return err
	}
	w.log("compiling %d terms", many)
	big, err := blownUp(ngrams(w.corpus), many)
	if err != nil {
		return err
	}
	packed, err := big.Pack()
	if err != nil {
		return err
	}
	bigFile := w.path("blown-up.program")
	if err := os.WriteFile(bigFile, packed, 0o644); err != nil {
		return err
	}
	// The contender reads the program's name as its only phrase.
	bigName, err := w.file("blown-up", []string{bigFile})
	if err != nil {
		return err
	}
	phrases := literals(p)
	if w.literals > 0 && w.literals < len(phrases) {
		phrases = shuffled(phrases)[:w.literals]
	}
	literalsFile, err := w.file("literals", phrases)
	if err != nil {
		return err
	}
	var files []string
	for _, in := range w.inputs {
		file, err := w.file("events-"+in.name, in.events)
		if err != nil {
			return err
		}
		files = append(files, in.name+"="+file)
	}
	eds := inPython("edsnlp", "EDS-NLP: JSON, normaliser, sentences, matcher, negation, hypothesis", everyMatch)
	large := own("classify", "vigie, blown up to "+fmt.Sprint(len(big.Terms))+" terms", everyMatch)
	large.name = "large"
	list := []peer{own("classify", "**vigie**, shipped lexicon", everyMatch), large, own("decode", "vigie, decoding alone", everyMatch), own("json", "encoding/json into the same struct, and no more", everyMatch)}
	terms := map[string]string{"classify": "-", "large": bigName, "decode": "-", "json": "-", "edsnlp": literalsFile}
	var running []*process
	list = append(list, w.available([]peer{eds})...)
	for _, p := range list {
		one, _ := w.start([]peer{p}, terms[p.name], files)
		running = append(running, one...)
	}
	all, err := w.everywhere(running)
	if err != nil {
		return err
	}
	if err := stopAll(running); err != nil {
		return err
	}
	return r.classification(list, all, p, big)
}

// classification adds its tables to the report.
func (r *report) classification(list []peer, all map[string]map[string]*figures, p, big *lexicon.Program) error {
	whole := &r.w.inputs[0]
	small, err := newReference(literals(p), whole)
	if err != nil {
		return err
	}
	large, err := newReference(literals(big), whole)
	if err != nil {
		return err
	}
	r.line("## The whole classification\n")
	r.line(`From an event's bytes to its flag. EDS-NLP looks for the shipped lexicon's
%d literals, word by word after its own normalisation, and does not put gaps
together, tell persons apart, weigh or route. The larger lexicon is the shipped one
with n-grams of the corpus as further terms, weak signs that are found and
qualified; its %d literals match %.3f times a word of the corpus, the shipped ones %.3f times.
`, len(p.Literals), len(big.Literals), float64(large.matches)/float64(whole.words()), float64(small.matches)/float64(whole.words()))
	r.beside(list, all, "classify")
	first := all[whole.name]
	r.line("")
	r.heads("vigie's own", r.titles()...)
	times1, flagged := []string{"CPU time an event"}, []string{"events flagged"}
	for _, in := range r.w.inputs {
		f := all[in.name]["classify"]
		times1 = append(times1, fmt.Sprintf("%s µs", digits(spreadOf(f.passes).median/float64(len(in.events))/1e3)))
		flagged = append(flagged, fmt.Sprintf("%d of %d", f.matches, len(in.events)))
	}
	r.row(times1...)
	r.row(flagged...)
	r.line("\nWith the larger lexicon %d of %d events of the corpus are flagged.\n", first["large"].matches, len(whole.events))
	four := all["4kB"]
	s := times(four["json"], four["classify"])
	r.target("decode to flag, whole classification, against encoding/json decoding alone, 4 kB", "≥ 2 ×", s.String()+" ×", s.median >= 2)
	s = times(four["classify"], four["large"])
	r.target("classification at 20,000 terms against the shipped lexicon, 4 kB", "≥ 0.7 ×", s.String()+" ×", s.median >= 0.7)
	return nil
}
