package replay

import (
	"bufio"
	"os"
)

// WriteFlags writes the flags of the lexicon that is tried to a file, one a
// line, as they would stand on the topic, in order of topics, partitions and
// offsets, and returns the receipts of the ranges.
func WriteFlags(dir string, p *Plan, name string) (receipts []Receipt, err error) {
	err = WriteFile(name, func(f *os.File) error {
		w := bufio.NewWriterSize(f, 64<<10)
		var scratch []byte
		receipts, err = Read(dir, p, func(o *Outcome) error {
			if o.After == nil {
				return nil
			}
			scratch = append(o.After.AppendJSON(scratch[:0]), '\n')
			_, err := w.Write(scratch)
			return err
		})
		if err != nil {
			return err
		}
		return w.Flush()
	})
	return receipts, err
}
