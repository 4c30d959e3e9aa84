// Package configs embeds the configuration shipped with the program, so that
// the binary runs anywhere: vigie.yaml, routing.yaml and the French lexicon.
package configs

import "embed"

// FS holds the shipped files: "vigie.yaml", "routing.yaml" and "lexicon".
//
//go:embed *.yaml lexicon
var FS embed.FS
