package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
)

// What a contender counts.
const (
	everyMatch = iota // all, overlapping: as many as vigie's
	distinct          // the terms that occur in a document
	longest           // the longest ones, without overlap
)

// peer is a contender as it is started.
type peer struct {
	// name is what it is called in the code, title in the results.
	name, title string
	counts      int
	// needs are the programs that building takes; build makes it, once.
	needs []string
	build string
	// command starts it; "$DIR" is the workshop, "$HERE" the folder of this program.
	command []string
}

// What builds the peers of a language.
const (
	buildRust    = "cd peers/rust && cargo build --quiet --locked --release && cargo build --quiet --locked --profile lto"
	buildC       = "g++ -O3 -o $DIR/vectorscan peers/c/vectorscan.cc -lhs"
	buildPython  = "test -x peers/python/.venv/bin/python || python3 -m venv peers/python/.venv; peers/python/.venv/bin/pip install --quiet -r peers/python/requirements.txt"
	python       = "$HERE/peers/python/.venv/bin/python"
	pythonScript = "$HERE/peers/python/peers.py"
)

// own is a contender of this program.
func own(name, title string, counts int) peer {
	return peer{name: name, title: title, counts: counts, command: []string{"$DIR/bench", "contend", name}}
}

func rust(profile, engine, title string) peer {
	return peer{
		name: engine + "-" + profile, title: title, needs: []string{"cargo"}, build: buildRust,
		command: []string{"$HERE/peers/rust/target/" + profile + "/peers", engine},
	}
}

func inPython(name, title string, counts int) peer {
	return peer{name: name, title: title, counts: counts, needs: []string{"python3"}, build: buildPython, command: []string{python, pythonScript, name}}
}

// matchers are the contenders of matching, vigie's two first.
func matchers() []peer {
	return []peer{
		own("interned", "**vigie**, words looked up and matched", everyMatch),
		own("words", "vigie, words looked up before", everyMatch),
		own("cloudflare", "cloudflare/ahocorasick, MatchThreadSafe", distinct),
		rust("lto", "dfa", "Rust aho-corasick, DFA, overlapping (LTO)"),
		rust("release", "dfa", "the same, plain release build"),
		rust("lto", "nfa", "Rust aho-corasick, contiguous NFA, overlapping (LTO)"),
		rust("lto", "daachorse", "Rust daachorse, bytewise, overlapping (LTO)"),
		{
			name: "vectorscan", title: "Vectorscan, literals, block mode", needs: []string{"g++"}, build: buildC,
			command: []string{"$DIR/vectorscan"},
		},
		inPython("pyahocorasick", "pyahocorasick", everyMatch),
		inPython("flashtext", "FlashText", longest),
		inPython("spacy", "spaCy PhraseMatcher, documents tokenised before", everyMatch),
	}
}

// available builds what peers need and returns those that can be started; it
// says aloud which can't, and keeps that for the results.
func (w *workshop) available(list []peer) []peer {
	return slices.DeleteFunc(slices.Clone(list), func(p peer) bool {
		err, tried := w.builds[p.build]
		if p.build != "" && !tried {
			for _, program := range p.needs {
				if _, missing := exec.LookPath(program); missing != nil {
					err = errors.Join(err, missing)
				}
			}
			if err == nil {
				w.log("building: %s", p.build)
				err = sh(".", w.expand(p.build))
			}
			w.builds[p.build] = err
		}
		if err != nil {
			w.skip(p.title, err)
		}
		return err != nil
	})
}

// skip notes that a contender is left out.
func (w *workshop) skip(title string, why error) {
	w.log("SKIPPED: %s: %v", title, why)
	if s := (skip{title, why.Error()}); !slices.Contains(w.skipped, s) {
		w.skipped = append(w.skipped, s)
	}
}

// start starts the peers with a file of terms and the inputs' files; one that
// can't start is left out of the list.
func (w *workshop) start(list []peer, termsFile string, inputs []string) (running []*process, started []peer) {
	for _, p := range list {
		command := make([]string, len(p.command))
		for i, c := range p.command {
			command[i] = w.expand(c)
		}
		w.log("starting %s", p.name)
		process, err := launch(p.name, command, termsFile, inputs)
		if err != nil {
			w.skip(fmt.Sprintf("%s (%s)", p.title, filepath.Base(termsFile)), err)
			continue
		}
		running, started = append(running, process), append(started, p)
	}
	return running, started
}

func stopAll(list []*process) error {
	var failed error
	for _, p := range list {
		failed = errors.Join(failed, p.stop())
	}
	return failed
}
