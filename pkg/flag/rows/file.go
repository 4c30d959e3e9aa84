package rows

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"github.com/vigie-project/vigie/pkg/flag"
)

// groupRows is how many rows a row group has at most, and so about how many are
// held in memory.
const groupRows = 64 << 10

// File is a Parquet file in the making. It is for one goroutine.
type File struct {
	name   string
	file   *os.File
	writer *parquet.GenericWriter[row]
	rows   []row
}

// Create begins a file that only its owner reads. It stands under its name once
// Close has succeeded, whole; until then a temporary file is beside it.
func Create(name string) (*File, error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // with the rights 0600
	if err != nil {
		return nil, fmt.Errorf("writing Parquet: %w", err)
	}
	return &File{name: name, file: f, writer: parquet.NewGenericWriter[row](f,
		parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("vigie", "1", ""),
	)}, nil
}

// Add writes the findings of a flag. After an error only Discard has sense.
func (f *File) Add(x *flag.Flag) error {
	f.rows = appendRows(f.rows[:0], x)
	if _, err := f.writer.Write(f.rows); err != nil {
		return fmt.Errorf("writing Parquet to %s: %w", f.name, err)
	}
	return nil
}

// Close finishes the file and gives it its name. After an error nothing stands
// there that was not there before.
func (f *File) Close() error {
	err := f.writer.Close()
	if err == nil {
		err = f.file.Sync()
	}
	if err = errors.Join(err, f.file.Close()); err == nil {
		err = os.Rename(f.file.Name(), f.name)
	}
	if err != nil {
		_ = os.Remove(f.file.Name())
		return fmt.Errorf("writing Parquet to %s: %w", f.name, err)
	}
	return nil
}

// Discard gives up the file.
func (f *File) Discard() {
	_ = f.file.Close()
	_ = os.Remove(f.file.Name())
}
