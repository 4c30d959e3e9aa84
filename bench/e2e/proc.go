package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of the kernel's process times (USER_HZ).
const tick = 10 * time.Millisecond

// cpuOf is the CPU time of a process with all its threads, those that have
// ended too.
func cpuOf(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The command's name, in brackets, may hold blanks.
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	u, err := strconv.ParseInt(fields[user], 10, 64)
	if err != nil {
		return 0, err
	}
	s, err := strconv.ParseInt(fields[system], 10, 64)
	return time.Duration(u+s) * tick, err
}

// memoryOf is the resident memory of a process now and at its peak, in bytes.
func memoryOf(pid int) (now, peak int64, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	read := func(name string) int64 {
		_, rest, _ := strings.Cut(string(b), name+":")
		line, _, _ := strings.Cut(rest, "\n")
		n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "kB")), 10, 64)
		return n << 10
	}
	if now, peak = read("VmRSS"), read("VmHWM"); now == 0 {
		return 0, 0, fmt.Errorf("/proc/%d/status tells no resident memory", pid)
	}
	return now, peak, nil
}
