// Package replay judges ranges of topics again, with one lexicon or with two,
// beside production: it joins no group of production's, commits none of its
// offsets and writes none of its topics, unless told to publish.
//
//	plan ─ ranges of offsets, kept in the directory
//	  └─ segments ─ fetch ─ decode ─ sample ─ judge (after, before) ─ file, fsync, rename
//	       └─ read back, in order ─ flags, difference, report, publication
//
// A directory holds one replay. Its [Plan] says which offsets of which
// partitions are judged, and by which rulesets; it is made once. Each range is
// cut into segments at fixed offsets, and a segment is a file that is there
// whole or not at all. So a replay that was killed goes on with the segments
// that are missing, several machines can share them, and what comes out is the
// same bytes however often it was interrupted.
//
// # Files
//
// plan.json is the plan. A segment is
//
//	<topic>/<partition>/<from>-<to>.jsonl
//
// with offsets of twenty digits, both inclusive, so that names sort as offsets
// do. Each line is an object. One line for each event that a side flags, in
// order of offset:
//
//	{"topic":"mails","partition":3,"offset":1201,"timestamp":1762074000000,
//	 "traceparent":"…","before":{…},"after":{…}}
//
// timestamp is the record's, in milliseconds since the Unix epoch. before and
// after are flags as they stand on the topic (vigie.flag.v1, byte for byte),
// left out where the side makes none; with one lexicon there is no before.
// traceparent is the event's, left out without one. The last line accounts for
// every offset of the segment:
//
//	{"receipt":{…}}
//
// with the fields of [Receipt]. A file without it is no segment. No file holds
// a text, and all are readable by their owner alone: they say who is frail.
package replay
