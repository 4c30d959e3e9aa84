package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/french"
)

// maxForm bounds a proposal's form: MaxChanges of the longest terms with a few
// letters of JSON around them.
const maxForm = 2 << 20

// errForm is a form that no page of this console sends.
var errForm = errors.New("formulaire illisible : rechargez la page")

// posted reads a form of at most so many bytes, as the script sends it or the
// browser.
func posted(w http.ResponseWriter, r *http.Request, most int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(most)
	} else {
		err = r.ParseForm()
	}
	return r.PostForm, err
}

// draftOf reads the form.
func draftOf(w http.ResponseWriter, r *http.Request) (*draft, error) {
	form, err := posted(w, r, maxForm)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errors.New("proposition trop longue : faites-en plusieurs")
	}
	if err != nil {
		return nil, errForm
	}
	x := &draft{Change: proposal.Change{
		Op: proposal.Op(form.Get("faire")), Factor: form.Get("facteur"), Block: proposal.Block(form.Get("liste")), Old: form.Get("ancien"), New: form.Get("nouveau"),
	}.Tidy()}
	if len(form["changement"]) > proposal.MaxChanges {
		return nil, fmt.Errorf("%s : une proposition en porte %d au plus ; faites-en plusieurs", french.Count(len(form["changement"]), "changement"), proposal.MaxChanges)
	}
	for _, text := range form["changement"] {
		var one proposal.Change
		if json.Unmarshal([]byte(text), &one) != nil {
			return nil, errForm
		}
		x.Changes = append(x.Changes, one.Tidy())
	}
	return x, nil
}

// readDraft is draftOf; it answers itself where there is none.
func (c *Console) readDraft(w http.ResponseWriter, r *http.Request) (*desk, *draft) {
	x, err := draftOf(w, r)
	if err != nil {
		status := http.StatusBadRequest
		if !errors.Is(err, errForm) {
			status = http.StatusRequestEntityTooLarge
		}
		c.fail(w, r, status, capitalised(err.Error())+".")
		return nil, nil
	}
	d, ok := c.needDesk(w, r)
	if !ok {
		return nil, nil
	}
	return d, x
}

// capitalised begins a message as a sentence.
func capitalised(message string) string {
	first, size := utf8.DecodeRuneInString(message)
	return strings.ToUpper(string(first)) + message[size:]
}
