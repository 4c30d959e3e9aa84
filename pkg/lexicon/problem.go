package lexicon

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Severity says whether a problem keeps the lexicon from being used.
type Severity uint8

// The severities.
const (
	Remark Severity = iota
	Warning
	Error
)

// String returns the French name of the severity.
func (s Severity) String() string {
	switch s {
	case Error:
		return "erreur"
	case Warning:
		return "avertissement"
	}
	return "remarque"
}

// Problem is something wrong in a source file, said in French to the lexicon's owners.
type Problem struct {
	Place
	Severity Severity
	// Message says what is wrong and what to do.
	Message string
}

// Error returns "file:line:column: message".
func (p *Problem) Error() string {
	if p.File == "" {
		return p.Message
	}
	return p.String() + ": " + p.Message
}

// problems gathers all that is wrong, so that it is told at once.
type problems []*Problem

func (ps *problems) add(at Place, format string, args ...any) {
	*ps = append(*ps, &Problem{Place: at, Severity: Error, Message: fmt.Sprintf(format, args...)})
}

func (ps *problems) warn(at Place, format string, args ...any) {
	*ps = append(*ps, &Problem{Place: at, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}

func (ps *problems) remark(at Place, format string, args ...any) {
	*ps = append(*ps, &Problem{Place: at, Severity: Remark, Message: fmt.Sprintf(format, args...)})
}

// sort orders problems by their places.
func (ps problems) sort() {
	slices.SortStableFunc(ps, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// err returns the problems joined, nil if there are none.
func (ps problems) err() error {
	ps.sort()
	all := make([]error, len(ps))
	for i, p := range ps {
		all[i] = p
	}
	return errors.Join(all...)
}
