// Command bench measures vigie beside its peers and writes RESULTS.md and
// matching.svg. `bench contend` is the other side: one contender, asked by the
// driver over standard input; contenders in other languages are under peers/.
// README.md says how to run it and how to read the results.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options are what the command line sets.
type options struct {
	source string
	out    string
	turns  int
	// least is the CPU time of a round, which reads its input as often as that takes.
	least time.Duration
	// documents bounds each input, 0 for all; literals the shipped lexicon's.
	documents, literals int
	parts               []string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "contend" {
		exit(contend(os.Args[2:], os.Stdin, os.Stdout))
		return
	}
	exit(run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parts are what is measured, in order.
var parts = []string{"matching", "table", "folding", "classification", "allocations", "start", "e2e"}

func run() error {
	o := options{turns: 7, least: 300 * time.Millisecond}
	flag.StringVar(&o.source, "corpus", "", "annotated corpus, a file of JSON lines (default: ../../shared/corpus/dev.jsonl where it is, else the corpus of pipeline/eval)")
	flag.StringVar(&o.out, "out", "RESULTS.md", "where the results are written; the plot stands beside")
	flag.IntVar(&o.turns, "rounds", o.turns, "how often each contender has its turn")
	flag.DurationVar(&o.least, "round", o.least, "CPU time of a turn at least")
	flag.IntVar(&o.documents, "documents", 0, "documents of each input at most (default: all)")
	flag.IntVar(&o.literals, "literals", 0, "literals of the shipped lexicon at most, in matching (default: all)")
	quick := flag.Bool("quick", false, "a try of a minute or two: few documents, few terms of the shipped lexicon, three rounds; its figures mean nothing")
	wanted := flag.String("parts", strings.Join(parts, ","), "what is measured")
	flag.Parse()
	if *quick {
		o.turns, o.least, o.documents, o.literals = 3, 5*time.Millisecond, 20, 3000
	}
	o.parts = strings.Split(*wanted, ",")
	for _, p := range o.parts {
		if !slices.Contains(parts, p) {
			return fmt.Errorf("no part %q; choose of %s", p, strings.Join(parts, ", "))
		}
	}
	w, err := newWorkshop(&o)
	if err != nil {
		return err
	}
	defer w.clear()
	r := newReport(w)
	steps := map[string]func(*workshop, *report) error{
		"matching": matching, "table": tables, "folding": folding, "classification": classification,
		"allocations": allocations, "start": coldStart, "e2e": endToEnd,
	}
	for _, p := range o.parts {
		w.log("== %s", p)
		failed := steps[p](w, r)
		// What was measured before is written whatever comes after.
		if err := errors.Join(failed, r.write(o.out)); err != nil {
			return err
		}
	}
	return nil
}

// workshop is where the contenders find their programs and inputs.
type workshop struct {
	*options
	dir, here string
	corpus    []document
	inputs    []input
	// skipped says of each contender that could not be had why.
	skipped []skip
	// builds holds what came of building the peers, by command.
	builds map[string]error
}

// skip is a contender that is missing.
type skip struct{ name, why string }

func newWorkshop(o *options) (*workshop, error) {
	w := &workshop{options: o, builds: make(map[string]error)}
	var err error
	if w.dir, err = os.MkdirTemp("", "vigie-bench"); err != nil {
		return nil, err
	}
	if w.corpus, err = readCorpus(o.source); err != nil {
		return nil, err
	}
	w.inputs = makeInputs(w.corpus, o.documents)
	if w.here, err = os.Getwd(); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// go run's binary goes with it; contenders are started from a copy that stays.
	program, err := os.ReadFile(self)
	if err != nil {
		return nil, err
	}
	return w, os.WriteFile(w.path("bench"), program, 0o755)
}

// clear removes what the run left on disk.
func (w *workshop) clear() {
	if err := os.RemoveAll(w.dir); err != nil {
		w.log("%v", err)
	}
}

func (w *workshop) path(elements ...string) string {
	return filepath.Join(append([]string{w.dir}, elements...)...)
}

func (w *workshop) log(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}

// file writes lines to a file of the workshop and returns its name.
func (w *workshop) file(name string, lines []string) (string, error) {
	name = w.path(name)
	return name, os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// sh runs a line of shell in dir; its error holds what the line printed.
func sh(dir, line string) error {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", line, err, out)
	}
	return nil
}

// expand puts the workshop and the folder of this program into a command.
func (w *workshop) expand(s string) string {
	return strings.NewReplacer("$DIR", w.dir, "$HERE", w.here).Replace(s)
}
