package pipeline

import (
	"strings"
	"testing"
)

// When a worker is ready, over what can happen to it.
func TestHealth(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(h *health)
		want string // a part of the reason, "" for ready
	}{
		{"at the start", func(*health) {}, "no member"},
		{"joined", func(h *health) { h.join(3) }, ""},
		{"joined without partitions", func(h *health) { h.join(0) }, ""},
		{"the generation has ended", func(h *health) { h.join(3); h.leave() }, "no member"},
		{"a write fails", func(h *health) { h.join(3); h.stuck("flags") }, "cannot write to flags"},
		{"it succeeds in the end", func(h *health) { h.join(3); h.stuck("flags"); h.ended("flags", true, true) }, ""},
		{"another one succeeds beside it", func(h *health) {
			h.join(3)
			h.stuck("flags")
			h.ended("flags", false, true)
		}, "cannot write to flags"},
		{"it is given up", func(h *health) { h.join(3); h.stuck("flags"); h.ended("flags", true, false) }, "cannot write to flags"},
		{"given up, and then one succeeds", func(h *health) {
			h.join(3)
			h.stuck("flags")
			h.ended("flags", true, false)
			h.ended("flags", false, true)
		}, ""},
		{"given up, and then there is nothing to write", func(h *health) {
			h.stuck("flags")
			h.ended("flags", true, false)
			h.join(0)
		}, ""},
		{"given up, joined again", func(h *health) {
			h.stuck("flags")
			h.ended("flags", true, false)
			h.leave()
			h.join(2)
		}, "cannot write to flags"},
	} {
		h := &health{}
		tt.do(h)
		got := strings.Join(h.wrong(), "; ")
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
