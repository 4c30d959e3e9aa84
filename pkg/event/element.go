package event

import "strings"

// role is what an element means for the text in it.
type role uint8

const (
	dropped      role = iota + 1 // not shown
	preformatted                 // line breaks count
	quotation                    // a quoted mail
	wrapper                      // a quoted mail with its header: what follows the quotation in it is the reply
	apart                        // a signature
)

// element is an open element with a role.
type element struct {
	name string
	role role
	// same counts the open elements of the same name in it, so that its own end is known.
	same int
}

func (x *extraction) inside(r role) bool {
	for _, e := range x.open {
		if e.role == r {
			return true
		}
	}
	return false
}

// maxOpen bounds the elements with a role that are open at once.
const maxOpen = 64

// start handles a start tag, points code points long.
func (x *extraction) start(name string, a attributes, closed bool, points int) {
	x.block(name, true)
	if blank, ok := blocks[name]; ok {
		x.line(points, blank-1)
	} else if name == "td" || name == "th" {
		x.blank(points)
	}
	if name == "body" {
		x.leave("head")
	}
	if begins(a, name) && !x.tail {
		x.tail = true
		x.note()
	}
	if void[name] || closed {
		return
	}
	if n := len(x.open); n > 0 && x.open[n-1].name == name {
		x.open[n-1].same++
	}
	if r := roleOf(name, a); r > 0 && len(x.open) < maxOpen {
		x.open = append(x.open, element{name: name, role: r})
		x.note()
	}
}

// block closes what a block element closes unsaid, as browsers do: text inside
// its line, and a paragraph at the beginning of the next block.
func (x *extraction) block(name string, begins bool) {
	n := len(x.open)
	if n == 0 || blocks[name] == 0 || name == "br" {
		return
	}
	if top := x.open[n-1].name; inline[top] || begins && top == "p" {
		x.close(n - 1)
	}
}

// end handles an end tag.
func (x *extraction) end(name string, points int) {
	x.block(name, false)
	if n := len(x.open); n > 0 && x.open[n-1].name == name {
		if x.open[n-1].same > 0 {
			x.open[n-1].same--
		} else {
			x.close(n - 1)
		}
	}
	if blank, ok := blocks[name]; ok {
		x.line(points, blank-1)
	}
}

// leave closes an element of a name, and those in it.
func (x *extraction) leave(name string) {
	for i := range x.open {
		if x.open[i].name == name {
			x.close(i)
			return
		}
	}
}

// close closes the open elements from i on.
func (x *extraction) close(i int) {
	quoted := x.open[i].role == quotation
	x.open = x.open[:i]
	if quoted && i > 0 && x.open[i-1].role == wrapper {
		x.open[i-1].role = 0
	}
	x.note()
}

// note marks what the text from here on stands in.
func (x *extraction) note() {
	m := mark{at: x.b.Len(), tail: x.tail}
	for _, e := range x.open {
		switch e.role {
		case quotation, wrapper:
			m.depth++
		case apart:
			m.aside = true
		}
	}
	if n := len(x.open); n > 1 && x.open[n-1].role == quotation && x.open[n-2].role == wrapper {
		m.depth-- // a wrapper and its quotation are one
	}
	x.marks = append(x.marks, m)
}

// blank separates the cells of a table.
func (x *extraction) blank(points int) {
	if x.b.Len() == 0 || x.inside(dropped) {
		return
	}
	before := x.point
	x.put(" ", points)
	x.taken = x.point - before
}

// blocks are the elements that break the line, and how many breaks they make:
// a paragraph leaves a line free.
var blocks = map[string]int{
	"br": 3, "p": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "hr": 2, "blockquote": 2, "table": 2, "pre": 2,
	"div": 1, "li": 1, "tr": 1, "ul": 1, "ol": 1, "dl": 1, "dt": 1, "dd": 1, "section": 1, "article": 1, "header": 1,
	"footer": 1, "center": 1, "form": 1, "fieldset": 1, "address": 1, "main": 1, "nav": 1, "aside": 1, "body": 1,
}

var inline = map[string]bool{
	"span": true, "font": true, "a": true, "b": true, "i": true, "u": true, "em": true, "strong": true, "small": true, "label": true,
}

var void = map[string]bool{
	"br": true, "hr": true, "img": true, "input": true, "meta": true, "link": true, "col": true, "wbr": true, "area": true,
	"base": true, "embed": true, "source": true, "track": true, "param": true,
}

// begins reports whether an element is the mark that mail programs put above
// the mail that is answered.
func begins(a attributes, name string) bool {
	switch a.id {
	case "divrplyfwdmsg", "appendonsend", "olk_src_body_section", "mail-editor-reference-message-container":
		return true
	}
	return name == "div" && strings.Contains(a.style, "border-top:solid") && strings.Contains(a.style, "border:none")
}

func roleOf(name string, a attributes) role {
	switch name {
	case "script", "style", "head", "title", "noframes", "template", "svg", "select", "object", "iframe":
		return dropped
	case "pre":
		return preformatted
	case "blockquote":
		return quotation
	}
	switch {
	case strings.Contains(a.style, "display:none"), strings.Contains(a.style, "visibility:hidden"), strings.Contains(a.style, "mso-hide:all"):
		return dropped
	case strings.Contains(a.style, "white-space:pre"):
		return preformatted
	case a.has("gmail_signature"), a.has("moz-signature"), a.id == "signature", a.id == "ms-outlook-mobile-signature":
		return apart
	case a.has("gmail_quote") && name == "div":
		return wrapper
	case a.has("yahoo_quoted"), a.has("protonmail_quote"):
		return quotation
	}
	return 0
}
