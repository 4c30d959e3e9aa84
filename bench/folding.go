package main

import "encoding/json"

// folding measures what making plain words of raw text costs.
func folding(w *workshop, r *report) error {
	list := []peer{
		own("fold", "**vigie**, text.Fold: every rule, words with their places", everyMatch),
		own("valid", "`utf8.Valid`: the floor", everyMatch),
		own("chain", "golang.org/x/text: NFD, marks removed, lower case", everyMatch),
	}
	var files []string
	for _, in := range w.inputs {
		lines := make([]string, len(in.raw))
		for i, raw := range in.raw {
			quoted, err := json.Marshal(raw)
			if err != nil {
				return err
			}
			lines[i] = string(quoted)
		}
		file, err := w.file("raw-"+in.name, lines)
		if err != nil {
			return err
		}
		files = append(files, in.name+"="+file)
	}
	running, _ := w.start(list, "-", files)
	all, err := w.everywhere(running)
	if err != nil {
		return err
	}
	if err := stopAll(running); err != nil {
		return err
	}
	r.line("## Folding of raw text\n")
	r.beside(list, all, "fold")
	whole := &w.inputs[0]
	r.line("\nvigie's own: %s ns of CPU time a byte of the corpus.\n", digits(spreadOf(all[whole.name]["fold"].passes).median/float64(whole.bytes())))
	s := times(all[whole.name]["valid"], all[whole.name]["fold"])
	r.target("fold against `utf8.Valid` on raw text", "≥ 0.5 ×", s.String()+" ×", s.median >= 0.5)
	return nil
}

// everywhere measures contenders over all inputs.
func (w *workshop) everywhere(running []*process) (map[string]map[string]*figures, error) {
	all := make(map[string]map[string]*figures)
	for _, in := range w.inputs {
		w.log("%s", in.title)
		var err error
		if all[in.name], err = w.rounds(running, in.name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// beside writes a table of contenders beside the one called base, and a panel of the corpus.
func (r *report) beside(list []peer, all map[string]map[string]*figures, base string) {
	r.heads("CPU time, vigie's is 1", r.titles()...)
	panel := panel{}
	for _, p := range list {
		row := []string{p.title}
		for _, in := range r.w.inputs {
			f := all[in.name]
			if f[p.name] == nil {
				row = append(row, "–")
				continue
			}
			row = append(row, times(f[p.name], f[base]).String())
		}
		r.row(row...)
		if f := all[r.w.inputs[0].name]; f[p.name] != nil {
			panel.add(p.title, times(f[p.name], f[base]))
		}
	}
	panel.title = map[string]string{"fold": "Folding, corpus", "classify": "Whole classification, corpus"}[base]
	r.panels = append(r.panels, panel)
}
