// Package lexicon reads, checks and compiles the lexicon of fragility.
//
// [Load] reads a directory: lexicon.yaml (name, version, author, reviewer),
// qualifiers.fr.yaml (what all factors share) and fr/*.yaml (a category each).
// [LoadPolicy] reads the routing policy beside it. [Compile] makes the
// [Program] that the pipeline runs, [Lint] says what could be better and
// [NewStats] counts. The people who write the files are no programmers: the
// notation is theirs, and problems are told in French, all at once, with file,
// line and column.
//
// # Factors
//
// A factor has an id, a French label, its fg21 driver, and
//
//	severity   1 signal, 2 fragile (default), 3 serious, 4 urgent (only together with urgency)
//	weight     evidence of one finding, 1 (default) reaches a category's threshold
//	who        whose sign counts: self, household (default) or anyone
//	negatable  whether negation voids it (default true)
//	fades      "12 mois": an event older than that counts as past
//	urgency    suicide, violence, medical, child or vital_supply
//	cautions   how to approach the person
//	terms      a block of patterns, one a line; "#" starts a comment
//	heard      what speech recognition writes instead; in transcripts only
//	unless     patterns that void an overlapping or near finding of the factor
//	together   two signs in one document, within "20 mots", "3 tours" or "document"
//	dialogue   an agent's turn, then the customer's
//	reply      a customer's turn, then the agent's
//	compare    a charge against an income, both with <montant>, from a ratio on
//	times      said at_least so often
//	examples   texts by what must come of them: match, no_match or a status
//
// # Terms
//
// Patterns are folded as texts are, so they need no variants for case,
// accents, apostrophes, hyphens, "ne" or fillers.
//
//	en arrêt maladie          these words in a row
//	hospitalis(é|ée)          one of the alternatives, in a word or of whole phrases
//	(très|) malade            an empty alternative makes it optional
//	{hospitaliser} d'urgence  any inflected form; irregular lemmas stand under forms
//	arrive plus à ... payer   a gap of 0 to 5 words in the sentence (… too)
//	loyer ...8 impayé         a gap of 0 to 8 words
//	<parent> est parti        a class of qualifiers.fr.yaml; <nombre> is built in
//	«interné»                 this spelling, in texts that have accents at all
//	RSA                       an acronym: also spelled "r s a" or "R.S.A."
//	^oui                      at the beginning of a sentence, turn or answer
//
// "plus" also stands for "pu", as many write it, but not alone and not where
// "pu" would be the participle of pouvoir ("j'ai pu payer").
//
// # Compilation
//
// A run of neighbouring words becomes word sequences for the automaton, its
// alternatives and forms multiplied out, as long as they stay few; gaps,
// classes and what would become too many are cut into groups that are put
// together after matching. Groups are shared by all patterns that have them.
//
// # Identity
//
// A term's id is its factor and a hash of its canonical notation. The digest
// of a ruleset is the hash of its canonical JSON (RFC 8785): whatever can
// change a flag is in it, and labels, examples, comments and order are not.
package lexicon
