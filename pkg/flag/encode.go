package flag

import (
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the flag as a CloudEvent in structured mode to dst, on
// one line and without a line end. Keys stand in the order of the contract;
// equal flags give equal bytes.
func (f *Flag) AppendJSON(dst []byte) []byte {
	dst = f.appendEnvelope(dst, typeFlag)
	dst = f.appendData(dst)
	return append(dst, '}')
}

// appendEnvelope appends the envelope of something about the flag's event, up
// to its data.
func (f *Flag) appendEnvelope(dst []byte, kind string) []byte {
	dst = append(dst, `{"specversion":"1.0","id":`...)
	dst = appendString(dst, f.ID)
	dst = append(dst, `,"source":"vigie","type":`...)
	dst = appendString(dst, kind)
	if f.Case != "" {
		dst = append(dst, `,"subject":`...)
		dst = appendString(dst, f.Case)
	}
	if f.Time != "" {
		dst = append(dst, `,"time":`...)
		dst = appendString(dst, f.Time)
	}
	return append(dst, `,"datacontenttype":"application/json","data":`...)
}

func (f *Flag) appendData(dst []byte) []byte {
	dst = append(dst, `{"event":`...)
	dst = f.Event.append(dst)
	if f.Case != "" {
		dst = append(dst, `,"case":`...)
		dst = appendString(dst, f.Case)
	}
	dst = append(dst, `,"categories":`...)
	dst = appendList(dst, f.Categories, appendString)
	dst = append(dst, `,"severity":`...)
	dst = strconv.AppendInt(dst, int64(f.Severity), 10)
	dst = append(dst, `,"route":`...)
	dst = appendString(dst, f.Route)
	dst = append(dst, `,"referrals":`...)
	dst = appendList(dst, f.Referrals, appendString)
	dst = append(dst, `,"urgency":`...)
	dst = appendList(dst, f.Urgency, appendString)
	dst = append(dst, `,"cautions":`...)
	dst = appendList(dst, f.Cautions, appendString)
	dst = append(dst, `,"findings":`...)
	dst = appendList(dst, f.Findings, appendFinding)
	dst = append(dst, `,"findings_total":`...)
	dst = strconv.AppendInt(dst, int64(f.FindingsTotal), 10)
	dst = append(dst, `,"lexicon":`...)
	dst = f.Lexicon.append(dst)
	if f.Supersedes != "" {
		dst = append(dst, `,"supersedes":`...)
		dst = appendString(dst, f.Supersedes)
	}
	if f.Replay {
		dst = append(dst, `,"replay":true`...)
	}
	return append(dst, '}')
}

func (e *EventRef) append(dst []byte) []byte {
	dst = append(dst, `{"source":`...)
	dst = appendString(dst, e.Source)
	dst = append(dst, `,"id":`...)
	dst = appendString(dst, e.ID)
	dst = append(dst, `,"type":`...)
	dst = appendString(dst, e.Type)
	if o := e.Origin; o != nil {
		dst = append(dst, `,"topic":`...)
		dst = appendString(dst, o.Topic)
		dst = append(dst, `,"partition":`...)
		dst = strconv.AppendInt(dst, int64(o.Partition), 10)
		dst = append(dst, `,"offset":`...)
		dst = strconv.AppendInt(dst, o.Offset, 10)
	}
	return append(dst, '}')
}

func (l *Lexicon) append(dst []byte) []byte {
	dst = append(dst, `{"name":`...)
	dst = appendString(dst, l.Name)
	dst = append(dst, `,"version":`...)
	dst = appendString(dst, l.Version)
	dst = append(dst, `,"digest":`...)
	dst = appendString(dst, l.Digest)
	return append(dst, '}')
}

func appendFinding(dst []byte, f Finding) []byte {
	dst = append(dst, `{"category":`...)
	dst = appendString(dst, f.Category)
	dst = append(dst, `,"factor":`...)
	dst = appendString(dst, f.Factor)
	dst = append(dst, `,"term":`...)
	dst = appendString(dst, f.Term)
	dst = append(dst, `,"severity":`...)
	dst = strconv.AppendInt(dst, int64(f.Severity), 10)
	dst = append(dst, `,"status":`...)
	dst = appendString(dst, string(f.Status))
	dst = append(dst, `,"spans":`...)
	dst = appendList(dst, f.Spans, appendSpan)
	return append(dst, '}')
}

func appendSpan(dst []byte, s Span) []byte {
	dst = append(dst, `{"part":`...)
	dst = appendString(dst, s.Part)
	dst = append(dst, `,"start":`...)
	dst = strconv.AppendInt(dst, int64(s.Start), 10)
	dst = append(dst, `,"end":`...)
	dst = strconv.AppendInt(dst, int64(s.End), 10)
	return append(dst, '}')
}

// appendList appends a list; an empty or nil one is [], never null.
func appendList[T any](dst []byte, list []T, one func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, x := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, x)
	}
	return append(dst, ']')
}

// appendString appends s in quotes, escaped as encoding/json does without its
// HTML escaping: quotes, backslashes, control characters and the two line
// separators that JavaScript takes for line ends; a byte that is no UTF-8
// becomes \ufffd.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			if c >= ' ' && c != '"' && c != '\\' {
				continue
			}
			dst = append(dst, s[done:i-1]...)
			done = i
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\b':
				dst = append(dst, '\\', 'b')
			case '\f':
				dst = append(dst, '\\', 'f')
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(append(dst, s[done:i]...), `\ufffd`...)
			done = i + n
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[done:i]...), `\u202`...)
			dst = append(dst, hex[r&0xf])
			done = i + n
		}
		i += n
	}
	return append(append(dst, s[done:]...), '"')
}
