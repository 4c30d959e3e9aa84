// Package console is the web application of the people who own the words: they
// try a text, understand a flag, look at the lexicon, and see what a change of it
// would do. It serves French pages made on the server, with a little script of its
// own; it writes nothing, and keeps no text that it is given.
package console
