package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// The page opens without an error, its charts show the numbers of the run, its
// tables sort by mouse and by keyboard, nothing but its own style and script
// runs in it, and it passes the rules of accessibility.
func TestBrowser(t *testing.T) {
	r, page := corpusPage(t)
	b := openPage(t, page)
	b.Silent(t)
	checkCharts(t, b, page, recount(r))
	checkDays(t, b, r)
	checkSorting(t, b)
	b.Silent(t)
	if fetched := browser.Ask[[]string](t, b, `performance.getEntriesByType("resource").map(r => r.name)`); len(fetched) > 0 {
		t.Errorf("the page fetches %q", fetched)
	}
	if ran := browser.Ask[bool](t, b, `(() => {
		const s = document.createElement("script"); s.textContent = "window.foreign = true"; document.body.append(s);
		s.remove(); return window.foreign === true })()`); ran {
		t.Error("a script runs that is not the page's own")
	}
	b.Expect(t, "Content Security Policy") // it is read at all
}

// The page of a replay with one lexicon shows its numbers alone.
func TestBrowserOneLexicon(t *testing.T) {
	r, _ := corpusPage(t)
	page := onePage(r)
	b := openPage(t, page)
	b.Silent(t)
	counts := recount(r)
	for id, c := range counts {
		counts[id] = [2]map[string]int{nil, c[1]}
	}
	checkCharts(t, b, page, counts)
	if n := browser.Ask[int](t, b, `document.querySelectorAll("#termes tbody tr").length`); n < 100 {
		t.Errorf("the table has %d terms", n)
	}
	if n := browser.Ask[int](t, b, `document.querySelectorAll(".avant, #changements").length`); n > 0 {
		t.Errorf("%d things of a comparison are shown", n)
	}
}

// checkSorting sorts the table of terms by mouse and by keyboard.
func checkSorting(t *testing.T, b *browser.Browser) {
	t.Helper()
	column := func(n int) []string {
		return browser.Ask[[]string](t, b, fmt.Sprintf(`[...document.querySelectorAll("#termes tbody tr")].map(r => r.cells[%d].dataset.v ?? r.cells[%[1]d].textContent)`, n))
	}
	numbers := func(n int) (list []int) {
		for _, text := range column(n) {
			var v int
			if _, err := fmt.Sscan(text, &v); err != nil {
				t.Fatal(err)
			}
			list = append(list, v)
		}
		return list
	}
	falling := func(list []int) bool { return slices.IsSortedFunc(list, func(a, b int) int { return b - a }) }
	button := func(n int) chromedp.CSS {
		return chromedp.CSS(fmt.Sprintf("#termes thead th:nth-child(%d) button", n+1))
	}
	const added, effect = 3, 6
	before := numbers(effect)
	if len(before) < 8 || !falling(before) || falling(numbers(added)) && slices.Max(before) == slices.Min(before) {
		t.Fatalf("the effects %v do not fall, or the table is too small to try", before)
	}
	b.Do(t, chromedp.Click(button(effect)))
	if got := numbers(effect); !slices.IsSorted(got) || len(got) != len(before) {
		t.Errorf("clicked, the effects are %v", got)
	}
	b.Do(t, chromedp.Focus(button(added)), chromedp.KeyEvent(kb.Enter))
	if got := numbers(added); !falling(got) {
		t.Errorf("after Enter, the new flags are %v", got)
	}
	if sort := browser.Ask[string](t, b, `document.querySelector("#termes [aria-sort]").textContent + " " + document.querySelector("#termes [aria-sort]").ariaSort`); sort != "Nouvelles descending" {
		t.Errorf("the table says that it is sorted by %q", sort)
	}
	b.Do(t, chromedp.KeyEvent(" "))
	if got := numbers(added); !slices.IsSorted(got) {
		t.Errorf("after Space, the new flags are %v", got)
	}
	b.Do(t, chromedp.Click(button(0)))
	if got := column(0); !browser.Ask[bool](t, b, fmt.Sprintf(`(l => l.every((x, i) => !i || l[i-1].localeCompare(x, "fr") <= 0))(%s)`, quoted(t, got))) {
		t.Errorf("clicked, the terms are %q", got)
	}
}

func quoted(t *testing.T, list []string) string {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
