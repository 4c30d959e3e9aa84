package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// contender is one side of a comparison: what it makes of one document. It
// reports how many matches (or flags, or bytes) that gave, so that rounds can
// be held against each other and nothing is optimised away.
type contender interface {
	// read prepares a line of the input; what it returns is given to find. Not measured.
	read(line string) any
	find(document any) int
}

// made is a contender ready to work.
type made struct {
	contender
	// cpu and bytes are what making its tables took and what they hold.
	cpu, bytes int64
}

// contend serves one contender of this program: NAME TERMS INPUT=FILE...; it
// speaks the protocol of README.md.
func contend(args []string, in io.Reader, out io.Writer) error {
	if len(args) < 2 {
		return errors.New("a contender is asked for as: bench contend NAME TERMS INPUT=FILE")
	}
	makers := ours()
	maker, ok := makers[args[0]]
	if !ok {
		return fmt.Errorf("no contender %q", args[0])
	}
	var phrases []string
	if args[1] != "-" {
		var err error
		if phrases, err = readLines(args[1]); err != nil {
			return err
		}
	}
	c, err := maker(phrases)
	if err != nil {
		return err
	}
	inputs := make(map[string][]any)
	for _, arg := range args[2:] {
		name, file, _ := strings.Cut(arg, "=")
		lines, err := readLines(file)
		if err != nil {
			return err
		}
		for _, l := range lines {
			inputs[name] = append(inputs[name], c.read(l))
		}
	}
	fmt.Fprintln(out, "ready", c.cpu, c.bytes)
	for commands := bufio.NewScanner(in); commands.Scan(); {
		words := strings.Fields(commands.Text())
		documents := inputs[words[1]]
		matches, hit := 0, 0
		switch words[0] {
		case "count":
			for _, d := range documents {
				n := c.find(d)
				matches += n
				if n > 0 {
					hit++
				}
			}
			fmt.Fprintln(out, "count", matches, hit)
		case "round":
			times, err := strconv.Atoi(words[2])
			if err != nil {
				return err
			}
			began := processor()
			for range times {
				for _, d := range documents {
					matches += c.find(d)
				}
			}
			fmt.Fprintln(out, "round", processor()-began, matches)
		default:
			return fmt.Errorf("no command %q", words[0])
		}
	}
	return nil
}

func readLines(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"), nil
}

// processor returns the nanoseconds that the process has spent on processors,
// its garbage collector's included: what else the machine does does not count.
func processor() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err) // Linux has had it since 2.6
	}
	return t.Nano()
}
