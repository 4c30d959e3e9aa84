package console

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve serves a console with the stage's feed.
func (s *stage) serve(t *testing.T, with func(*Console)) *httptest.Server {
	t.Helper()
	c := testConsole(t, func(o *Options) { o.Feed = s.feed })
	c.streams.gather, c.streams.figures = time.Millisecond, 20*time.Millisecond
	if with != nil {
		with(c)
	}
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	return server
}

// fetchPage returns the status and the body of a page.
func fetchPage(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// sent is one event of a stream.
type sent struct{ name, id, data string }

// listener is an open page without a browser.
type listener struct {
	t      *testing.T
	events chan sent
	// beats are the comments.
	beats  chan struct{}
	close  func()
	status int
}

// listen opens a stream; after is the Last-Event-ID, "" for none.
func listen(t *testing.T, address, after string) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := http.DefaultClient.Do(req) //nolint:bodyclose // it is, when the test ends
	if err != nil {
		t.Fatal(err)
	}
	body := resp.Body
	t.Cleanup(func() { body.Close() })
	l := &listener{t: t, events: make(chan sent, 1000), beats: make(chan struct{}, 1000), close: cancel, status: resp.StatusCode}
	t.Cleanup(cancel)
	go func() {
		defer close(l.events)
		in := bufio.NewScanner(body)
		in.Buffer(nil, 4<<20)
		var e sent
		for in.Scan() {
			switch field, value, _ := strings.Cut(in.Text(), ": "); field {
			case "event":
				e.name = value
			case "id":
				e.id = value
			case "data":
				e.data += value + "\n"
			case "retry":
			case "":
				if in.Text() != "" {
					select {
					case l.beats <- struct{}{}:
					default:
					}
				} else if e.name != "" {
					l.events <- e
					e = sent{}
				}
			}
		}
	}()
	return l
}

// next waits for the next event of a name that holds a text; other events are
// passed over, but no other "alerte" is.
func (l *listener) next(name, text string) sent {
	l.t.Helper()
	deadline := time.After(feedPatience)
	for {
		select {
		case e, open := <-l.events:
			switch {
			case !open:
				l.t.Fatalf("the stream ended before %s with %q", name, text)
			case e.name == name && strings.Contains(e.data, text):
				return e
			case e.name == "alerte" && name == "alerte":
				l.t.Fatalf("another flag comes before the one with %q: %s", text, e.data)
			}
		case <-deadline:
			l.t.Fatalf("after %v no %s with %q", feedPatience, name, text)
		}
	}
}

// ends waits for the end of the stream.
func (l *listener) ends() {
	l.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case _, open := <-l.events:
			if !open {
				return
			}
		case <-deadline:
			l.t.Fatal("the stream does not end")
		}
	}
}
