"""The contenders in Python: `peers.py ENGINE TERMS NAME=DOCUMENTS...` speaks the
protocol of bench/README.md. Documents are lines of folded words, for edsnlp
events as JSON."""

import gc
import json
import sys
import time


def lines(file):
    with open(file, encoding="utf-8") as f:
        return f.read().splitlines()


def resident():
    """Resident memory in bytes."""
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


class PyAhoCorasick:
    """All overlapping matches, over bytes that are words between blanks."""

    def __init__(self, terms):
        import ahocorasick

        self.automaton = ahocorasick.Automaton()
        for i, t in enumerate(terms):
            self.automaton.add_word(f" {t} ", i)
        self.automaton.make_automaton()

    def read(self, line):
        return f" {line} "

    def find(self, document):
        return sum(1 for _ in self.automaton.iter(document))


class FlashText:
    """The longest matches, which do not overlap."""

    def __init__(self, terms):
        from flashtext import KeywordProcessor

        self.processor = KeywordProcessor(case_sensitive=True)
        for t in terms:
            self.processor.add_keyword(t)

    def read(self, line):
        return line

    def find(self, document):
        return len(self.processor.extract_keywords(document))


class Spacy:
    """All overlapping matches over tokens. The documents are made beforehand:
    the making of tokens is not measured."""

    def __init__(self, terms):
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc
        from spacy.vocab import Vocab

        self.doc, self.vocab = Doc, Vocab()
        self.matcher = PhraseMatcher(self.vocab, attr="ORTH")
        for i, t in enumerate(terms):
            self.matcher.add(str(i), [self.read(t)])

    def read(self, line):
        return self.doc(self.vocab, words=line.split(" "))

    def find(self, document):
        return len(self.matcher(document))


class EDSNLP:
    """What a French clinical pipeline does for the same question: the event's
    JSON, tokens, normalised words, sentences, terms, negation and hypothesis."""

    def __init__(self, terms):
        import edsnlp

        self.nlp = edsnlp.blank("eds")
        self.nlp.add_pipe("eds.normalizer")
        self.nlp.add_pipe("eds.sentences")
        self.nlp.add_pipe("eds.matcher", config={"terms": {"sign": terms}, "attr": "NORM"})
        self.nlp.add_pipe("eds.negation")
        self.nlp.add_pipe("eds.hypothesis")

    def read(self, line):
        return line

    def find(self, event):
        data = json.loads(event)["data"]
        texts = [data.get("subject"), data.get("text")]
        texts += [t["text"] for t in data.get("turns", [])] + [a["text"] for a in data.get("answers", [])]
        asserted = 0
        for e in self.nlp("\n".join(t for t in texts if t)).ents:
            asserted += not (e._.negation or e._.hypothesis)
        return asserted


ENGINES = {"pyahocorasick": PyAhoCorasick, "flashtext": FlashText, "spacy": Spacy, "edsnlp": EDSNLP}


def main():
    terms = lines(sys.argv[2])
    gc.collect()
    before, began = resident(), time.process_time_ns()
    engine = ENGINES[sys.argv[1]](terms)
    built = time.process_time_ns() - began
    gc.collect()
    print("ready", built, resident() - before, flush=True)
    inputs = {}
    for arg in sys.argv[3:]:
        name, file = arg.split("=", 1)
        inputs[name] = [engine.read(line) for line in lines(file)]
    for line in sys.stdin:
        command, name, *times = line.split()
        if command == "count":
            counts = [engine.find(d) for d in inputs[name]]
            print("count", sum(counts), sum(c > 0 for c in counts), flush=True)
        else:
            matches, began = 0, time.process_time_ns()
            for _ in range(int(times[0])):
                for d in inputs[name]:
                    matches += engine.find(d)
            print("round", time.process_time_ns() - began, matches, flush=True)


main()
