"""Merges learned by rustbpe: arguments are a file with the text, the size of the vocabulary, and the
pattern of words. See peer.rs."""

import json
import os
import sys
import time

# Before it is loaded: one thread, as all others here have.
os.environ["RAYON_NUM_THREADS"] = "1"

import rustbpe

path, vocab_size, pattern = sys.argv[1:]
text = open(path, encoding="utf-8", newline="").read()


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for _ in sys.stdin:
    tokenizer = rustbpe.Tokenizer()
    start = time.perf_counter()
    tokenizer.train_from_iterator(iter([text]), int(vocab_size), pattern=pattern)
    seconds = time.perf_counter() - start
    answer(seconds=seconds, result=tokenizer.vocab_size)
