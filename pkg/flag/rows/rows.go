// Package rows writes flags as Parquet for those who count them: a flat table,
// one row a finding, no nested types. docs/parquet.md says what each column
// holds. Like flags, rows carry no word of anybody.
package rows

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
)

// row is one finding with the flag that it belongs to; the tags are the schema.
// Of a flag without listed findings there is one row, in which those columns are null.
type row struct {
	FlagID      string  `parquet:"flag_id"`
	EventSource string  `parquet:"event_source,dict"`
	EventID     string  `parquet:"event_id"`
	EventType   string  `parquet:"event_type,dict"`
	Topic       *string `parquet:"topic,dict,optional"`
	Partition   *int32  `parquet:"partition,optional"`
	Offset      *int64  `parquet:"offset,optional"`
	Case        *string `parquet:"case,optional"`
	// Time in milliseconds since the Unix epoch.
	Time          *int64  `parquet:"time,optional,timestamp(millisecond:utc)"`
	Route         string  `parquet:"route,dict"`
	Severity      int32   `parquet:"severity"`
	Categories    string  `parquet:"categories,dict"`
	Referrals     string  `parquet:"referrals,dict"`
	Urgency       string  `parquet:"urgency,dict"`
	Cautions      string  `parquet:"cautions,dict"`
	FindingsTotal int32   `parquet:"findings_total"`
	Finding       *int32  `parquet:"finding,optional"`
	Category      *string `parquet:"category,dict,optional"`
	Factor        *string `parquet:"factor,dict,optional"`
	Term          *string `parquet:"term,dict,optional"`
	Graded        *int32  `parquet:"finding_severity,optional"`
	Status        *string `parquet:"status,dict,optional"`
	Spans         *string `parquet:"spans,optional"`
	LexiconName   string  `parquet:"lexicon_name,dict"`
	LexiconVer    string  `parquet:"lexicon_version,dict"`
	LexiconDigest string  `parquet:"lexicon_digest,dict"`
	Supersedes    *string `parquet:"supersedes,optional"`
	Replay        bool    `parquet:"replay"`
}

// appendRows appends the rows of a flag to dst.
func appendRows(dst []row, f *flag.Flag) []row {
	r := row{
		FlagID: f.ID, EventSource: f.Event.Source, EventID: f.Event.ID, EventType: f.Event.Type,
		Case: orNull(f.Case), Time: instant(f.Time), Route: f.Route, Severity: int32(f.Severity),
		Categories: list(f.Categories), Referrals: list(f.Referrals), Urgency: list(f.Urgency), Cautions: list(f.Cautions),
		FindingsTotal: int32(f.FindingsTotal),
		LexiconName:   f.Lexicon.Name, LexiconVer: f.Lexicon.Version, LexiconDigest: f.Lexicon.Digest,
		Supersedes: orNull(f.Supersedes), Replay: f.Replay,
	}
	if o := f.Event.Origin; o != nil {
		r.Topic, r.Partition, r.Offset = &o.Topic, ptr(int32(o.Partition)), &o.Offset
	}
	if len(f.Findings) == 0 {
		return append(dst, r)
	}
	for i := range f.Findings {
		x := &f.Findings[i]
		r.Finding, r.Graded = ptr(int32(i)), ptr(int32(x.Severity))
		r.Category, r.Factor, r.Term = &x.Category, &x.Factor, &x.Term
		r.Status, r.Spans = ptr(string(x.Status)), ptr(places(x.Spans))
		dst = append(dst, r)
	}
	return dst
}

func ptr[T any](v T) *T { return &v }

// orNull is null for what a flag leaves out.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// instant is when an event took place, null where it does not say so.
func instant(text string) *int64 {
	at, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
		return nil
	}
	return ptr(at.UnixMilli())
}

// list joins ids by commas, which none of them has.
func list(ids []string) string { return strings.Join(ids, ",") }

// places writes spans as "turns[9].text:71-80;turns[10].text:0-3".
func places(spans []flag.Span) string {
	var b strings.Builder
	for i, s := range spans {
		if i > 0 {
			b.WriteByte(';')
		}
		fmt.Fprintf(&b, "%s:%s-%s", s.Part, strconv.Itoa(s.Start), strconv.Itoa(s.End))
	}
	return b.String()
}
