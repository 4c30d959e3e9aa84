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
	// forgotten is after how long an address that asks no more is forgotten.
	forgotten = time.Minute
)

// pace bounds how often each address asks.
type pace struct {
	now     func() time.Time
	mu      sync.Mutex
	clients map[string]*client
	rest    *rate.Limiter
	swept   time.Time
}

type client struct {
	limit *rate.Limiter
	last  time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, clients: make(map[string]*client), rest: rate.NewLimiter(perSecond, atOnce), swept: now()}
}

// allow reports whether an address may ask now.
func (p *pace) allow(from string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
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
			return p.rest.AllowN(now, 1)
		}
		c = &client{limit: rate.NewLimiter(perSecond, atOnce)}
		p.clients[from] = c
	}
	c.last = now
	return c.limit.AllowN(now, 1)
}
