//go:build !race

package pipeline

// raceEnabled: the race detector, which allocates, is on.
const raceEnabled = false
