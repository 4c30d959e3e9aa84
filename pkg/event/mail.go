package event

// maxDepth is how deep quotations are told apart.
const maxDepth = 8

// announcedReach is how many lines before a quotation its announcement is
// looked for, a signature of two lines between.
const announcedReach = 4

// splitText splits a carried text into parts.
func splitText(text string) []Part {
	return split(&Part{Name: "text", Text: text, Shifts: straight(text)}, nil)
}

// split cuts the text of a mail, letter or complaint into runs of one voice:
// the person's own words, quoted mail, and what is neither. A quoted mail that
// the person wrote is the person's.
func split(p *Part, marks []mark) []Part {
	m := mail{lines: linesOf(p.Text, marks)}
	for d := 1; d <= maxDepth; d++ {
		m.owner[d] = Quoted
	}
	m.headings = make([]heading, len(m.lines))
	for i := range m.lines {
		m.headings[i] = m.heading(i)
	}
	voices := make([]Voice, len(m.lines))
	for i := 0; i < len(m.lines); {
		i += m.take(i, voices)
	}
	return assemble(p, m.lines, voices)
}

// mail is a mail being split.
type mail struct {
	lines []line
	// headings holds what begins at each line.
	headings []heading
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
	own := !office.MatchString(h.author) && (m.named(h.author) || m.announced(i))
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
		if ownMail.MatchString(m.lines[k].words) {
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
		if companyWords.MatchString(m.lines[i].words) {
			return true
		}
	}
	return false
}

// assemble makes a part of each run of lines of one voice. Blank lines go with
// the lines before them; parts without a word are left out.
func assemble(p *Part, lines []line, voices []Voice) []Part {
	var parts []Part
	for i := 0; i < len(lines); {
		if lines[i].blank() {
			i++
			continue
		}
		j := i + 1
		for j < len(lines) && (lines[j].blank() || voices[j] == voices[i]) {
			j++
		}
		from, to := lines[i].start, lines[j-1].end
		parts = append(parts, Part{
			Name: p.Name, Turn: p.Turn, Voice: voices[i], Text: p.Text[from:to], Shifts: cut(p, from, to),
		})
		i = j
	}
	return parts
}
