package console

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// A page that was cut off is told what it missed, and nothing else; one that was
// away too long, or before another start, gets the whole list.
func TestFluxResumes(t *testing.T) {
	s := started(t)
	server := s.serve(t, nil)
	s.flags(sampleFlag(1, nil))
	s.holds(1)
	_, mark := s.feed.latest(1, Filter{})
	l := listen(t, server.URL+"/flux/evenements?apres="+mark, "")
	s.flags(sampleFlag(2, nil))
	got := l.next("alerte", "alerte-")
	l.close()
	s.flags(sampleFlag(3, nil))
	s.holds(3)
	retraction := &flag.Retraction{Event: sampleFlag(1, nil).Event, Case: "secret-case-1", Retracts: sampleFlag(1, nil).ID, Reason: flag.ReasonError}
	s.send(s.cfg.Topics.Flags, pipeline.RetractionMessage(retraction, "test"))
	s.holds(4)
	p, o := s.place(sampleFlag(3, nil))
	l = listen(t, server.URL+"/flux/evenements?apres=old-1", got.id)
	l.next("maj", "retirée")
	l.next("alerte", fmt.Sprintf("alerte-%d-%d", p, o))
	last := l.next("alerte", "Rétractation")
	if _, now := s.feed.latest(0, Filter{}); last.id != now {
		t.Errorf("the last event's id is %s, the feed is at %s", last.id, now)
	}
	for name, mark := range map[string]string{"another start": "other-1", "the future": s.feed.epoch + "-99", "nonsense": "<x>", "none": ""} {
		l := listen(t, server.URL+"/flux/evenements", mark)
		if e := l.next("liste", "alerte-"); strings.Count(e.data, "<li") != 4 {
			t.Errorf("%s: the list is %s", name, e.data)
		}
		l.close()
	}
}

// Comments come while nothing else does; the stream ends with the feed.
func TestFluxBeatsAndEnds(t *testing.T) {
	s := started(t)
	server := s.serve(t, func(c *Console) { c.streams.beat = 5 * time.Millisecond })
	l := listen(t, server.URL+"/flux/evenements", "")
	for range 3 {
		select {
		case <-l.beats:
		case <-time.After(feedPatience):
			t.Fatal("no comment comes")
		}
	}
	s.stop()
	l.ends()
}

// A stream does not outlive the permission of its page for long.
func TestFluxStreamsEnd(t *testing.T) {
	s := started(t)
	server := s.serve(t, func(c *Console) { c.streams.life = 10 * time.Millisecond })
	listen(t, server.URL+"/flux/evenements", "").ends()
}

// So many pages are told and no more; one that goes makes room.
func TestFluxTooManyStreams(t *testing.T) {
	s := started(t)
	var console *Console
	server := s.serve(t, func(c *Console) { c.streams.open, console = make(chan struct{}, 2), c })
	one, two := listen(t, server.URL+"/flux/evenements", ""), listen(t, server.URL+"/flux/evenements", "")
	one.next("chiffres", "")
	two.next("chiffres", "")
	if l := listen(t, server.URL+"/flux/evenements", ""); l.status != http.StatusServiceUnavailable {
		t.Errorf("a third page gets %d", l.status)
	}
	one.close()
	until(t, "there is room", func() bool { return len(console.streams.open) == 1 })
	if l := listen(t, server.URL+"/flux/evenements", ""); l.status != http.StatusOK {
		t.Errorf("after one has gone another gets %d", l.status)
	}
}

// A reader that takes nothing is dropped, and holds up nobody.
func TestFluxSlowReader(t *testing.T) {
	s := newStage(t, newFake(t).ListenAddrs(), nil)
	s.create()
	c := testConsole(t, func(o *Options) { o.Feed = s.feed })
	c.streams.gather, c.streams.patience = time.Millisecond, 100*time.Millisecond
	server := httptest.NewUnstartedServer(c.Handler())
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		_ = conn.(*net.TCPConn).SetWriteBuffer(4 << 10)
		return ctx
	}
	server.Start()
	t.Cleanup(server.Close)
	s.run()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	if _, err := fmt.Fprintf(conn, "GET /flux/evenements HTTP/1.1\r\nHost: %s\r\n\r\n", server.Listener.Addr()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is being told", func() bool { return len(c.streams.open) == 1 })
	quick := listen(t, server.URL+"/flux/evenements", "")
	go func() { // or its channel would be full
		for range quick.events {
		}
	}()
	until(t, "the slow one is dropped", func() bool {
		s.feed.mu.Lock()
		for n := range 100 {
			s.feed.ring.add(&Entry{ID: fmt.Sprint(s.feed.ring.seq, n), Route: flag.RouteCare, Severity: 1, Written: time.Now()})
		}
		s.feed.broadcast()
		s.feed.mu.Unlock()
		return len(c.streams.open) == 1
	})
}
