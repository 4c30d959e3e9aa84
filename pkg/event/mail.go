package event

import (
	"slices"
	"sync"
)

// maxDepth is how deep quotations are told apart.
const maxDepth = 8

// announcedReach is how many lines before a quotation its announcement is
// looked for, a signature of two lines between.
const announcedReach = 4

// splitText appends the parts that a carried text splits into.
func splitText(parts []Part, text string) []Part {
	m := mails.Get().(*mail)
	defer m.done()
	m.shifts = appendStraight(m.shifts[:0], text, 0, 0)
	return m.split(parts, &Part{Name: "text", Text: text, Shifts: m.shifts}, nil)
}

// mail is a mail being split. Its memory is reused.
type mail struct {
	lines []line
	// headings holds what begins at each line.
	headings []heading
	voices   []Voice
	// plain holds the lines' plain words, joined some that are broken over lines.
	plain, joined []byte
	shifts        []Shift
	// owner is whose words stand at each depth of quotation.
	owner [maxDepth + 1]Voice
	// names are words of the sender's name, as the signature has them; nil until
	// they are asked for.
	names map[string]bool
	mode  mode
	// paragraph says that a blank line stood before.
	paragraph bool
	// tail says that the mail that is answered has begun without marks.
	tail bool
	// speaker is whose turn of a copied chat goes on.
	speaker Voice
}

var mails = sync.Pool{New: func() any { return new(mail) }}

// done gives the mail back, without what it holds of a text.
func (m *mail) done() {
	clear(m.lines)
	clear(m.headings)
	*m = mail{
		lines: m.lines[:0], headings: m.headings[:0], voices: m.voices[:0],
		plain: m.plain[:0], joined: m.joined[:0], shifts: m.shifts[:0],
	}
	mails.Put(m)
}

// split cuts the text of a mail, letter or complaint into runs of one voice:
// the person's own words, quoted mail, and what is neither. A quoted mail that
// the person wrote is the person's.
func (m *mail) split(parts []Part, p *Part, marks []mark) []Part {
	m.read(p.Text, marks)
	for d := 1; d <= maxDepth; d++ {
		m.owner[d] = Quoted
	}
	for i := range m.lines {
		m.headings = append(m.headings, m.heading(i))
	}
	m.voices = append(m.voices, make([]Voice, len(m.lines))...)
	for i := 0; i < len(m.lines); {
		i += m.take(i, m.voices)
	}
	return m.assemble(parts, p)
}

// mode is what the person's own lines are part of.
type mode uint8

const (
	body       mode = iota
	signing         // below the closing formula
	signed          // below "-- "
	disclaimer      // below its first line
	chat            // a copied chat
)

// take sets the voices of the line at i and of those that belong to it, and
// returns their number.
func (m *mail) take(i int, voices []Voice) int {
	l := &m.lines[i]
	depth := min(l.depth, maxDepth)
	if l.mark.tail && !m.tail {
		m.tail = true
		m.owner[0] = Quoted
	}
	if l.blank() {
		voices[i] = Aside // takes the voice before it, see assemble
		m.paragraph = true
		if m.mode == chat {
			m.speaker = Customer
		}
		return 1
	}
	if h := m.header(i); h.lines > 0 {
		for k := i; k < i+h.lines; k++ {
			voices[k] = Aside
		}
		m.introduce(i, depth, h)
		m.mode = body
		return h.lines
	}
	switch {
	case l.mark.aside:
		voices[i] = Aside
		if m.personal(l) {
			voices[i] = m.owner[depth]
		}
	case depth > 0:
		if i == 0 || min(m.lines[i-1].depth, maxDepth) < depth {
			if m.announced(i) && !m.company(i, depth) {
				m.owner[depth] = Customer
			}
		}
		voices[i] = m.owner[depth]
	case m.owner[0] != Customer:
		voices[i] = m.owner[0]
	default:
		voices[i] = m.own(i)
	}
	m.paragraph = false
	return 1
}

// introduce sets whose words follow a header: the deeper lines if the next one
// is deeper, else all lines from here on.
func (m *mail) introduce(i, depth int, h heading) {
	next := m.nextWords(i + h.lines)
	if next < len(m.lines) && min(m.lines[next].depth, maxDepth) > depth {
		depth = min(m.lines[next].depth, maxDepth)
	}
	for d := max(depth, 1); d <= maxDepth; d++ {
		m.owner[d] = Quoted
	}
	m.owner[depth] = Quoted
	own := !holds(h.author, office) && (m.named(h.author) || m.announced(i))
	if own && !m.company(next, depth) {
		m.owner[depth] = Customer
	}
}

// announced reports whether the last lines of the person's own before line i
// say that what follows is theirs too.
func (m *mail) announced(i int) bool {
	seen := 0
	for k := i - 1; k >= 0 && seen < announcedReach && m.lines[k].depth == 0; k-- {
		if m.lines[k].blank() {
			continue
		}
		if ownMail.match(m.lines[k].words) {
			return true
		}
		seen++
	}
	return false
}

// company reports whether the quoted lines from i on are the company's by
// their wording.
func (m *mail) company(i, depth int) bool {
	for ; i < len(m.lines) && (m.lines[i].blank() || min(m.lines[i].depth, maxDepth) >= depth); i++ {
		if m.header(i).lines > 0 {
			return false
		}
		if companyWords.match(m.lines[i].words) {
			return true
		}
	}
	return false
}

// assemble appends a part for each run of lines of one voice. Blank lines go
// with the lines before them; parts without a word are left out.
func (m *mail) assemble(parts []Part, p *Part) []Part {
	count := 0
	for i := m.nextWords(0); i < len(m.lines); i = m.run(i) {
		count++
	}
	if count == 0 {
		return parts
	}
	parts = slices.Grow(parts, count)
	shifts := make([]Shift, 0, len(p.Shifts)+count)
	for i := m.nextWords(0); i < len(m.lines); {
		j := m.run(i)
		from, to, at := m.lines[i].start, m.lines[j-1].end, len(shifts)
		shifts = appendCut(shifts, p, from, to)
		parts = append(parts, Part{
			Name: p.Name, Turn: p.Turn, Voice: m.voices[i], Text: p.Text[from:to], Shifts: shifts[at:len(shifts):len(shifts)],
		})
		i = j
	}
	return parts
}

// run returns where the run of lines that begins at i ends.
func (m *mail) run(i int) int {
	j := i + 1
	for j < len(m.lines) && (m.lines[j].blank() || m.voices[j] == m.voices[i]) {
		j++
	}
	return j
}
