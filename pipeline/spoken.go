package pipeline

import "github.com/vigie-project/vigie/pkg/event"

// dropUnspoken sets aside what no part that may carry a finding holds.
func (q *qualifier) dropUnspoken() {
	kept := q.signs[:0]
	for _, x := range q.signs {
		if q.spoken(x) {
			kept = append(kept, x)
		} else {
			q.unspoken = append(q.unspoken, x)
		}
	}
	q.signs = kept
}

// spoken reports whether a part that may carry a finding holds a place of the
// sign: an agent's turn may be one place of several, never the only one.
func (q *qualifier) spoken(x sign) bool {
	for _, at := range x.places {
		switch q.voice(at) {
		case event.Customer, event.Unknown, event.Quoted:
			return true
		}
	}
	return false
}
