package integration

import (
	"testing"

	"go.uber.org/goleak"
)

// Workers that were told to stop, after work and a rebalance, leave no goroutine.
func TestNoGoroutineIsLeft(t *testing.T) {
	e := newEnv(t, faulty(t).ListenAddrs(), 3, nil)
	ends := e.fill(e.calls(), 3, 300)
	// The test's own client and the broker go on.
	others := goleak.IgnoreCurrent()
	one, two := e.start(), e.start()
	e.accounted(ends)
	one.end()
	two.end()
	e.client.Close()
	if err := goleak.Find(others,
		goleak.IgnoreAnyFunction("github.com/twmb/franz-go/pkg/kfake.(*Cluster).listen"),
		goleak.IgnoreAnyFunction("github.com/twmb/franz-go/pkg/kfake.(*clientConn).read"),
		goleak.IgnoreAnyFunction("github.com/twmb/franz-go/pkg/kfake.(*clientConn).write"),
		goleak.IgnoreAnyFunction("github.com/twmb/franz-go/pkg/kfake.(*group).manage")); err != nil {
		t.Error(err)
	}
}
