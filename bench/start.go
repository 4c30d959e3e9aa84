package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// coldStart measures `vigie classify` of one event, from the start of the
// process to its end, with the program in the page cache and without.
func coldStart(w *workshop, r *report) error {
	program := w.path("vigie")
	if err := sh("..", "CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "+program+" ./cmd/vigie"); err != nil {
		return err
	}
	ways := []struct {
		title   string
		args    []string
		dropped bool
	}{
		{"`vigie classify` of one event of 4 kB", []string{"classify"}, false},
		{"the same, the program not in memory", []string{"classify"}, true},
		{"`vigie --version`, for comparison", []string{"--version"}, false},
	}
	wall, cpu := make([][]float64, len(ways)), make([][]float64, len(ways))
	for round := range w.turns + 1 {
		for i := range ways {
			k := (i + round) % len(ways)
			if ways[k].dropped {
				if err := dropPages(program); err != nil {
					return err
				}
			}
			cmd := exec.Command(program, ways[k].args...)
			cmd.Stdin = bytes.NewReader([]byte(w.inputs[2].events[0] + "\n"))
			began := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w\n%s", ways[k].title, err, out)
			}
			if round == 0 {
				continue // warms up
			}
			wall[k] = append(wall[k], time.Since(began).Seconds())
			cpu[k] = append(cpu[k], (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
		}
	}
	r.line("## A cold start\n")
	r.heads("", "seconds on the clock", "seconds of CPU time")
	for k := range ways {
		r.row(ways[k].title, spreadOf(wall[k]).String(), spreadOf(cpu[k]).String())
	}
	r.line("")
	s := spreadOf(wall[1])
	r.target("`vigie classify` of one event from a cold start, shipped lexicon, program not in memory", "≤ 0.2 s", s.String()+" s", s.median <= 0.2)
	return nil
}

// dropPages asks the kernel to forget what it holds of a file in memory.
func dropPages(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return err
	}
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
