// Command generate writes shipped.program: what the shipped routing and lexicon
// compile to, so that a command need not compile them each time it starts. Run
// `go generate ./configs` after they change.
package main

import (
	"log"
	"os"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

func main() {
	if err := generate("shipped.program"); err != nil {
		log.Fatal(err)
	}
}

func generate(name string) error {
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err != nil {
		return err
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		return err
	}
	p, err := lexicon.Compile(rs)
	if err != nil {
		return err
	}
	packed, err := p.Pack()
	if err != nil {
		return err
	}
	sum, err := configs.Sum(lexicon.EngineVersion)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(sum, packed...), 0o644)
}
