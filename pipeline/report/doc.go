// Package report writes what a replay found as one HTML page, in French, for
// those who answer for the lexicon: what was read, who would be flagged and
// how, and with two lexicons what the one would change against the other.
//
// A [Tally] counts the judged events, in any order; [Page.Write] writes the
// page. The page is one file: style and script stand in it and are the only
// ones that its content security policy lets run; nothing is loaded from
// anywhere. It holds customers' words only where [Page.Passages] gives them.
package report
