//go:build !race

package event

// raceEnabled: the race detector, which allocates, is on.
const raceEnabled = false
