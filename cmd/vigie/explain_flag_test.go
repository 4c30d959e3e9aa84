package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Published rules that cannot make the flag again: another engine's, or not
// what their digest says. Both are told, and the rules of here stay.
func TestPublishedRulesRefused(t *testing.T) {
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	const old = `{"engine":1}`
	for name, c := range map[string]struct{ canonical, digest, want string }{
		"another engine": {old, digest(old), "version 1 des règles du moteur"},
		"altered":        {old, digest("other"), "n’a pas cette empreinte"},
	} {
		here := &foundRules{}
		x := &inquiry{cfg: config.Default(), rules: here, judged: &judged{flag: &flag.Flag{Lexicon: flag.Lexicon{Digest: c.digest}}}}
		if err := x.published([]byte(c.canonical)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if x.rules != here || len(x.why) != 1 || !strings.Contains(x.why[0], c.want) {
			t.Errorf("%s: %q", name, x.why)
		}
	}
}

func TestWhereGone(t *testing.T) {
	for offset, want := range map[int64]string{3: "le journal commence à 10", 12: "a été retiré du journal", 40: "s’arrête avant 20"} {
		got := whereGone(&pipeline.GoneError{Topic: "mails", Offset: offset, First: 10, End: 20})
		if !strings.Contains(got, want) {
			t.Errorf("%d: %s", offset, got)
		}
	}
}

func TestParseCoordinates(t *testing.T) {
	for text, want := range map[string]flag.Origin{
		"fragility.flags/3/1201": {Topic: "fragility.flags", Partition: 3, Offset: 1201},
		"fragility.flags:3:1201": {Topic: "fragility.flags", Partition: 3, Offset: 1201},
		"flags/3":                {}, "/3/1": {}, "flags/3/-1": {}, "a/b/3/1": {}, "flags/x/1": {},
	} {
		if got, ok := parseCoordinates(text); got != want || ok != (want.Topic != "") {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
}
