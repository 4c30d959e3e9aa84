package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// The page of a replay's directory: its receipts are added up, the difference is
// that of the flags, and words are cited only where that is asked for, from
// the events that still stand on their topic.
func TestReplayPage(t *testing.T) {
	before := testRules(t)
	after := changedRules(t)
	addr, stop, err := kafka.Embedded(t.Context(), "mails")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	cfg := config.Default()
	cfg.Kafka.Brokers, cfg.Topics.Inputs = []string{addr}, []string{"mails"}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	texts := []string{"Je suis malade, Odette.", "Je suis fatigué, Paulette.", "Bonjour Ginette.", "Je veux en finir, Huguette."}
	dir := t.TempDir()
	plan := segmentOf(t, cluster, dir, before, after, texts)
	p := &replayPage{dir: dir, plan: plan, before: before, after: after, labels: labelsOf(before.program).with(after.program), made: time.Now()}
	file := filepath.Join(t.TempDir(), "rapport.html")
	written := func(cluster *kafka.Cluster) string {
		if err := p.write(t.Context(), cluster, file); err != nil {
			t.Fatal(err)
		}
		html, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(html), "&#43;", "+")
	}

	html := written(nil)
	for _, want := range []string{
		"Ce que changerait le lexique essai 1.1.0",
		`<strong>+1</strong> <span>personne signalée qui ne l’était pas</span>`,
		`<strong>−1</strong> <span>personne qui ne serait plus signalée</span>`,
		`<th scope="row">mails (1` + "\u00a0" + `partition)</th>`,
		`<th scope="row">fatigué<wbr></th><td>Maladie</td><td>ajouté</td><td class="n" data-v="1">1</td><td class="n" data-v="0">0</td>`,
		`<th scope="row">malade<wbr></th><td>Maladie</td><td>retiré</td><td class="n" data-v="0">0</td><td class="n" data-v="1">1</td>`,
		"<code>mails/0/1</code>",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(html, "ette.") || strings.Contains(html, "<mark>") {
		t.Error("the page cites somebody without being asked to")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the page is readable by others: %v", info.Mode())
	}
	if html = written(cluster); !strings.Contains(html, "Je suis <mark>fatigué</mark>, Paulette") || !strings.Contains(html, "Je suis <mark>malade</mark>, Odette") || strings.Contains(html, "Ginette") {
		t.Error("the page does not cite the examples")
	}
}

// changedRules are those of the tests with "fatigué" instead of "malade".
func changedRules(t *testing.T) *rules {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lexicon")
	if err := os.CopyFS(dir, os.DirFS("testdata/lexicon")); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{"fr/health.yaml": {"      malade\n", "      fatigué\n"}, "lexicon.yaml": {"1.0.0", "1.1.0"}} {
		name = filepath.Join(dir, name)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(data), change[0], change[1])), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := loadRules(&config.Lexicon{Dir: dir, Routing: "testdata/routing.yaml", Engine: "words"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// segmentOf sends mails and writes the directory of a replay that has read them.
func segmentOf(t *testing.T, cluster *kafka.Cluster, dir string, before, after *rules, texts []string) *replay.Plan {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	end := int64(len(texts))
	receipt := replay.Receipt{Topic: "mails", To: end - 1, First: 1772000000000, Last: 1772086400000, Before: &replay.Counts{}}
	var lines strings.Builder
	for i, text := range texts {
		value := fmt.Appendf(nil, `{"specversion":"1.0","id":"%d","source":"/mail","type":"vigie.email.v1","subject":"D-%[1]d","data":{"text":%q}}`, i, text)
		if err := cluster.Send(ctx, "mails", 0, nil, value, nil); err != nil {
			t.Fatal(err)
		}
		origin := event.Origin{Topic: "mails", Offset: int64(i), Timestamp: receipt.First}
		line := fmt.Sprintf(`{"topic":"mails","partition":0,"offset":%d,"timestamp":%d`, i, receipt.First)
		for name, side := range map[string]struct {
			rules  *rules
			counts *replay.Counts
		}{"before": {before, receipt.Before}, "after": {after, &receipt.After}} {
			result, err := side.rules.classifier.Classify(event.Record{Value: value, Origin: &origin})
			if err != nil {
				t.Fatal(err)
			}
			if result.Flag == nil {
				side.counts.Clean++
				continue
			}
			side.counts.Flagged++
			line += fmt.Sprintf(`,"%s":%s`, name, result.Flag.AppendJSON(nil))
		}
		if strings.Contains(line, "vigie.flag.v1") {
			lines.WriteString(line + "}\n")
		}
	}
	last, err := json.Marshal(map[string]any{"receipt": receipt})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "mails", "0", fmt.Sprintf("%020d-%020d.jsonl", 0, end-1))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(lines.String()+string(last)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	release := func(r *rules) flag.Lexicon {
		return flag.Lexicon{Name: r.program.Name, Version: r.program.Version, Digest: r.program.Digest}
	}
	was := release(before)
	return &replay.Plan{
		Version: 1, Asked: replay.Asked{Topics: []string{"mails"}, Share: 1}, Segment: 5000,
		Ranges: []replay.Range{{Topic: "mails", End: end}}, Before: &was, After: release(after),
	}
}
