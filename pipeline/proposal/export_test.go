package proposal

// Hold takes the turn until release is called, as a measurement does.
func (m *Measurer) Hold() (release func()) {
	m.turn <- struct{}{}
	return func() { <-m.turn }
}

// Waiting is how many wait for their turn, or have it.
func (m *Measurer) Waiting() int { return len(m.waiting) }
