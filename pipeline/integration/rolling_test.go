package integration

import (
	"sync"
	"testing"

	"github.com/vigie-project/vigie/pkg/config"
)

// A rolling update as deploy/kubernetes asks for it: under load, a new worker
// starts and becomes ready, then an old one is told to stop, one after the
// other. Nothing is left out and nothing is written twice.
func TestRollingUpdateRepeatsNothing(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 6, func(c *config.Config) { c.Worker.BatchRecords = 20 })
		old := []*running{e.start(), e.start(), e.start()}
		for _, w := range old {
			e.until("the workers are ready", func() bool { ok, _ := ready(w.worker); return ok })
		}
		ends := make(map[place]int64)
		stop := make(chan struct{})
		var load sync.WaitGroup
		load.Go(func() {
			for {
				for at, end := range e.fill(e.calls(), 6, 120) {
					ends[at] = end
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
		var fresh []*running
		for _, w := range old {
			next := e.start()
			fresh = append(fresh, next)
			e.until("the new worker is ready", func() bool { ok, _ := ready(next.worker); return ok })
			w.end()
		}
		close(stop)
		load.Wait()
		e.accounted(ends)
		for _, w := range fresh {
			w.end()
		}
		e.flagsAre(e.expected(e.calls()), false)
	})
}
