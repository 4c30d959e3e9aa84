// Package pipeline is the path of an event, a stage a file:
//
//	Kafka topics ─ source ─ decode ─ fold ─ match ─ qualify ─ assess ─ route ─ sink ─ fragility.flags
//	                           │                                         │
//	                           └── permanent error: fragility.dead-letter
//	                             after each batch: fragility.receipts ───┘ then the offset is committed
//
// [Classifier.Classify] is decode to route in one function; it is pure: no
// clock, no I/O, no logger, no goroutine. Same record and same ruleset, same
// flag, byte for byte. [Worker] puts a source before it and a sink behind it.
//
// Delivery is at least once. A batch of a partition is judged; its flags, dead
// letters and, where that is on, evidence are written with all acks; then its receipt; then its offset is
// committed under the generation that read it. A crash between two of these
// writes repeats the batch, never loses it, and a repeated flag is the same
// flag with the same id.
package pipeline
