package event

import "strings"

// mark says what the markup knows of the text from a byte on.
type mark struct {
	at    int
	depth int  // how many quotations it stands in
	aside bool // a signature
	tail  bool // the mail that is answered begins
}

// line is a line of a mail.
type line struct {
	start, end int
	// depth is how many quotations the line stands in.
	depth int
	// body is the line without its quotation marks, words the same in plain words.
	body  string
	words []byte
	mark  mark
}

// read cuts a text into lines.
func (m *mail) read(text string, marks []mark) {
	var now mark
	for start := 0; start < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n + 1
		}
		l := line{start: start, end: end}
		l.depth, l.body = unquote(text[start:end])
		from := len(m.plain)
		m.plain = appendPlain(m.plain, l.body)
		l.words = m.plain[from:len(m.plain):len(m.plain)]
		place := start
		if len(l.words) > 0 {
			place = end - len(l.body)
		}
		for len(marks) > 0 && marks[0].at <= place {
			tail := now.tail || marks[0].tail
			now, marks = marks[0], marks[1:]
			now.tail = tail
		}
		l.depth, l.mark = l.depth+now.depth, now
		m.lines = append(m.lines, l)
		start = end
	}
}

// unquote returns how many quotation marks begin a line, and what follows them.
func unquote(s string) (depth int, body string) {
	for {
		if len(s) > 0 && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' {
			return depth, s
		}
		s = strings.TrimLeft(s, " \t\u00a0")
		switch {
		case strings.HasPrefix(s, ">"):
			s = s[1:]
		case strings.HasPrefix(s, "| "):
			s = s[2:]
		default:
			return depth, s
		}
		depth++
	}
}

// blank reports whether a line holds no word or sign.
func (l *line) blank() bool { return len(l.words) == 0 }
