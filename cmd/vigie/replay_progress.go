package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/vigie-project/vigie/pipeline/replay"
)

// pipeInterval is how often a line of progress is printed where nobody watches.
const pipeInterval = 10 * time.Second

// barInterval is how often a bar is drawn.
const barInterval = 200 * time.Millisecond

// showReplay shows on errs how far a replay is, on a terminal by a bar, else by
// a line every ten seconds, until stop is called.
func showReplay(errs io.Writer, seen *replay.Seen, total int64) (stop func()) {
	interval, show := pipeInterval, pipeLine(errs, seen, total, time.Now)
	clear := func() {}
	if isTerminal(errs) {
		interval = barInterval
		show, clear = barOf(errs, seen, total)
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				show()
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		clear()
	}
}

// barOf shows what is left of a replay when it is started, and what was done of it.
func barOf(w io.Writer, seen *replay.Seen, total int64) (show, clear func()) {
	var bar *progressbar.ProgressBar
	show = func() {
		earlier := seen.Earlier.Load()
		if bar == nil {
			bar = progressbar.NewOptions64(max(total-earlier, 1),
				progressbar.OptionSetWriter(w), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionSetItsString("offsets"), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
			)
		}
		bar.Describe(plural(int(seen.Flags.Load()), "alerte"))
		_ = bar.Set64(min(seen.Offsets.Load(), total) - earlier)
	}
	return show, func() {
		if bar != nil {
			_ = bar.Clear()
		}
	}
}

// pipeLine prints how far a replay is, at what rate since the line before, how
// long it still takes at the rate since it was started, and how many flags there are.
func pipeLine(w io.Writer, seen *replay.Seen, total int64, now func() time.Time) func() {
	began := now()
	last, at := int64(0), began
	return func() {
		n, earlier, t := seen.Offsets.Load(), seen.Earlier.Load(), now()
		rate := float64(n-max(last, earlier)) / t.Sub(at).Seconds()
		left := ""
		if done := n - earlier; done > 0 {
			rest := time.Duration(float64(t.Sub(began)) / float64(done) * float64(total-n))
			left = fmt.Sprintf(", encore %v", rest.Round(time.Second))
		}
		last, at = n, t
		fmt.Fprintf(w, "%d offsets sur %d (%d %%), %.0f/s%s, %s\n", n, total, 100*n/max(total, 1), rate, left, plural(int(seen.Flags.Load()), "alerte"))
	}
}
