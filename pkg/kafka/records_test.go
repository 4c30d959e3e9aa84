package kafka

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/kafka-go/compress"

	"github.com/vigie-project/vigie/pkg/config"
)

// span lists the offsets from from to to.
func span(from, to int64) (list []int64) {
	for ; from <= to; from++ {
		list = append(list, from)
	}
	return list
}

func TestEveryCompressionIsRead(t *testing.T) {
	for _, codec := range []compress.Compression{compress.None, compress.Gzip, compress.Snappy, compress.Lz4, compress.Zstd} {
		t.Run(codec.String(), func(t *testing.T) {
			fake, c, _ := broker(t)
			value := bytes.Repeat([]byte("une phrase et "), 100)
			serve(fake, []batch{{base: 0, length: 50, records: span(0, 49), value: value, attributes: int16(codec)}}, 50)
			all := readTo(t, c.Open(at(7), reading(config.Earliest)), 50)
			if diff := cmp.Diff(span(7, 49), offsets(all)); diff != "" {
				t.Error(diff)
			}
			for _, r := range all[0].records {
				if !bytes.Equal(r.Value, value) || string(r.Key) != "k" || len(r.Headers) != 1 || r.Headers[0].Key != "h" || r.Timestamp != 1000 {
					t.Fatalf("%+v", r)
				}
			}
		})
	}
}

// Where the broker sets the time, it is that of the batch.
func TestAppendTime(t *testing.T) {
	fake, c, _ := broker(t)
	serve(fake, []batch{{base: 0, length: 1, records: []int64{0}, attributes: attrAppendTime}}, 1)
	if got := readTo(t, c.Open(at(0), reading(config.Earliest)), 1)[0].records[0].Timestamp; got != 2000 {
		t.Errorf("timestamp %d, want that of the broker, 2000", got)
	}
}

// allocated runs fn and returns the bytes that it allocated.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What a batch decompresses to is not taken into memory at once, and a value
// that is larger than any that is read not at all.
func TestTrapBatchesDecompressWithoutBound(t *testing.T) {
	const mega = 1 << 20
	t.Run("many records", func(t *testing.T) {
		fake, c, _ := broker(t)
		serve(fake, []batch{{base: 0, length: 200, records: span(0, 199), value: make([]byte, mega/2), attributes: int16(compress.Gzip)}}, 200)
		f, err := c.Open(at(0), reading(config.Earliest)).Fetch(t.Context(), mega, nil)
		if err != nil || f.Stored > mega {
			t.Fatalf("%+v, %v", f, err)
		}
		next := int64(0)
		for {
			b, err := f.Read(Limit{Records: 500, Bytes: 2 * mega})
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || b.From != next || b.Bytes > 2*mega || len(b.Records) > 4 {
				t.Fatalf("a batch from %d to %d of %d records and %d bytes, %v", b.From, b.To, len(b.Records), b.Bytes, err)
			}
			next = b.To + 1
		}
		if next != 200 {
			t.Errorf("read up to %d", next)
		}
	})
	t.Run("values of 64 MiB", func(t *testing.T) {
		fake, c, _ := broker(t)
		value := make([]byte, 64*mega)
		want := sha256.Sum256(value)
		raw := batch{base: 0, length: 3, records: span(0, 2), value: value, attributes: int16(compress.Gzip)}.encode()
		serveRaw(fake, raw, 3)
		p := c.Open(at(0), reading(config.Earliest))
		took := allocated(func() {
			f, err := p.Fetch(t.Context(), mega, func(int64) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			records := f.Rest()
			if len(records) != 3 {
				t.Fatalf("%d records", len(records))
			}
			for _, r := range records {
				if r.Value != nil || r.Huge == nil || r.Huge.Size != 64*mega || r.Huge.SHA256 != want || string(r.Key) != "k" || len(r.Headers) != 1 {
					t.Errorf("%+v", r)
				}
			}
		})
		if took > 16*mega {
			t.Errorf("%d MiB were allocated for a batch of %d KiB", took/mega, len(raw)/1024)
		}
	})
}

// A record that is larger than what there is room for asks for more, alone.
func TestLargeRecordAsks(t *testing.T) {
	fake, c, _ := broker(t)
	serve(fake, []batch{{base: 0, length: 3, records: span(0, 2), value: make([]byte, 100_000), attributes: int16(compress.Lz4)}}, 3)
	f, err := c.Open(at(0), reading(config.Earliest)).Fetch(t.Context(), 1<<20, nil)
	if err != nil {
		t.Fatal(err)
	}
	var asked []int64
	refuse := errors.New("no")
	grant := func(n int64) error {
		asked = append(asked, n)
		if len(asked) == 2 {
			return refuse
		}
		return nil
	}
	b, err := f.Read(Limit{Records: 10, Bytes: 40_000, Grant: grant})
	if err != nil || len(b.Records) != 1 || asked[0] < 60_000 || asked[0] > 61_000 {
		t.Errorf("%d records, %v, asked for %v", len(b.Records), err, asked)
	}
	if _, err = f.Read(Limit{Records: 10, Bytes: 40_000, Grant: grant}); !errors.Is(err, refuse) {
		t.Errorf("error is %v", err)
	}
	// Refused is not lost.
	if b, err = f.Read(Limit{Records: 10}); err != nil || b.From != 1 || b.To != 2 || len(b.Records) != 2 {
		t.Errorf("%+v, %v", b, err)
	}
}

// A batch that cannot be decoded stops nothing: each of its offsets is known
// to be damaged, and what stands before and after is read.
func TestDamagedBatches(t *testing.T) {
	for _, tt := range []struct {
		name       string
		attributes int16
		spoil      func(raw []byte)
		spoilAfter func(raw []byte)
		errors     int
	}{
		{name: "wrong checksum", spoilAfter: func(raw []byte) { raw[len(raw)-1] ^= 1 }, errors: damagedTries - 1},
		{name: "a record too long", spoil: func(raw []byte) { raw[batchHeader] = 0x7e }},
		{name: "compressed bytes that are none", attributes: int16(compress.Gzip), spoil: func(raw []byte) { clear(raw[batchHeader:]) }},
		{name: "an unknown compression", spoil: func(raw []byte) { raw[22] |= 7 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, c, _ := broker(t)
			bad := batch{base: 2, length: 3, records: span(2, 4), attributes: tt.attributes, spoil: tt.spoil, spoilAfter: tt.spoilAfter}
			serve(fake, []batch{{base: 0, length: 2, records: span(0, 1)}, bad, {base: 5, length: 1, records: []int64{5}}}, 6)
			p := c.Open(at(0), reading(config.Earliest))
			var good, damaged []int64
			failed := 0
			for len(good)+len(damaged) < 6 {
				f, err := p.Fetch(t.Context(), 1<<20, nil)
				if err != nil {
					if failed++; failed > 20 {
						t.Fatal(err)
					}
					continue
				}
				for _, r := range f.Rest() {
					if r.Damaged {
						damaged = append(damaged, r.Offset)
					} else {
						good = append(good, r.Offset)
					}
				}
			}
			if !cmp.Equal(good, []int64{0, 1, 5}) || !cmp.Equal(damaged, span(2, 4)) || failed != tt.errors {
				t.Errorf("good %v, damaged %v, %d errors before", good, damaged, failed)
			}
		})
	}
}
