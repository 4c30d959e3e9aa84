package faults

import (
	"syscall"
	"time"
)

// processFaults happen to workers. The brokers are 25 ms away, so that a
// worker is nearly always in the middle of a batch.
var processFaults = []scenario{
	{
		key: "kill", name: "a worker killed (`kill -9`) in the middle of a batch, three times", short: true, repeats: batchesOf(3),
		before: func(r *run) { r.cluster.proxy.put(r.t, latency(25)) },
		act: func(r *run) {
			for range 3 {
				r.progress()
				r.workers[len(r.workers)-1].kill()
				r.start()
			}
			r.cluster.proxy.lift(r.t, latency(25))
		},
	},
	{
		key: "freeze", name: "a worker stopped past its session (`SIGSTOP`), then continued", short: true, repeats: batchesOf(1),
		feed:   40 * time.Second,
		before: func(r *run) { r.cluster.proxy.put(r.t, latency(25)) },
		act: func(r *run) {
			r.progress()
			r.workers[0].signal(syscall.SIGSTOP)
			// The others have what it had, and go on.
			r.hold(r.session()+3*time.Second, r.session()+3*time.Second)
			r.progress()
			r.workers[0].signal(syscall.SIGCONT)
			r.progress()
			r.cluster.proxy.lift(r.t, latency(25))
		},
	},
	{
		key: "term", name: "`SIGTERM` under load, three times", short: true, repeats: noRepeats,
		before: func(r *run) { r.cluster.proxy.put(r.t, latency(25)) },
		act: func(r *run) {
			for range 3 {
				r.progress()
				r.workers[len(r.workers)-1].stop()
				r.start()
			}
			r.cluster.proxy.lift(r.t, latency(25))
		},
	},
	{
		key: "join", name: "a third worker joins and leaves, twice", short: true, repeats: noRepeats,
		before: func(r *run) { r.cluster.proxy.put(r.t, latency(25)) },
		act: func(r *run) {
			for range 2 {
				r.progress()
				third := r.start()
				r.until("the third worker has committed", func() bool { return r.over() || third.says("batch committed") })
				third.stop()
			}
			r.cluster.proxy.lift(r.t, latency(25))
		},
	},
}
