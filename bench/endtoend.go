package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// endToEnd runs the program under e2e, which has a module of its own and needs
// a container engine, and takes its results in.
func endToEnd(w *workshop, r *report) error {
	results := filepath.Join("e2e", "RESULTS.md")
	if w.documents > 0 {
		w.skip("end to end on Kafka", errors.New("not in a quick try"))
		return nil
	}
	if err := w.runEndToEnd(); err != nil {
		w.skip("end to end on Kafka", err)
		return nil
	}
	data, err := os.ReadFile(results)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") { // one level down, under this document's title
			line = "#" + line
		}
		r.body.WriteString(line)
	}
	return nil
}

func (w *workshop) runEndToEnd() error {
	if _, err := os.Stat(filepath.Join("e2e", "main.go")); err != nil {
		return err
	}
	if err := exec.Command("docker", "info").Run(); err != nil {
		return errors.New("no container engine answers")
	}
	corpus, err := w.corpusFile()
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "run", ".", "-corpus", corpus, "-rounds", strconv.Itoa(max(w.turns, 5)))
	cmd.Dir, cmd.Stdout, cmd.Stderr = "e2e", os.Stderr, os.Stderr
	return cmd.Run()
}

// corpusFile returns the absolute name of a file that holds the whole corpus.
func (w *workshop) corpusFile() (string, error) {
	names, err := corpusFiles(w.source)
	if err != nil {
		return "", err
	}
	if len(names) == 1 {
		return filepath.Abs(names[0])
	}
	var all []byte
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			return "", err
		}
		all = append(all, data...)
	}
	return w.path("corpus.jsonl"), os.WriteFile(w.path("corpus.jsonl"), all, fs.FileMode(0o644))
}
