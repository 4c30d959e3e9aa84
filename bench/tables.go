package main

import "fmt"

// tables measures how long tables of 20,000 terms take to make and how much
// memory they hold: every contender is started anew in each round.
func tables(w *workshop, r *report) error {
	lexicons, err := w.lexicons()
	if err != nil {
		return err
	}
	l := lexicons[len(lexicons)-1]
	file, err := w.file("terms-"+l.name, l.phrases)
	if err != nil {
		return err
	}
	list := w.available(matchers()[1:]) // looking words up makes no table of its own
	made := make(map[string]*figures)
	held := make(map[string][]float64)
	for round := range w.turns {
		for i := range list {
			p := list[(i+round)%len(list)]
			running, _ := w.start([]peer{p}, file, nil)
			for _, process := range running {
				if made[p.name] == nil {
					made[p.name] = &figures{}
				}
				made[p.name].passes = append(made[p.name].passes, float64(process.cpu))
				held[p.name] = append(held[p.name], float64(process.bytes))
			}
			if err := stopAll(running); err != nil {
				return err
			}
		}
	}
	own := made["words"]
	if own == nil {
		return fmt.Errorf("tables: vigie's own contender did not run")
	}
	r.line("## Tables of %s\n", l.title)
	r.heads("", "CPU time to make", "beside vigie's", "memory")
	for _, p := range list {
		if f := made[p.name]; f != nil {
			title := p.title
			if p.name == "words" {
				title = "**vigie**, vocabulary and automaton"
			}
			r.row(title, milliseconds(spreadOf(f.passes).median), times(f, own).String()+" ×", megabytes(int64(spreadOf(held[p.name]).median)))
		}
	}
	r.line("")
	bytes, cpu := spreadOf(held["words"]), spreadOf(own.passes)
	r.target("table memory at 20,000 terms", "≤ 8 MB", megabytes(int64(bytes.median)), bytes.median <= 8e6)
	r.target("build time at 20,000 terms", "≤ 60 ms", fmt.Sprintf("%s ms (%s–%s)", digits(cpu.median/1e6), digits(cpu.least/1e6), digits(cpu.most/1e6)), cpu.median <= 60e6)
	return nil
}
