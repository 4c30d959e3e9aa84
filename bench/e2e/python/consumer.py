"""A consumer with pyahocorasick: looks for the terms, writes, commits."""

import json
import os
import re
import signal
import unicodedata

import ahocorasick
from confluent_kafka import Consumer, Producer

stopping = False
NO_WORD = re.compile(r"[^a-z0-9]+")


def stop(*_):
    global stopping
    stopping = True


def automaton(path):
    """Terms stand between blanks, so that they match whole words only."""
    found = ahocorasick.Automaton()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            term = json.loads(line)
            found.add_word(" " + term["text"] + " ", (term["text"], term["factor"]))
    found.make_automaton()
    return found


def text_of(data):
    parts = [data.get("subject", ""), data.get("text", "")]
    parts += [turn["text"] for turn in data.get("turns", [])]
    return " ".join(parts)


def fold(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " " + NO_WORD.sub(" ", plain) + " "


def main():
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, stop)
    env = os.environ
    terms = automaton(env["BENCH_TERMS"])
    least = int(env["BENCH_LEAST"])
    consumer = Consumer(
        {
            "bootstrap.servers": env["BENCH_BROKER"],
            "group.id": env["BENCH_GROUP"],
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer({"bootstrap.servers": env["BENCH_BROKER"], "acks": "all", "compression.type": "lz4", "linger.ms": 5})
    consumer.subscribe([env["BENCH_INPUT"]])
    while not stopping:
        batch = consumer.consume(500, timeout=0.25)
        for message in batch:
            if message.error():
                raise SystemExit(str(message.error()))
            event = json.loads(message.value())
            found = dict(value for _, value in terms.iter(fold(text_of(event["data"]))))
            if len(found) < least:
                continue
            flag = {"event": event["id"], "terms": found}
            producer.produce(env["BENCH_OUTPUT"], json.dumps(flag).encode(), message.key())
        if batch:
            if producer.flush(30):
                raise SystemExit("flags could not be written")
            consumer.commit(asynchronous=False)
    consumer.close()


main()
