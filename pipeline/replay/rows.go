package replay

import "github.com/vigie-project/vigie/pkg/flag/rows"

// WriteRows writes the flags of the lexicon that is tried to a Parquet file, a
// row a finding, in order of topics, partitions and offsets, and returns the
// receipts of the ranges.
func WriteRows(dir string, p *Plan, name string) ([]Receipt, error) {
	f, err := rows.Create(name)
	if err != nil {
		return nil, err
	}
	receipts, err := Read(dir, p, func(o *Outcome) error {
		if o.After == nil {
			return nil
		}
		return f.Add(o.After)
	})
	if err != nil {
		f.Discard()
		return nil, err
	}
	return receipts, f.Close()
}
