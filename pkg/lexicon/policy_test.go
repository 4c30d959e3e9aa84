package lexicon

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadPolicy(t *testing.T) {
	got, err := LoadPolicy(os.DirFS("testdata"), "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := Policy{
		Thresholds: map[string]float64{"health": 0.8, "resilience": 1, "life_events": 1, "capacity": 1, "urgent": 1, "partner": 1},
		Repeat:     0.1,
		Raise:      Raise{Categories: 3, To: 3},
		Referrals:  map[string]Referral{"partner": {Break: []string{"health.*"}, Shortage: []string{"capacity.lecture"}}},
		Urgent:     []string{"suicide", "child"},
		Alert:      map[string][]string{"suicide": {"3114", "15"}},
		Languages:  []string{"fr"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}

func TestLoadPolicyTellsAllMistakes(t *testing.T) {
	_, err := LoadPolicy(os.DirFS("testdata"), "policy-bad.yaml")
	if err == nil {
		t.Fatal("no error")
	}
	want := announced(t, "testdata")
	for at := range want {
		if !strings.HasPrefix(at, "policy-bad.yaml") {
			delete(want, at)
		}
	}
	compareMarks(t, want, told(t, err))
	if _, err := LoadPolicy(os.DirFS("testdata"), "absent.yaml"); err == nil || !strings.Contains(err.Error(), "absent.yaml:1:1: fichier illisible") {
		t.Errorf("absent file: error %v", err)
	}
}
