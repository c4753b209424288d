"""Makes golden.json with the language models of NLTK.

    pip install nltk==3.9.2
    python make.py

NLTK's Witten-Bell smoothing ends at the counts of single tokens, so that a token which the training
text lacks has probability 0. One method is overridden here: the counts of single tokens are
interpolated, by the same rule, with the uniform distribution over the vocabulary.
"""

import json
import random
from pathlib import Path

import nltk
from nltk.lm import WittenBellInterpolated
from nltk.lm.smoothing import WittenBell

assert nltk.__version__ == "3.9.2", nltk.__version__

RHYME = """mary had a little lamb little lamb little lamb mary had a little lamb its fleece was white
as snow and everywhere that mary went mary went mary went everywhere that mary went the lamb was
sure to go it followed her to school one day school one day school one day it followed her to school
one day which was against the rule"""
NEXT_VERSE = """it followed her to school one day and everywhere that mary went the children laugh and
play mary had a little lamb at school its fleece was white and it was against the rule"""


class ToUniform(WittenBell):
    def __init__(self, vocabulary, counter, size):
        super().__init__(vocabulary, counter)
        self.size = size

    def unigram_score(self, word):
        unigrams = self.counts.unigrams
        seen = sum(count > 0 for count in unigrams.values())
        if not seen:
            return 1 / self.size
        gamma = seen / (seen + unigrams.N())
        return (1 - gamma) * unigrams.freq(word) + gamma / self.size


def ngrams(tokens, order):
    """For every token, itself with as many tokens before it as there are, at most order - 1.

    NLTK's tokens are strings.
    """
    tokens = list(map(str, tokens))
    return [tuple(tokens[max(0, i - order + 1) : i + 1]) for i in range(len(tokens))]


def case(name, tokens, held_out, order, vocab_size, contexts):
    model = WittenBellInterpolated(order)
    suffixes = [gram[i:] for gram in ngrams(tokens, order) for i in range(len(gram))]
    model.fit([suffixes], vocabulary_text=map(str, range(vocab_size)))
    model.estimator = ToUniform(model.vocab, model.counts, vocab_size)
    score = lambda token, context: model.unmasked_score(str(token), tuple(map(str, context)))
    rows = [[score(token, context) for token in range(vocab_size)] for context in contexts]
    for row in rows:
        assert abs(sum(row) - 1) < 1e-9, sum(row)
    return {
        "name": name,
        "order": order,
        "vocab_size": vocab_size,
        "tokens": tokens,
        "contexts": contexts,
        "probs": rows,
        "held_out": held_out,
        "perplexity": model.perplexity(ngrams(held_out, order)),
        "perplexity_of_training": model.perplexity(ngrams(tokens, order)),
    }


def main():
    words = sorted(set(f"{RHYME} {NEXT_VERSE}".split()))
    verse, held_out = ([words.index(w) for w in text.split()] for text in (RHYME, NEXT_VERSE))
    cases = []
    for order in (1, 2, 3, 4):
        contexts = [verse[i : i + order - 1] for i in (0, 3, 17, 33, 51)] if order > 1 else [[]]
        # Seen only in part, or not at all; and shorter than the order asks for.
        contexts += [held_out[i : i + order - 1] for i in (2, 11)] if order > 1 else []
        contexts += [[], [verse[1]]] if order > 2 else []
        contexts = [list(c) for c in dict.fromkeys(map(tuple, contexts))]
        cases.append(case(f"rhyme-{order}", verse, held_out, order, len(words), contexts))

    rng = random.Random(17)
    for order, vocab_size, length in ((2, 5, 23), (3, 7, 101), (5, 3, 211), (6, 4, 64)):
        # The last token of the vocabulary is never in the training text.
        tokens = [rng.randrange(vocab_size - 1) for _ in range(length)]
        held_out = [rng.randrange(vocab_size - 1) for _ in range(36)] + [vocab_size - 1]
        contexts = [[rng.randrange(vocab_size) for _ in range(order - 1)] for _ in range(6)]
        contexts += [tokens[-(order - 1) :], tokens[: order - 1]]
        contexts = [list(c) for c in dict.fromkeys(map(tuple, contexts))]
        name = f"random-{order}-{vocab_size}"
        cases.append(case(name, tokens, held_out, order, vocab_size, contexts))

    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("golden.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
