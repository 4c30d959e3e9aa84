package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// figures are what one run of a contender showed, from its first commit to its
// last; what a start costs is not among them.
type figures struct {
	rate float64 // events a second
	// cpu and brokerCPU are times of a process for one event.
	cpu, brokerCPU time.Duration
	// resident is the median of the memory while it worked, peak the most that
	// it ever had, of all its processes together.
	resident, peak int64
	// flagged is how many of the events made a record in the flags' topic.
	flagged float64
	events  int64
}

// leastCommits is how many commits a run lasts at least, if that takes no more
// than four times its limit.
const leastCommits = 30

const poll = 20 * time.Millisecond

// sample is what was known at one moment.
type sample struct {
	at          time.Time
	done        int64
	cpu, broker time.Duration
}

// measure lets a contender read the whole topic of n events, or as much as it
// manages in limit.
func (b *bench) measure(ctx context.Context, c *contender, limit time.Duration) (f figures, err error) {
	s := b.setting(filled)
	before, err := b.kafka.ends(ctx, flags)
	if err != nil {
		return f, err
	}
	running, err := c.start(s)
	defer stop(running)
	if err != nil {
		return f, err
	}
	var first, last sample
	var memory []int64
	commits := 0
	began := time.Now()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for last.done < int64(b.events) {
		<-ticker.C
		now := sample{at: time.Now(), done: b.kafka.committed(ctx, s.group, filled)}
		resident, peak, err := now.read(running, b.broker.pid)
		if err != nil {
			return f, fmt.Errorf("%s has ended; its log is in %s: %w", c.name, b.dir, err)
		}
		f.peak = max(f.peak, peak)
		switch {
		case now.done == 0 && now.at.Sub(began) > 2*time.Minute:
			return f, fmt.Errorf("%s committed nothing in two minutes", c.name)
		case now.done == 0:
			continue
		case first.done == 0:
			first = now
		}
		memory = append(memory, resident)
		if now.done > last.done {
			last = now
			commits++
		}
		// Few commits say little of how long what lies between them took.
		if now.at.Sub(first.at) > limit && commits > leastCommits || now.at.Sub(first.at) > 4*limit {
			break
		}
	}
	if last.done == first.done {
		return f, fmt.Errorf("%s committed %d events and no more in %v, or no more are there", c.name, last.done, 4*limit)
	}
	f.events = last.done - first.done
	n := time.Duration(f.events)
	f.rate = float64(n) / last.at.Sub(first.at).Seconds()
	f.cpu, f.brokerCPU = (last.cpu-first.cpu)/n, (last.broker-first.broker)/n
	slices.Sort(memory)
	f.resident = memory[len(memory)/2]
	stop(running)
	after, err := b.kafka.ends(ctx, flags)
	// What is written and not committed is little beside what is.
	f.flagged = float64(after-before) / float64(last.done)
	return f, err
}

// read takes the times of the processes, and returns their memory.
func (s *sample) read(running []*exec.Cmd, broker int) (resident, peak int64, err error) {
	for _, c := range running {
		cpu, err := cpuOf(c.Process.Pid)
		if err != nil {
			return 0, 0, err
		}
		now, most, err := memoryOf(c.Process.Pid)
		if err != nil {
			return 0, 0, err
		}
		s.cpu += cpu
		resident, peak = resident+now, peak+most
	}
	s.broker, err = cpuOf(broker)
	return resident, peak, err
}

// stop ends processes as an operator would, and after a while harder: batches in
// hand are finished first.
func stop(running []*exec.Cmd) {
	for _, c := range running {
		if c.ProcessState != nil {
			continue
		}
		_ = c.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(30*time.Second, func() { _ = c.Process.Kill() })
		_ = c.Wait()
		kill.Stop()
	}
}
