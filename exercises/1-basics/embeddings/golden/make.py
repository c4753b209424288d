"""Makes golden.json with gensim 4.4.0 (numpy 2.4.6, Python 3.10 or later).

    pip install gensim==4.4.0 numpy==2.4.6
    python make.py

Random vectors of very different lengths; what gensim's `KeyedVectors.most_similar` finds nearest to
some of them, and what it answers to some analogies. gensim leaves out the words of the question, and
its analogies add and subtract vectors of length 1, as the lesson does.
"""

import json
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

WORDS, DIM = 19, 7

rng = np.random.default_rng(20)
vectors = rng.normal(size=(WORDS, DIM)) * rng.uniform(0.2, 6.0, size=(WORDS, 1))
vectors = vectors.round(3).astype(np.float32)
keyed = KeyedVectors(DIM)
keyed.add_vectors([str(i) for i in range(WORDS)], vectors)


def found(answer):
    ids, cosines = [int(word) for word, _ in answer], [float(cosine) for _, cosine in answer]
    # A near tie would judge rounding.
    assert all(a - b > 1e-4 for a, b in zip(cosines, cosines[1:])), cosines
    return {"ids": ids, "cosines": cosines}


nearest = [
    {"word": word, "k": k, **found(keyed.most_similar(str(word), topn=k))}
    for word, k in [(0, 5), (7, 1), (12, 18), (18, 3)]
]
analogies = [
    {
        "abc": abc,
        "k": k,
        **found(keyed.most_similar(positive=[str(abc[1]), str(abc[2])], negative=[str(abc[0])], topn=k)),
    }
    for abc, k in [([0, 1, 2], 1), ([5, 3, 11], 4), ([18, 9, 4], 16), ([6, 13, 8], 2), ([2, 16, 7], 3)]
]

rows = [[round(float(x), 3) for x in row] for row in vectors]
lines = ",\n".join(json.dumps(row) for row in rows)
parts = [f'"vectors": [\n{lines}\n]']
for name, cases in [("nearest", nearest), ("analogies", analogies)]:
    lines = ",\n".join(json.dumps(case) for case in cases)
    parts.append(f'"{name}": [\n{lines}\n]')
Path(__file__).with_name("golden.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
