package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// openPage writes a page to a file and opens it in Debian's chromium.
func openPage(t *testing.T, page *Page) *browser.Browser {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rapport.html")
	if err := os.WriteFile(file, []byte(written(t, page)), 0o600); err != nil {
		t.Fatal(err)
	}
	return browser.Open(t, "file://"+file)
}
