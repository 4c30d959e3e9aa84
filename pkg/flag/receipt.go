package flag

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// typeReceipt is the CloudEvents type of a receipt.
const typeReceipt = "vigie.receipt.v1"

// Receipt is a vigie.receipt.v1: what became of every offset of one committed
// batch of a partition.
type Receipt struct {
	Group      string
	Generation int
	Topic      string
	Partition  int
	// From and To are offsets, both inclusive. Flagged, Clean, Skipped, Dead
	// and Absent together count To-From+1.
	From, To       int64
	Flagged, Clean int
	// Skipped and Dead count by cause.
	Skipped, Dead map[string]int
	// Repaired counts sequences of bytes that were repaired, in whatever became
	// of their records.
	Repaired int
	// Absent counts offsets that hold no record any more.
	Absent  int
	Lexicon Lexicon
}

// ID returns the receipt's id: the UUIDv5 over "receipt", group, generation, topic,
// partition, from, to and the ruleset's digest, a NUL between them. A batch
// repeated by a later generation is another receipt.
func (r *Receipt) ID() string {
	return name("receipt", r.Group, strconv.Itoa(r.Generation), r.Topic, strconv.Itoa(r.Partition),
		strconv.FormatInt(r.From, 10), strconv.FormatInt(r.To, 10), r.Lexicon.Digest)
}

// AppendJSON appends the receipt as a CloudEvent in structured mode to dst, on
// one line and without a line end. Equal receipts give equal bytes.
func (r *Receipt) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"specversion":"1.0","id":`...)
	dst = appendString(dst, r.ID())
	dst = append(dst, `,"source":"vigie","type":"`+typeReceipt+`","datacontenttype":"application/json","data":{"group":`...)
	dst = appendString(dst, r.Group)
	dst = append(dst, `,"generation":`...)
	dst = strconv.AppendInt(dst, int64(r.Generation), 10)
	dst = append(dst, `,"topic":`...)
	dst = appendString(dst, r.Topic)
	dst = append(dst, `,"partition":`...)
	dst = strconv.AppendInt(dst, int64(r.Partition), 10)
	dst = append(dst, `,"from":`...)
	dst = strconv.AppendInt(dst, r.From, 10)
	dst = append(dst, `,"to":`...)
	dst = strconv.AppendInt(dst, r.To, 10)
	dst = append(dst, `,"flagged":`...)
	dst = strconv.AppendInt(dst, int64(r.Flagged), 10)
	dst = append(dst, `,"clean":`...)
	dst = strconv.AppendInt(dst, int64(r.Clean), 10)
	dst = append(dst, `,"skipped":`...)
	dst = appendCounts(dst, r.Skipped)
	dst = append(dst, `,"dead":`...)
	dst = appendCounts(dst, r.Dead)
	dst = append(dst, `,"repaired":`...)
	dst = strconv.AppendInt(dst, int64(r.Repaired), 10)
	dst = append(dst, `,"absent":`...)
	dst = strconv.AppendInt(dst, int64(r.Absent), 10)
	dst = append(dst, `,"lexicon":`...)
	dst = r.Lexicon.append(dst)
	return append(dst, `}}`...)
}

// appendCounts appends counts in the order of their names.
func appendCounts(dst []byte, counts map[string]int) []byte {
	dst = append(dst, '{')
	for i, cause := range slices.Sorted(maps.Keys(counts)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, cause)
		dst = append(dst, ':')
		dst = strconv.AppendInt(dst, int64(counts[cause]), 10)
	}
	return append(dst, '}')
}

// ErrNoReceipt says that a value is no receipt.
var ErrNoReceipt = errors.New("not a " + typeReceipt)

// ParseReceipt reads a receipt back from its CloudEvent; fields that are not
// known are passed over. Its error wraps [ErrNoReceipt].
func ParseReceipt(value []byte) (*Receipt, error) {
	var e struct {
		Type string
		Data *Receipt
	}
	if err := json.Unmarshal(value, &e); err != nil {
		// What encoding/json says may quote the value.
		return nil, fmt.Errorf("%w: not JSON of that shape", ErrNoReceipt)
	}
	if e.Type != typeReceipt || e.Data == nil {
		return nil, fmt.Errorf("%w: the type is %q", ErrNoReceipt, e.Type)
	}
	return e.Data, nil
}
