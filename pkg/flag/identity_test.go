package flag

import (
	"strings"
	"testing"
)

// TestID holds golden vectors, computed by another implementation of UUIDv5:
// a change of one is a change of every flag's id.
func TestID(t *testing.T) {
	zeros, ones := "sha256:"+strings.Repeat("0", 64), "sha256:"+strings.Repeat("1", 64)
	for _, c := range []struct{ source, id, digest, want string }{
		{"/genesys/eu", "c-81", zeros, "062f3806-2c09-51d8-9e9b-e0e6a65c8022"},
		{"/genesys/eu", "c-82", zeros, "80aea3f2-7b17-5c5d-b749-01ce95e0d503"},
		{"/genesys/eu", "c-81", ones, "9cde5b81-6569-5723-8d2b-333f5723fa01"},
		{"kafka:mails", "3-1201-1790000000000", zeros, "ca162ac4-e282-5ebb-94d1-a4a9bf83bf00"},
		{"/courriel", `é ✓ "<&>`, zeros, "b68c088e-1baa-53f5-825e-47aa0b581365"},
		{"a", "b\x00c", zeros, "81bbce56-657f-5111-98be-48a5ad1a1d7f"},
	} {
		if got := ID(c.source, c.id, c.digest); got != c.want {
			t.Errorf("ID(%q, %q, %q) = %s, want %s", c.source, c.id, c.digest, got, c.want)
		}
	}
}

func TestReceiptID(t *testing.T) {
	r := exampleReceipt()
	if got, want := r.ID(), "36de30df-272a-5fa9-b31b-7a56c747a786"; got != want {
		t.Errorf("id %s, want %s", got, want)
	}
	later := exampleReceipt()
	later.Generation++
	if later.ID() == r.ID() {
		t.Error("the receipt of a later generation has the same id")
	}
}
