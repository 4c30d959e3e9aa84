package faults

import "time"

// brokerFaults happen to the only broker.
var brokerFaults = []scenario{
	{
		key: "broker-kill", name: "the broker killed (`kill -9`) and started again", repeats: reported, feed: 40 * time.Second,
		act: func(r *run) {
			r.underWay()
			r.cluster.kill(r.t, 1)
			r.cluster.restart(r.t, 1)
			r.progress()
		},
	},
	{
		key: "broker-gone", name: "the broker gone for 60 s", repeats: reported, feed: 40 * time.Second,
		act: func(r *run) {
			r.underWay()
			r.cluster.kill(r.t, 1)
			r.hold(60*time.Second, 10*time.Second)
			r.cluster.restart(r.t, 1)
			r.progress()
		},
	},
}

// networkFaults happen between workers and broker.
var networkFaults = []scenario{
	{
		key: "cut", name: "the network cut for 30 s, silently", short: true, repeats: reported, feed: 40 * time.Second,
		act: func(r *run) { r.lasting(30*time.Second, 8*time.Second, cut(toBroker), cut(fromBroker)) },
	},
	{
		key: "latency", name: "answers 400 ms late, for 30 s from the start on", repeats: reported, feed: 40 * time.Second,
		before: func(r *run) { r.cluster.proxy.put(r.t, latency(400)) },
		act: func(r *run) {
			r.hold(30*time.Second, 5*time.Second)
			r.cluster.proxy.lift(r.t, latency(400))
		},
	},
	{
		key: "slow", name: "64 kB/s for 30 s from the start on", repeats: reported, feed: 40 * time.Second,
		before: func(r *run) { r.cluster.proxy.put(r.t, slow(toBroker), slow(fromBroker)) },
		act: func(r *run) {
			r.hold(30*time.Second, 5*time.Second)
			r.cluster.proxy.lift(r.t, slow(toBroker), slow(fromBroker))
		},
	},
	{
		key: "reset", name: "connections reset every 2 s, for 30 s", repeats: reported, feed: 40 * time.Second,
		act: func(r *run) {
			r.underWay()
			for range 15 {
				r.cluster.proxy.put(r.t, reset())
				r.hold(100*time.Millisecond, 100*time.Millisecond)
				r.cluster.proxy.lift(r.t, reset())
				r.hold(2*time.Second, 300*time.Millisecond)
			}
		},
	},
	{
		key: "acks", name: "acknowledgements lost for 15 s", short: true, repeats: reported, feed: 40 * time.Second,
		act: func(r *run) { r.lasting(15*time.Second, 4*time.Second, cut(fromBroker)) },
	},
}

// lasting is a fault of the network that ends.
func (r *run) lasting(full, short time.Duration, toxics ...toxic) {
	r.underWay()
	r.cluster.proxy.put(r.t, toxics...)
	r.hold(full, short)
	r.cluster.proxy.lift(r.t, toxics...)
}
