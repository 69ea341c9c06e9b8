// Package rules holds the rules that we ship: what mail servers say when they
// refuse mail, why, and what to do. They are files for people to read; package
// classify compiles them.
//
// A provider's own words stand in its own file, the lists' in lists.yaml, the
// filters' in filters.yaml, Postfix's in postfix.yaml, all others' in
// general.yaml. What a code means where the text says nothing is in
// enhanced.yaml, our own rejects are in rejects.yaml, the providers in
// providers.yaml.
package rules

import "embed"

// Packed are the files as package classify compiles and packs them: a start reads
// these. "make generate" writes them.
//
//go:embed packed.bin
var Packed string

// Files are the rules files.
//
//go:embed *.yaml
var Files embed.FS
