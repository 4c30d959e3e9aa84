package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Without leave to cite, no word of anybody is in the page: no run of four
// words of any document, no case file, no event's name.
func TestPageWithoutText(t *testing.T) {
	r, page := corpusPage(t)
	html := written(t, page)
	words := regexp.MustCompile(`[\p{L}\p{N}]+`)
	join := func(text string) string { return " " + strings.Join(words.FindAllString(text, -1), " ") + " " }
	all := join(html)
	checked := 0
	for _, e := range r.events {
		for _, text := range texts(t, e.value) {
			list := words.FindAllString(text, -1)
			for i := 0; i+6 <= len(list); i++ {
				checked++
				if said := " " + strings.Join(list[i:i+6], " ") + " "; strings.Contains(all, said) {
					t.Fatalf("the page says %q", said)
				}
			}
		}
		f := e.after
		if f == nil {
			f = e.before
		}
		if f != nil && (strings.Contains(html, f.Event.ID) || strings.Contains(html, ">"+f.Case+"<")) {
			t.Fatalf("the page names the event %s of %s", f.Event.ID, f.Case)
		}
	}
	if checked < 10_000 {
		t.Fatalf("only %d runs of words were looked for", checked)
	}
	r.withWords(t, page)
	if cited := written(t, page); !strings.Contains(cited, "<mark>") || !strings.Contains(cited, "paroles de clients") {
		t.Error("with leave, nothing is cited")
	}
}

// texts lists the strings of an event's data.
func texts(t *testing.T, value []byte) (list []string) {
	t.Helper()
	var e struct{ Data any }
	if err := json.Unmarshal(value, &e); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(e.Data)
	return list
}

// The same run is the same page, in whatever order its events come.
func TestPageIsRepeatable(t *testing.T) {
	r, page := corpusPage(t)
	want := written(t, page)
	again := *page
	again.Tally = NewTally(r.before, r.after)
	for i := range r.events {
		again.Tally.add(r.events[len(r.events)-1-i])
	}
	if written(t, &again) != want {
		t.Error("another page")
	}
}

// What a lexicon and a customer write cannot leave its place in the page.
func TestPageEscapes(t *testing.T) {
	const evil = `<script>alert(1)</script>" onload="x`
	program := &lexicon.Program{
		Name: evil, Version: evil, Categories: []lexicon.Category{{ID: "health", Label: evil}},
		Factors: []lexicon.Factor{{ID: "health.x", Label: evil}}, Terms: []lexicon.Term{{ID: "health.x/00000001", Pattern: evil}},
	}
	f := &flag.Flag{
		Event: flag.EventRef{Type: evil, Origin: &flag.Origin{Topic: evil}}, Categories: []string{"health"}, Severity: 4, Route: flag.RouteUrgent,
		Findings: []flag.Finding{{Category: "health", Factor: "health.x", Term: "health.x/00000001", Status: flag.Asserted}},
	}
	page := &Page{
		Tally: NewTally(nil, program), Topics: []Topic{{Name: evil, Read: 1, Flagged: 1}}, Share: 1, Names: namesOf(program),
		After: &Lexicon{Name: evil, Version: evil, Digest: evil, Author: evil, Changelog: []lexicon.Change{{Version: evil, Text: evil}}},
		Passages: func(*flag.Flag) ([]pipeline.Passage, error) {
			return []pipeline.Passage{{Part: evil, Runs: []pipeline.Run{{Text: evil}, {Text: evil, Found: true}}}}, nil
		},
	}
	page.Tally.add(judged{stamp: began, after: f})
	html := written(t, page)
	if n := strings.Count(html, "<script>"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if strings.Contains(html, `" onload=`) {
		t.Error("an attribute was made")
	}
	if !strings.Contains(html, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("the words are not there")
	}
}

// Who could not be read is told before anything else.
func TestPageTellsTheUnread(t *testing.T) {
	_, page := corpusPage(t)
	if strings.Contains(written(t, page), "illisible</strong>") {
		t.Error("all were read")
	}
	page.Topics = append(page.Topics, Topic{Name: "more", Read: 1, Dead: 1})
	html := written(t, page)
	if told, main := strings.Index(html, "1\u00a0message illisible</strong>"), strings.Index(html, "<main>"); told < 0 || told > main {
		t.Error("one was not read, and the page does not begin with it")
	}
	if !strings.Contains(html, "1\u202f200\u00a0messages relus") && !testing.Short() {
		t.Error("the unread one counts as read")
	}
}

// What the page's policy lets run is what stands in it.
func TestPolicyHasTheHashes(t *testing.T) {
	_, page := corpusPage(t)
	html := written(t, page)
	for tag, hash := range map[string]string{"style": sum(style), "script": sum(script)} {
		_, rest, _ := strings.Cut(html, "<"+tag+">")
		text, _, _ := strings.Cut(rest, "</"+tag+">")
		// html/template writes + as an entity in an attribute.
		if sum(text) != hash || !strings.Contains(strings.ReplaceAll(html, "&#43;", "+"), tag+"-src &#39;sha256-"+hash) {
			t.Errorf("%s: another hash", tag)
		}
	}
	for _, from := range []string{"http://", "https://", "src=", "url(", "@import", " style="} {
		if strings.Contains(html, from) {
			t.Errorf("the page has %q", from)
		}
	}
}
