package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// isTerminal reports whether somebody watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress returns what shows that n more of size bytes are done: a bar on
// errs, if that is a terminal which the output does not run over.
func progress(out, errs io.Writer, size int64) func(n int) {
	if size == 0 || !isTerminal(errs) || isTerminal(out) {
		return func(int) {}
	}
	bar := progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(errs),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
	return func(n int) { _ = bar.Add(n) }
}

// style paints text for a terminal; the zero style leaves it plain.
type style struct{ on bool }

// styleFor returns the style for w: colours for a terminal that has them,
// unless its user wants none (https://no-color.org).
func styleFor(w io.Writer) style {
	return style{isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (s style) paint(code, text string) string {
	if !s.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string   { return s.paint("1", text) }
func (s style) faint(text string) string  { return s.paint("2", text) }
func (s style) alarm(text string) string  { return s.paint("1;97;41", text) }
func (s style) notice(text string) string { return s.paint("1;30;43", text) }

// found marks words found in a quotation: in colour, or between brackets.
func (s style) found(text string) string {
	if !s.on {
		return "[" + text + "]"
	}
	return s.paint("1;33", text)
}
