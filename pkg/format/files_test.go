package format

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"github.com/vigie-project/vigie/pkg/event"
)

// hash is the identity of a value that has none of its own; it and the number
// of repairs depend on how a file is encoded.
var hash = regexp.MustCompile(`sha256:[0-9a-f]{64}|, repaired [0-9]+`)

// readFile tells what is read of a file, an error for each value that is bad.
func readFile(t *testing.T, r *Reader, file []byte) string {
	t.Helper()
	list, err := r.Values(file)
	if err != nil {
		return err.Error() + "\n"
	}
	return readValues(r, list)
}

// readValues tells what is read of values.
func readValues(r *Reader, list []Value) string {
	var b strings.Builder
	for _, v := range list {
		d, err := Decode(event.Record{Value: v.Data}, r)
		if err != nil {
			b.WriteString(err.Error() + "\n")
			continue
		}
		b.WriteString(told(d))
	}
	return hash.ReplaceAllString(b.String(), "")
}

// TestFilesAsSaved: a file says the same however an editor or a spreadsheet
// saved it, with the ends of lines and the encoding of its machine.
func TestFilesAsSaved(t *testing.T) {
	encoded := func(order unicode.Endianness) func([]byte) []byte {
		return func(file []byte) []byte {
			file, _ = event.Repair(file)
			out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes(file)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	ends := func(with string) func([]byte) []byte {
		return func(file []byte) []byte {
			return bytes.ReplaceAll(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte(with))
		}
	}
	saved := map[string]func([]byte) []byte{
		"a byte order mark": func(file []byte) []byte { return slices.Concat([]byte("\ufeff"), file) },
		"CRLF":              ends("\r\n"),
		"LF":                ends("\n"),
		"CR":                ends("\r"),
		"UTF-16LE":          encoded(unicode.LittleEndian),
		"UTF-16BE":          encoded(unicode.BigEndian),
		"windows-1252": func(file []byte) []byte {
			file, _ = event.Repair(file)
			out := make([]byte, 0, len(file))
			for _, c := range string(file) {
				if c > 255 {
					return file // it has no such letter
				}
				out = append(out, byte(c))
			}
			return out
		},
	}
	for _, s := range samplesOf {
		file, err := os.ReadFile(filepath.Join("testdata", s.file))
		if err != nil {
			t.Fatal(err)
		}
		r := reader(t, s.options)
		want := readFile(t, r, file)
		for name, as := range saved {
			mail, byLine := r.format.raw, strings.HasSuffix(s.file, ".jsonl")
			if name == "CR" && (mail || byLine) || mail && (strings.HasPrefix(name, "UTF-16") || name == "windows-1252") {
				continue // a mail says its own encoding; its lines end in LF, as those of JSON do
			}
			if got := readFile(t, r, as(file)); got != want {
				t.Errorf("%s with %s\n%s\nwant\n%s", s.file, name, got, want)
			}
			if r.format.split != nil {
				continue
			}
			// On a topic it is the value as it is.
			if got := readValues(r, []Value{{Data: as(file)}}); got != want {
				t.Errorf("a value %s with %s\n%s\nwant\n%s", s.file, name, got, want)
			}
		}
	}
}

// TestBadFiles: a file that is wrong is told, and once where it is one value.
func TestBadFiles(t *testing.T) {
	for _, test := range []struct{ options, file, want string }{
		{`"genesys"`, "", "format: genesys: the file is empty"},
		{`"qualtrics"`, " \r\n", "format: qualtrics: the file is empty"},
		{`"webvtt"`, "\n", "format: webvtt: the file is empty"},
		{`"genesys"`, "{\n  \"transcripts\": [\n    {\"phrases\": []}\n", "json: genesys: not JSON: broken at byte 41"},
		{`"genesys"`, "WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour.\n", "json: genesys: not JSON: broken at byte 1"},
		{`"whisper"`, "{\"text\": \"Bon\n{\"text\": \"Bonjour.\"}\n", "json: whisper: not JSON: broken at byte 14"},
		{`"qualtrics"`, "a,b\n", "format: qualtrics: the header (3 rows) and one row below it are expected, it has 1 row"},
		{`{"format":"csv",` + columnsOfASurvey + `}`, "id,a\n", "format: csv: the header (1 row) and one row below it are expected, it has 1 row"},
		{`{"format":"csv",` + columnsOfASurvey + `}`, "id,b\n1,c\n2,d\n", "format: csv: none of the columns that hold text is there: [\"a\"]"},
	} {
		got := readFile(t, reader(t, test.options), []byte(test.file))
		if first, _, _ := strings.Cut(got, "\n"); first != test.want {
			t.Errorf("%s %q:\n%swant\n%s", test.options, test.file, got, test.want)
		}
		if n := strings.Count(got, "not JSON"); n > 1 {
			t.Errorf("%s %q is told %d times:\n%s", test.options, test.file, n, got)
		}
	}
}
