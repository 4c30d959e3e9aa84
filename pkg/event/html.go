package event

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	tokens "golang.org/x/net/html"
)

// splitHTML takes the text out of a mail's markup and appends the parts that it
// splits into, each with the way back to the code points of the markup.
func splitHTML(parts []Part, markup string) []Part {
	x := extraction{}
	x.b.Grow(len(markup) / 2)
	z := tokens.NewTokenizer(strings.NewReader(markup))
	read := 0
	for {
		kind := z.Next()
		if kind == tokens.ErrorToken {
			break
		}
		raw := markup[read : read+len(z.Raw())]
		read += len(raw)
		points := points(raw)
		switch kind {
		case tokens.TextToken:
			x.text(raw)
		case tokens.StartTagToken, tokens.SelfClosingTagToken:
			name, attributes := z.TagName()
			x.start(string(name), attributesOf(z, attributes), kind == tokens.SelfClosingTagToken, points)
		case tokens.EndTagToken:
			name, _ := z.TagName()
			x.end(string(name), points)
		}
		x.point += points - x.taken
		x.taken = 0
	}
	// A tag that is never closed may have swallowed the person's words.
	x.text(markup[read:])
	p := Part{Name: "html", Text: x.b.String(), Shifts: x.shifts}
	if len(p.Shifts) == 0 {
		return parts
	}
	m := mails.Get().(*mail)
	defer m.done()
	return m.split(parts, &p, x.marks)
}

// attributes are those that say what an element is.
type attributes struct{ id, class, style string }

func attributesOf(z *tokens.Tokenizer, more bool) attributes {
	var a attributes
	hidden := false
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		v := strings.ToLower(string(value))
		switch string(key) {
		case "id":
			a.id = strings.TrimPrefix(v, "x_")
		case "class":
			a.class = v
		case "style":
			a.style = strings.ReplaceAll(v, " ", "")
		case "hidden":
			hidden = true
		}
	}
	if hidden {
		a.style += ";display:none"
	}
	return a
}

func (a attributes) has(class string) bool {
	return a.class != "" && slices.ContainsFunc(strings.Fields(a.class), func(c string) bool { return strings.TrimPrefix(c, "x_") == class })
}

// extraction is text being taken out of markup.
type extraction struct {
	b      strings.Builder
	shifts []Shift
	marks  []mark
	point  int // in the markup
	taken  int // code points of the current token that are counted already
	after  int // the point behind the last text
	open   []element
	tail   bool
}

// text appends a run of text with its entities decoded. Line breaks in markup
// are blanks.
func (x *extraction) text(raw string) {
	before := x.point
	for raw != "" {
		n := strings.IndexAny(raw, "&\n\r\t")
		if n < 0 {
			n = len(raw)
		}
		x.run(raw[:n])
		if raw = raw[n:]; raw == "" {
			break
		}
		s, n := raw[:1], 1
		if raw[0] == '&' {
			if r, size := reference(raw); size > 0 {
				s, n = string(r), size
			}
		} else if !x.inside(preformatted) {
			s = " "
		}
		x.put(s, utf8.RuneCountInString(raw[:n]))
		raw = raw[n:]
	}
	x.taken = x.point - before
}

// run appends characters of which each takes one code point of the markup.
func (x *extraction) run(s string) {
	if x.inside(dropped) {
		x.point += points(s)
		return
	}
	for s != "" {
		x.shift(1)
		n := min(len(s), stride-(x.b.Len()-x.shifts[len(x.shifts)-1].Byte))
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n++
		}
		x.b.WriteString(s[:n])
		x.point += points(s[:n])
		x.after = x.point
		s = s[n:]
	}
}

// put appends one character that takes width code points of the markup.
func (x *extraction) put(s string, width int) {
	if !x.inside(dropped) {
		x.shift(width)
		x.b.WriteString(s)
		x.after = x.point + width
	}
	x.point += width
}

// shift notes where in the markup the next character stands, if that is not
// just behind the last one.
func (x *extraction) shift(width int) {
	n := len(x.shifts)
	if n == 0 || x.point != x.after || width != 1 || x.b.Len()-x.shifts[n-1].Byte >= stride {
		x.shifts = append(x.shifts, Shift{Byte: x.b.Len(), Point: x.point, Width: width})
	}
}

// line breaks the line at a tag that is points code points long, but for lines
// that are empty already.
func (x *extraction) line(points, blank int) {
	text := x.b.String()
	n := len(text) - len(strings.TrimRight(text, "\n"))
	if len(text) == 0 || n > blank || x.inside(dropped) {
		return
	}
	before := x.point
	x.put("\n", points)
	x.taken = x.point - before
}

// maxReference is the length of the longest character reference looked for.
const maxReference = 34

// reference decodes the character reference at the beginning of s as browsers
// do, also one of the old names that has no semicolon; n is 0 if there is none.
func reference(s string) (r rune, n int) {
	end := 1
	for end < len(s) && end < maxReference && (s[end] == '#' && end == 1 || alphanumeric(s[end])) {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	for ; end > 2; end-- {
		text := html.UnescapeString(s[:end])
		if text == s[:end] {
			return 0, 0
		}
		if r, size := utf8.DecodeRuneInString(text); size == len(text) || s[end-1] == ';' && !strings.HasSuffix(text, ";") {
			return r, end
		}
	}
	return 0, 0
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
