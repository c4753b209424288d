"""Expected values for the checks, from Python alone.

    python golden/make.py            (Python 3.11 or later)

- shingles: runs of words, lower-cased by str.lower, cut where str.isalnum is false; their numbers
  are FNV-1a. The texts have no character for which Python and Rust differ in what is alphanumeric.
- signatures: the smallest hash for each seed.
- probabilities, bands: by fractions, without rounding.
"""

import json
import random
from fractions import Fraction
from pathlib import Path

MASK = 2**64 - 1


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def place(shingle, seed):
    return mix(shingle ^ mix(seed + 0x9E3779B97F4A7C15 & MASK))


def shingles(text, n):
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split(" ")
    words = [word for word in words if word]
    count = max(1, len(words) - n + 1) if words else 0
    runs = [" ".join(words[i : i + n]) for i in range(count)]
    return {"text": text, "n": n, "runs": runs, "numbers": sorted({fnv(run) for run in runs})}


def probability(s, bands, rows):
    return 1 - (1 - Fraction(s) ** rows) ** bands


def is_close(threshold, hashes, recall):
    """Whether rounding may decide."""
    cuts = [(hashes // r, r) for r in range(1, hashes + 1) if hashes % r == 0]
    off = (probability(threshold, *cut) - Fraction(recall) for cut in cuts)
    return recall > 0 and any(abs(x) < 1e-6 for x in off)


def best(threshold, hashes, recall):
    rows = (r for r in range(hashes, 0, -1) if hashes % r == 0)
    fit = (r for r in rows if probability(threshold, hashes // r, r) >= Fraction(recall))
    found = next(fit, None)
    return {
        "threshold": threshold, "hashes": hashes, "recall": recall,
        "bands": found and [hashes // found, found],
    }


rng = random.Random(7)
texts = [
    "The mill burned down. Nobody was hurt, the mayor said.",
    "the MILL burned\r\ndown -- nobody was hurt; the mayor said",
    "One two one two one two one", "it's 3.14, or 22/7", "\ufeffMENU | home\tNEWS\n\n\nThe end",
    "ÉCOLE d'été: Straße, STRASSE, ΟΔΟΣ ΟΔΟΣ.", "İstanbul ǅ", "北京 日本語, 北京", "Привет, МИР! привет мир",
    "a_b c-d e\u00a0f\u2028g\u3000h\u0000i", "x² + ½ = Ⅷ", "", " \n\t", "?!", "one", "One. Two?",
]
sets = [[], [0], [2**64 - 1], [0, 1, 2, 3], [2**63, 2**32, 5]]
sets += [[rng.getrandbits(64) for _ in range(n)] for n in (7, 40, 200)]
edges = [0, 1, 2, 3, 2**32, 2**63, 2**64 - 1, 2**64 - 0x9E3779B97F4A7C15]
seeds = [edges, [rng.getrandbits(64) for _ in range(9)], [5, 5], []]
shares = [0.0, 1e-3, 0.1, 0.25, 0.5, 0.7, 0.75, 0.8, 0.9, 0.99, 1.0]
cuts = [(1, 1), (1, 8), (8, 1), (14, 8), (20, 5), (16, 8), (3, 40), (50, 20)]
out = {
    "shingles": [shingles(text, n) for text in texts for n in (1, 2, 3, 5)]
    + [shingles(" ".join(f"w{i % 57}" for i in range(120)), n) for n in (4, 30, 61, 119)],
    "signatures": [
        {"shingles": s, "seeds": k, "signature": [min((place(x, i) for x in s), default=MASK) for i in k]}
        for s in sets for k in seeds
    ],
    "probabilities": [
        {"similarity": s, "bands": b, "rows": r, "probability": float(probability(s, b, r))}
        for s in shares for b, r in cuts
    ],
    "bands": [
        best(t, n, recall)
        for t in (0.0, 0.05, 0.3, 0.5, 0.75, 0.8, 0.95, 1.0)
        for n in (1, 7, 12, 64, 112, 128, 200)
        for recall in (0.0, 0.5, 0.9, 0.99)
        if not is_close(t, n, recall)
    ],
}
Path(__file__).with_name("golden.json").write_text(
    json.dumps(out, ensure_ascii=True, separators=(",", ":")) + "\n"
)
