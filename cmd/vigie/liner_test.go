package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
)

func testLiner(t *testing.T, out, errs io.Writer) *liner {
	return &liner{
		classifier: testRules(t).classifier, out: out, errs: errs, progress: func(int) {},
		judge: func(_ *pipeline.Classifier, r event.Record, place string, dst []byte) ([]byte, error) {
			if bytes.HasPrefix(r.Value, []byte("bad")) {
				return dst, errors.New("bad")
			}
			return fmt.Appendf(dst, "%s=%d %.8s\n", place, len(r.Value), bytes.TrimSpace(r.Value)), nil
		},
	}
}

// TestOrder: however many goroutines judge, lines come out in their order,
// with their numbers.
func TestOrder(t *testing.T) {
	var in, want, wantErrs strings.Builder
	for i := 1; i <= 50_000; i++ {
		switch {
		case i%997 == 0:
			in.WriteString("bad\n")
			fmt.Fprintf(&wantErrs, "stdin:%d: bad\n", i)
		case i%10 == 0:
			in.WriteString(" \r\n")
		default:
			fmt.Fprintf(&in, "%08d\n", i)
			fmt.Fprintf(&want, "stdin:%d=9 %08d\n", i, i)
		}
	}
	var out, errs bytes.Buffer
	if err := testLiner(t, &out, &errs).files(t.Context(), []string{"-"}, strings.NewReader(in.String())); !errors.Is(err, errInput) {
		t.Errorf("error %v, want %v", err, errInput)
	}
	if out.String() != want.String() {
		t.Error("lines are missing, out of order or misnumbered")
	}
	if errs.String() != wantErrs.String() {
		t.Error("bad lines are missing or misnumbered")
	}
}

func TestLinesOfAllShapes(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"no line end", "abc", "stdin:1=3 abc\n"},
		{"byte order mark", "\ufeffabc\n", "stdin:1=4 abc\n"},
		{"blank lines", "\n\nabc\n\n", "stdin:3=4 abc\n"},
		{"10 MB", strings.Repeat("x", 10<<20) + "\nabc\n", "stdin:1=10485761 xxxxxxxx\nstdin:2=4 abc\n"},
	} {
		var out bytes.Buffer
		if err := testLiner(t, &out, io.Discard).files(t.Context(), []string{"-"}, strings.NewReader(c.in)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if out.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, out.String(), c.want)
		}
	}
}

// TestTyped: who types a line sees what becomes of it before typing the next.
func TestTyped(t *testing.T) {
	in, typing := io.Pipe()
	reading, out := io.Pipe()
	ended := make(chan error, 1)
	l := testLiner(t, out, io.Discard)
	go func() {
		ended <- l.files(t.Context(), []string{"-"}, in)
		_ = out.Close()
	}()
	answers := bufio.NewReader(reading)
	for i := 1; i <= 3; i++ {
		if _, err := io.WriteString(typing, "line\n"); err != nil {
			t.Fatal(err)
		}
		got, err := answers.ReadString('\n')
		if want := fmt.Sprintf("stdin:%d=5 line\n", i); got != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	_ = typing.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestInterrupted: a stop does not wait for a line that nobody types.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	in, typing := io.Pipe()
	defer func() { _ = typing.Close() }()
	if err := testLiner(t, io.Discard, io.Discard).files(ctx, []string{"-"}, in); !errors.Is(err, errInterrupted) {
		t.Errorf("error %v, want %v", err, errInterrupted)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// TestUnwritable: what cannot be written is no success.
func TestUnwritable(t *testing.T) {
	in := strings.NewReader(strings.Repeat("line\n", 1_000_000))
	err := testLiner(t, full{}, io.Discard).files(t.Context(), []string{"-"}, in)
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v, want disk full", err)
	}
}
