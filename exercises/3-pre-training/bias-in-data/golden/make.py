"""Expected values for the checks, from numpy, scipy and Python's re.

    pip install numpy==2.4.6 scipy==1.17.1
    python golden/make.py

- rates.json: Wilson's intervals of scipy; the interval of the difference is made of them.
- tests.json: vectors with a few numbers each, the association of every word of X and Y, WEAT with
  numpy's std, and the p-value by all combinations of scores rounded to multiples of 2^-40.
- twins.json: texts and their twins by one regular expression.
"""

import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, norm

HERE = Path(__file__).parent


def rates(x, y, level):
    z = norm.ppf((1 + level) / 2)
    ends = []
    for hits, of in (x, y):
        ci = binomtest(hits, of).proportion_ci(level, "wilson")
        ends.append((hits / of, ci.low, ci.high))
    (px, lx, ux), (py, ly, uy) = ends
    d = px - py
    low, high = d - math.hypot(px - lx, uy - py), d + math.hypot(ux - px, py - ly)
    return dict(x=x, y=y, z=z, intervals=[*ends, (d, low, high)])


def tests(n, n_a, n_b, dim, lean, seed):
    rng = np.random.default_rng(seed)
    draw = lambda k, shift: (
        rng.normal(size=(k, dim)) * rng.uniform(0.1, 30, (k, 1)) + shift
    ).round(6)
    names = [f"{list_}{i}" for list_, k in zip("xyab", (n, n, n_a, n_b)) for i in range(k)]
    rows = np.concatenate([draw(n, lean), draw(n, -lean), draw(n_a, 1), draw(n_b, -1)])
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    x, y, a, b = np.split(unit, [n, 2 * n, 2 * n + n_a])
    s = lambda w: (w @ a.T).mean(axis=1) - (w @ b.T).mean(axis=1)
    xs, ys = s(x), s(y)
    both = np.concatenate([xs, ys])
    whole = [int(round(v * 2**40)) for v in both.tolist()]
    sums = [sum(split) for split in itertools.combinations(whole, n)]
    hits = sum(total >= sum(whole[:n]) for total in sums)
    return dict(
        vectors=dict(zip(names, rows.tolist())),
        sizes=[n, n_a, n_b],
        x_scores=xs.tolist(),
        y_scores=ys.tolist(),
        statistic=float(xs.sum() - ys.sum()),
        effect_size=float((xs.mean() - ys.mean()) / np.std(both)),
        hits=hits,
        splits=len(sums),
    )


def twins(text, pairs):
    partner = {}
    for p, q in pairs:
        capitals = p[0].upper() + p[1:], q[0].upper() + q[1:]
        both = [(p, q)] + ([capitals] if capitals[0] != p and capitals[1] != q else [])
        for p, q in both:
            assert p not in partner and q not in partner
            partner |= {p: q, q: p}
    longest = sorted(partner, key=len, reverse=True)
    # [^\W_] is a letter or a digit.
    phrase = "|".join(map(re.escape, longest))
    twin = re.sub(rf"(?<![^\W_])(?:{phrase})(?![^\W_])", lambda m: partner[m[0]], text)
    return dict(text=text, pairs=pairs, twin=twin)


def write(name, value):
    lines = ",\n".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in value)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


TOWN = [["Rose", "Otto"], ["Ada", "Rose Lane Junior"], ["Rose Lane", "Mill Road"]]
WORDS = [["he", "she"], ["him", "her"], ["waiter", "waitress"], ["naïve", "sage"]]
write(
    "rates.json",
    [
        rates((8, 10), (4, 10), 0.95),
        rates((80, 100), (40, 100), 0.95),
        rates((0, 7), (7, 7), 0.99),
        rates((3, 1000), (1, 1), 0.5),
        rates((123456, 1000003), (7, 19), 0.999),
        rates((1, 3), (2, 6), 0.8),
    ],
)
write(
    "tests.json",
    [
        tests(1, 1, 1, 3, 0, 1),
        tests(2, 3, 2, 4, 0, 2),
        tests(3, 2, 5, 5, 2, 3),
        tests(5, 4, 3, 6, 0.5, 4),
        tests(5, 4, 3, 6, -3, 5),
        tests(8, 6, 6, 8, 0.3, 6),
    ],
)
write(
    "twins.json",
    [
        twins("Rose met Otto in Rose Lane. Otto's dog saw Rosetta and Rose’s cat!", TOWN),
        twins("Ada, Ada-Rose and rose_Rose; ROSE in 3Rose Rose3 (Otto)", TOWN),
        twins("Rose Lane Junior, Rose Lane, Rose  Lane, Rose\nLane, Rose Lanes", TOWN),
        twins("He saw her. She saw him: the naïve waiter, a waitress. HE! hers, then he.", WORDS),
        twins("Naïve and Sage; Sagen, naïvely, naïve", WORDS),
        twins("Zoë and Zoëlle, Ωmega, 李明 with 李明明: Zoë李明 李明", [["Zoë", "Ωmega"], ["李明", "x"]]),
        twins("", TOWN),
        twins("nobody", TOWN),
    ],
)
