package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/format"
)

// batchBytes is how much input is judged at a time by one goroutine.
const batchBytes = 256 << 10

// judgeLine appends what becomes of a record to dst. place is "file:line".
type judgeLine func(c *pipeline.Classifier, r event.Record, place string, dst []byte) ([]byte, error)

// liner judges lines on all processors and prints what becomes of them in the
// order of the input.
type liner struct {
	classifier *pipeline.Classifier
	judge      judgeLine
	out, errs  io.Writer
	// cut cuts a file of a foreign format into values; nil for lines.
	cut func(file []byte) ([]format.Value, error)
	// progress is told how many bytes were judged.
	progress func(n int)
}

// batch is a run of lines of one file; first is the number of the first one, 0
// where the file is one value. done is closed when out and wrong are set.
type batch struct {
	name  string
	first int
	lines [][]byte
	size  int

	done  chan struct{}
	out   []byte
	wrong []string
}

// files judges all lines of files. Its error is errInput when a line was bad.
func (l *liner) files(ctx context.Context, files []string, stdin io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	// Both hold the same batches: todo for whoever judges, order for printing.
	todo, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	for range workers {
		c := l.classifier.Clone()
		go func() {
			for b := range todo {
				l.batch(c, b)
			}
		}()
	}
	unread := make(chan error, 1)
	// Nobody waits for this goroutine: it may hang on a terminal for ever.
	go func() {
		defer close(todo)
		err := l.read(ctx, files, stdin, func(b *batch) bool {
			select {
			case order <- b:
				todo <- b
				return true
			case <-ctx.Done():
				return false
			}
		})
		unread <- err
		close(order)
	}()
	bad, err := l.print(ctx, order)
	if err != nil {
		return err
	}
	if err := <-unread; err != nil {
		return err
	}
	if bad {
		return errInput
	}
	return nil
}

// batch judges the lines of b.
func (l *liner) batch(c *pipeline.Classifier, b *batch) {
	defer close(b.done)
	for i, line := range b.lines {
		if len(bytes.TrimSpace(line)) == 0 && l.cut == nil {
			continue
		}
		place := b.name
		if b.first > 0 {
			place = fmt.Sprintf("%s:%d", b.name, b.first+i)
		}
		var err error
		if b.out, err = l.judge(c, event.Record{Value: line}, place, b.out); err != nil {
			wrong := fmt.Sprintf("%s: %v", place, err)
			if b.first+i == 1 && l.cut == nil {
				wrong += laidOut(line)
			}
			b.wrong = append(b.wrong, wrong)
		}
	}
}

// laidOut says what to do with a file whose first line opens JSON that is laid
// out over several.
func laidOut(line []byte) string {
	filter := map[string]string{"{": ".", "[": "'.[]'"}[string(bytes.TrimSpace(line))]
	if filter == "" {
		return ""
	}
	return fmt.Sprintf("; one event a line: `jq -c %s FILE` makes it so", filter)
}

// print prints batches in order and returns whether a line was bad.
func (l *liner) print(ctx context.Context, order <-chan *batch) (bad bool, err error) {
	for {
		var b *batch
		select {
		case b = <-order:
		case <-ctx.Done():
			return bad, errInterrupted
		}
		if b == nil {
			return bad, nil
		}
		<-b.done
		if _, err := l.out.Write(b.out); err != nil {
			return bad, fmt.Errorf("writing what was found: %w", err)
		}
		for _, w := range b.wrong {
			bad = true
			fmt.Fprintln(l.errs, w)
		}
		l.progress(b.size)
	}
}

var errInterrupted = errors.New("interrupted: what was printed is not all")

// read cuts files into batches and gives them to emit until it returns false.
func (l *liner) read(ctx context.Context, files []string, stdin io.Reader, emit func(*batch) bool) error {
	for _, file := range files {
		f, name, err := open(file, stdin)
		if err != nil {
			return err
		}
		if l.cut == nil {
			err = readLines(ctx, f, name, emit)
		} else {
			err = l.readValues(ctx, f, name, emit)
		}
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// readValues cuts one input of a foreign format, a batch a value. One that
// cannot be cut is told where its values would be.
func (l *liner) readValues(ctx context.Context, f io.Reader, name string, emit func(*batch) bool) error {
	file, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	values, wrong := l.cut(file)
	if wrong != nil {
		values = []format.Value{{}}
	}
	for _, v := range values {
		b := &batch{name: name, first: v.Place, size: len(v.Data), done: make(chan struct{})}
		if wrong != nil {
			b.size, b.wrong = len(file), []string{fmt.Sprintf("%s: %v", name, wrong)}
		} else {
			b.lines = [][]byte{v.Data}
		}
		if !emit(b) {
			return ctx.Err()
		}
	}
	return nil
}

// readLines cuts one input. A batch ends early where nothing more has come
// yet, so that somebody who types a line sees what becomes of it.
func readLines(ctx context.Context, f io.Reader, name string, emit func(*batch) bool) error {
	r := bufio.NewReaderSize(f, batchBytes)
	if mark, _ := r.Peek(3); string(mark) == "\ufeff" {
		_, _ = r.Discard(3)
	}
	b := &batch{name: name, first: 1, done: make(chan struct{})}
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			b.lines = append(b.lines, line)
			b.size += len(line)
		}
		if len(b.lines) > 0 && (err != nil || b.size >= batchBytes || r.Buffered() == 0) {
			next := b.first + len(b.lines)
			if !emit(b) {
				return ctx.Err()
			}
			b = &batch{name: name, first: next, done: make(chan struct{})}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
