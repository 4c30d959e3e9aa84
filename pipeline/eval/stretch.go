package eval

// stretch is a place in a part, in code points, end exclusive.
type stretch struct {
	part       string
	start, end int
}

// stretches returns where the words labelled with a category stand, those of
// every category for "".
func (d *Document) stretches(category string) []stretch {
	var all []stretch
	for _, quote := range d.quotes(category) {
		q := []rune(quote)
		for _, p := range d.parts {
			for from := 0; ; from++ {
				i := index(p.text[from:], q)
				if i < 0 {
					break
				}
				from += i
				all = append(all, stretch{p.name, from, from + len(q)})
			}
		}
	}
	return all
}
