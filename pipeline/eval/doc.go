// Package eval measures flags against an annotated corpus: precision, recall
// and F1 by category, kind and source of the documents, hits and false alarms
// by factor and term, with confidence intervals, and against a baseline.
//
// A document counts once for each category. A category that the annotation
// calls "also_ok" is neither right nor wrong. A clean document has neither a
// label nor an "also_ok"; any flag on it is counted.
package eval
