package kafka

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kbin"
)

// A record taken at once is the one that is read field by field, and what is
// damaged is refused by both.
func TestTakenIsWhatIsStreamed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	good, refused := 0, 0
	for range 20_000 {
		body := randomRecord(rnd)
		for range rnd.IntN(3) {
			switch i := rnd.IntN(len(body)); rnd.IntN(3) {
			case 0:
				body[i] = byte(rnd.Uint32())
			case 1:
				body = body[:max(i, 1)]
			default:
				body = append(body, byte(rnd.Uint32()))
			}
		}
		reader := func() *records {
			r := &records{in: bufio.NewReader(bytes.NewReader(body)), length: int64(len(body)), left: 1}
			r.header.FirstOffset, r.header.FirstTimestamp = 100, 1000
			return r
		}
		taken, ok := reader().take()
		streamed, same := reader().stream(1 << 20)
		if ok != same {
			t.Fatalf("% x: taken %v, streamed %v", body, ok, same)
		}
		if !ok {
			refused++
			continue
		}
		good++
		if diff := cmp.Diff(streamed, taken, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("% x: %s", body, diff)
		}
		if (taken.Value == nil) != (streamed.Value == nil) || (taken.Key == nil) != (streamed.Key == nil) {
			t.Fatalf("% x: a tombstone to one only: %v, %v", body, taken, streamed)
		}
	}
	if good < 1000 || refused < 1000 {
		t.Errorf("%d good ones and %d refused: the bytes say little", good, refused)
	}
}

func randomRecord(rnd *rand.Rand) []byte {
	field := func() []byte {
		b := make([]byte, rnd.IntN(20))
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
		return b
	}
	r := []byte{0}
	r = kbin.AppendVarlong(r, rnd.Int64N(1000))
	r = kbin.AppendVarint(r, rnd.Int32N(1000))
	for range 2 { // key and value
		if rnd.IntN(4) == 0 {
			r = kbin.AppendVarint(r, -1)
		} else {
			r = kbin.AppendVarintBytes(r, field())
		}
	}
	headers := rnd.Int32N(3)
	r = kbin.AppendVarint(r, headers)
	for range headers {
		r = kbin.AppendVarintBytes(r, field())
		r = kbin.AppendVarintBytes(r, field())
	}
	return r
}

// What a record costs in memory is itself, once.
func TestRecordIsOneAllocation(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var body []byte
	const n = 100
	for range n {
		r := append([]byte{0, 0, 0}, kbin.AppendVarintBytes(nil, []byte("case"))...)
		value := make([]byte, 4000)
		for i := range value {
			value[i] = byte(rnd.Uint32())
		}
		r = append(kbin.AppendVarintBytes(r, value), 0)
		body = append(kbin.AppendVarint(body, int32(len(r))), r...)
	}
	from := bytes.NewReader(body)
	r := &records{in: bufio.NewReader(from)}
	allocations := testing.AllocsPerRun(20, func() {
		from.Reset(body)
		r.in.Reset(from)
		r.left, r.length = n, -1
		for range n {
			if _, _, ok := r.peek(); !ok {
				t.Fatal(r.err)
			}
			if _, ok := r.read(1 << 20); !ok {
				t.Fatal(r.err)
			}
		}
	})
	if allocations > n {
		t.Errorf("%.0f allocations for %d records", allocations, n)
	}
}
