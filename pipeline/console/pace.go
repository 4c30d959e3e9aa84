package console

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often one address may ask: typing asks about eight times a second.
const (
	perSecond = 20
	atOnce    = 80
	// mostClients bounds the memory that addresses take; beyond it they share one
	// allowance.
	mostClients = 4096
	// forgotten is after how long an address that asks no more is forgotten: by then
	// all its allowances are whole again.
	forgotten = 2 * time.Minute
	// An address may give ten wrong tokens at once, then one in six seconds: nobody
	// mistypes more often.
	wrongAtOnce = 10
	wrongEvery  = 6 * time.Second
)

// pace bounds how often each address does something.
type pace struct {
	now     func() time.Time
	limit   rate.Limit
	burst   int
	mu      sync.Mutex
	clients map[string]*client
	rest    *rate.Limiter
	swept   time.Time
}

type client struct {
	limit *rate.Limiter
	last  time.Time
}

func newPace(now func() time.Time, limit rate.Limit, burst int) *pace {
	return &pace{now: now, limit: limit, burst: burst, clients: make(map[string]*client), rest: rate.NewLimiter(limit, burst), swept: now()}
}

// allow reports whether an address may do it now, and counts that it does.
func (p *pace) allow(from string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	return p.of(from, now).AllowN(now, 1)
}

// left reports whether an address may do it still, and counts nothing.
func (p *pace) left(from string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	return p.of(from, now).TokensAt(now) >= 1
}

// of is the allowance of an address.
func (p *pace) of(from string, now time.Time) *rate.Limiter {
	if now.Sub(p.swept) > forgotten {
		for name, c := range p.clients {
			if now.Sub(c.last) > forgotten {
				delete(p.clients, name)
			}
		}
		p.swept = now
	}
	c := p.clients[from]
	if c == nil {
		if len(p.clients) >= mostClients {
			return p.rest
		}
		c = &client{limit: rate.NewLimiter(p.limit, p.burst)}
		p.clients[from] = c
	}
	c.last = now
	return c.limit
}
