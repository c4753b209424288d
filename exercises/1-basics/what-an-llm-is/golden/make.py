"""Makes means.txt with Python's own statistics module (Python 3.8 or later; nothing to install).

    python make.py

A line holds the mean, then the numbers.
"""

from pathlib import Path
from statistics import fmean

SAMPLES = [
    [0.5],
    [1.0, 2.0, 6.0],
    [-3.25, 3.25, 0.5, 7.0],
    [1e8 + 1, 1e8 + 2, 1e8 + 4],
    [1e-3, 1e3, -1e2, 12.5, 0.0625, -7.0, 3.0],
]

lines = [" ".join(repr(x) for x in [fmean(sample), *sample]) for sample in SAMPLES]
Path(__file__).with_name("means.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
