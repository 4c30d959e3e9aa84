package format

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// genericCSV is a table with a header: https://www.rfc-editor.org/rfc/rfc4180,
// with commas, semicolons or tabs.
var genericCSV = Format{
	Name:    "csv",
	Reads:   "a header and one row of a CSV table; of a file all rows; columns says what they hold",
	Speaker: "the person who answers or writes",
	Time:    "the column time; without one none",
	ID:      "the column id; else the place in Kafka, of a file's row the SHA-256 of header and row",
	Spec:    "https://www.rfc-editor.org/rfc/rfc4180",
	kinds:   mappable,
	takes:   []string{optionKind, optionColumns, optionZone},
	unfit:   unmapped,
	read: func(r *Reader, value []byte) (*content, *event.PermanentError) {
		rows, err := oneRow(value, 1)
		if err != nil {
			return nil, err
		}
		return r.mapped(column(rows[0], rows[1]))
	},
	split: func(file []byte) ([]Value, *event.PermanentError) { return rowsOf(file, 1) },
}

// column returns what finds a cell by the name of its column.
func column(header, row []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		i := slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == name })
		if name == "" || i < 0 || i >= len(row) {
			return "", i >= 0 && name != ""
		}
		return row[i], true
	}
}

// oneRow reads a value that is so many header rows and one row below them.
func oneRow(value []byte, headers int) ([][]string, *event.PermanentError) {
	rows, err := table(value, func([]string, int64, int64) {})
	switch {
	case err != nil:
		return nil, err
	case len(rows) <= headers:
		return nil, bad(fmt.Sprintf("the header (%s) and one row below it are expected, it has %s", rowsTold(headers), rowsTold(len(rows))))
	case len(rows) > headers+1:
		return nil, bad(fmt.Sprintf("%d rows below the header: send one row a value, each below its header", len(rows)-headers))
	}
	return rows, nil
}

// rowsTold is a number of rows.
func rowsTold(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// rowsOf cuts a file into its rows, each below the header; without any it is
// one value, which says what is missing.
func rowsOf(file []byte, headers int) ([]Value, *event.PermanentError) {
	file, _ = event.Repair(file)
	var values []Value
	var header []byte
	n := 0
	_, err := table(file, func(_ []string, from, to int64) {
		if n++; n <= headers {
			header = file[:to]
			return
		}
		data := slices.Concat(header, file[from:to])
		values = append(values, Value{Place: n, Data: data})
	})
	if err == nil && len(values) == 0 {
		values = []Value{{Data: file}}
	}
	return values, err
}

// table reads the rows of a CSV text and tells each with its bytes, the end
// of its line included.
func table(text []byte, each func(row []string, from, to int64)) ([][]string, *event.PermanentError) {
	if !bytes.Contains(text, []byte("\n")) { // as old spreadsheets end lines
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma = separator(text)
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	var rows [][]string
	from := int64(0)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, bad(fmt.Sprintf("broken at line %d", broken.Line))
		}
		if err != nil {
			return nil, bad("broken")
		}
		rows = append(rows, row)
		each(row, from, c.InputOffset())
		from = c.InputOffset()
	}
}

// separator is the one that the first line has most of, outside quotation marks.
func separator(text []byte) rune {
	counts := make(map[rune]int)
	quoted := false
	for _, c := range string(text) {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n' && len(counts) > 0:
			return most(counts)
		case c == ',' || c == ';' || c == '\t':
			counts[c]++
		}
	}
	return most(counts)
}

func most(counts map[rune]int) rune {
	best := ','
	for _, c := range []rune{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}
