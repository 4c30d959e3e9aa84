package console

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/french"
)

// Bounds of what is tried.
const (
	// mostText is the longest text, in bytes.
	mostText = 1 << 20
	// mostSubject is the longest subject, in code points.
	mostSubject = 4000
	// inMemory holds any request that the guard lets in: nothing is written to disk.
	inMemory = maxBody + 1<<20
)

// input is what a reader put into the page.
type input struct {
	kind     event.Kind // "" takes it from the text
	subject  string
	text     string
	declared []string
	// time is when the text is taken to be written, an RFC 3339 time: an example's
	// own, else now.
	time string
	// example is the id of the example that the text was taken from, "" for none.
	example string
	// revision is the page's count of changes, which the answer gives back.
	revision string
	format   string
	columns  string
	number   int

	// typed is the event of a text, file the value of a file: one of them, or none.
	typed *event.Typed
	file  *file
	// fromFile: text is that of a plain file, not what stands in the page.
	fromFile bool
}

func (in *input) empty() bool { return in.typed == nil && in.file == nil }

// size is how many bytes are to be judged.
func (in *input) size() int {
	switch {
	case in.typed != nil:
		return len(in.typed.Value)
	case in.file != nil:
		return len(in.file.value)
	}
	return 0
}

// What the page's template shows of it again.

// Text is the typed text.
func (in *input) Text() string { return in.text }

// Subject is the typed subject.
func (in *input) Subject() string { return in.subject }

// Example is the id of the example that the text came from.
func (in *input) Example() string { return in.example }

// Columns are those of the file.
func (in *input) Columns() string { return in.columns }

// Number is that of the file's message.
func (in *input) Number() int { return max(in.number, 1) }

// kindNames are the kinds as links and forms name them.
var kindNames = map[string]event.Kind{
	"appel": event.Transcript, "courriel": event.Email, "courrier": event.Letter, "enquete": event.Survey, "reclamation": event.Complaint,
}

// inputOfForm reads a posted form. Its error is a *mistake.
func (c *Console) inputOfForm(r *http.Request) (*input, error) {
	if err := r.ParseMultipartForm(inMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, &mistake{status: http.StatusRequestEntityTooLarge, message: tooLarge}
		}
		return nil, &mistake{status: http.StatusBadRequest, message: "Le formulaire n’est pas arrivé en entier ; réessayez."}
	}
	in, err := c.options(r.PostForm)
	if err != nil {
		return nil, err
	}
	in.text, in.subject = lines(r.PostForm.Get("texte")), lines(r.PostForm.Get("objet"))
	if utf8.RuneCountInString(in.subject) > mostSubject {
		return nil, &mistake{status: http.StatusRequestEntityTooLarge, message: "L’objet est trop long : " + french.Count(mostSubject, "caractère") + " au plus."}
	}
	if in.revision = r.PostForm.Get("revision"); !isNumber(in.revision) {
		in.revision = ""
	}
	sent, header, err := r.FormFile("fichier")
	if err == nil && (header.Size > 0 || header.Filename != "") {
		defer sent.Close()
		data, err := io.ReadAll(sent)
		if err != nil {
			return nil, &mistake{status: http.StatusBadRequest, message: "Le fichier n’est pas arrivé en entier ; réessayez."}
		}
		return in, c.take(in, header.Filename, data)
	}
	if in.example != "" {
		original := &input{example: in.example}
		switch err := c.fill(original); {
		case err == nil && original.file != nil && in.text == "" && in.subject == "":
			in.file = original.file
			return in, nil
		case err != nil || !in.same(original):
			in.example = ""
		default:
			in.time = original.time
		}
	}
	return in, in.compose()
}

// inputOfLink reads the options of a link, which holds no text. Its error is a
// *mistake.
func (c *Console) inputOfLink(query url.Values) (*input, error) {
	in, err := c.options(query)
	if err != nil || in.example == "" {
		return in, err
	}
	return in, c.fill(in)
}

// options reads what both a link and a form may hold.
func (c *Console) options(values url.Values) (*input, error) {
	in := &input{time: c.Now().Format(time.RFC3339), example: values.Get("exemple"), format: values.Get("format"), columns: values.Get("colonnes")}
	if name := values.Get("genre"); name != "" {
		kind, ok := kindNames[name]
		if !ok {
			return nil, &mistake{status: http.StatusBadRequest, message: "Ce genre de message n’existe pas."}
		}
		in.kind = kind
	}
	for _, id := range values["declare"] {
		if !slices.Contains(c.categoryIDs(), id) {
			return nil, &mistake{status: http.StatusBadRequest, message: "Cette catégorie n’existe pas."}
		}
		in.declared = append(in.declared, id)
	}
	if text := values.Get("numero"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, &mistake{status: http.StatusBadRequest, message: "Le numéro du message est un nombre à partir de 1."}
		}
		in.number = n
	}
	return in, nil
}

// same reports whether the same message was put in.
func (in *input) same(other *input) bool {
	return in.text == other.text && in.subject == other.subject && in.kind == other.kind && slices.Equal(in.declared, other.declared)
}

// compose makes the event of a typed text, none of an empty one.
func (in *input) compose() error {
	if len(in.text) > mostText {
		return &mistake{status: http.StatusRequestEntityTooLarge, message: french.Typeset("Le texte dépasse un mégaoctet : coupez-le.")}
	}
	if strings.TrimSpace(in.text) == "" && strings.TrimSpace(in.subject) == "" && (in.kind != event.Complaint || len(in.declared) == 0) {
		return nil
	}
	written := event.Written{Kind: in.kind, Subject: in.subject, Text: in.text, Declared: in.declared, Time: in.time}
	var err error
	in.typed, err = written.Event("/console", "essai")
	return err
}

// link is the address of the page with the same options or example: no text
// stands in it.
func (in *input) link() string {
	values := url.Values{}
	if in.example != "" {
		values.Set("exemple", in.example)
		return "/essayer?" + values.Encode()
	}
	for name, kind := range kindNames {
		if kind == in.kind {
			values.Set("genre", name)
		}
	}
	if in.kind == event.Complaint {
		values["declare"] = in.declared
	}
	if in.file != nil && in.format != "" {
		values.Set("format", in.format)
	}
	if len(values) == 0 {
		return "/essayer"
	}
	return "/essayer?" + values.Encode()
}

// lines is a text as the browser has it: line ends are sent as two characters
// that count as one there.
func lines(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\ufffd")
}

func isNumber(text string) bool {
	n, err := strconv.ParseUint(text, 10, 31)
	return err == nil && strconv.FormatUint(n, 10) == text
}
