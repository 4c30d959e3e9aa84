package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
)

// process is a contender at work: a program that speaks the protocol of README.md.
type process struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	// cpu and bytes are what making its tables took (ns) and what they hold.
	cpu, bytes int64
}

// launch starts a contender and waits until its tables are made. terms is a
// file or "-", inputs are NAME=FILE.
func launch(name string, command []string, terms string, inputs []string) (*process, error) {
	args := slices.Concat(command[1:], []string{terms}, inputs)
	p := &process{name: name, cmd: exec.Command(command[0], args...)}
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.answer("ready %d %d", &p.cpu, &p.bytes); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// answer reads the contender's next line.
func (p *process) answer(format string, values ...any) error {
	if !p.out.Scan() {
		return fmt.Errorf("%s: ended without an answer: %w", p.name, errors.Join(p.out.Err(), io.ErrUnexpectedEOF))
	}
	if _, err := fmt.Sscanf(p.out.Text(), format, values...); err != nil {
		return fmt.Errorf("%s: answered %q: %w", p.name, p.out.Text(), err)
	}
	return nil
}

// count returns how many matches there are in an input, and how many documents have one.
func (p *process) count(input string) (matches, documents int, err error) {
	if _, err := fmt.Fprintln(p.in, "count", input); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	err = p.answer("count %d %d", &matches, &documents)
	return matches, documents, err
}

// round reads an input so many times and returns the CPU time of that in
// nanoseconds and the matches found.
func (p *process) round(input string, times int) (cpu int64, matches int, err error) {
	if _, err := fmt.Fprintln(p.in, "round", input, times); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	err = p.answer("round %d %d", &cpu, &matches)
	return cpu, matches, err
}

// stop ends the contender by closing its input.
func (p *process) stop() error {
	p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}
