// Package proposal changes a lexicon on paper: a list of changes to terms and
// examples becomes a patch of the YAML files, which keeps their comments,
// order, indentation and line ends, and a measurement of what the change would
// do. Nothing is written.
//
// [Apply] edits the lines of the files by the places that [lexicon.Load] noted,
// reads the result back, and refuses what does not say exactly the changes.
// [Searcher] shows where a single term is found in texts, while it is typed.
// [Measurer] judges annotated documents and events with both lexicons.
package proposal
