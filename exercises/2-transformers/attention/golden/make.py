"""Expected values for the checks, from PyTorch in double precision.

    pip install torch==2.15.0
    python golden/make.py

writes attention.json and masks.json beside this file. The inputs are multiples of 1/64, so f32 holds
them exactly.
"""

import json
from pathlib import Path

import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

HERE = Path(__file__).parent
F64 = torch.float64


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.flatten().tolist()]


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


def causal(t_q, t_k):
    """PyTorch's own mask, aligned at the end."""
    return causal_lower_right(t_q, t_k)._materialize()


def tokens(lengths, t_k, side):
    """Texts of ones, filled up with zeros; the longest sets the width, so one of t_k comes along."""
    texts = [torch.ones(length, dtype=torch.bool) for length in [*lengths, t_k]]
    return pad_sequence(texts, batch_first=True, padding_side=side)[:-1]


def case(name, front, t_q, t_k, d, d_v, seed, mask=None):
    generator = torch.Generator().manual_seed(seed)
    drawn = lambda *shape: torch.round(torch.randn(*shape, generator=generator, dtype=F64) * 96) / 64
    q, k, v = drawn(*front, t_q, d), drawn(*front, t_k, d), drawn(*front, t_k, d_v)
    out = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert out.isfinite().all(), name
    return {
        "name": name,
        "front": list(front),
        "sizes": [t_q, t_k, d, d_v],
        "q": numbers(q),
        "k": numbers(k),
        "v": numbers(v),
        "mask_shape": [] if mask is None else list(mask.shape),
        "mask": [] if mask is None else [int(m) for m in mask.flatten()],
        "out": numbers(out),
    }


def drawn_mask(shape, seed):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.6


left = tokens([2, 5], 5, "left")[:, None, None, :]
right = tokens([4, 1, 6], 6, "right")[:, None, None, :]
write(
    "attention.json",
    [
        case("two axes", (), 3, 4, 5, 2, seed=1),
        case("one key", (2,), 3, 1, 4, 3, seed=2),
        case("two heads of two texts", (2, 2), 4, 4, 8, 8, seed=3),
        case("more queries than keys", (1, 3), 7, 2, 3, 4, seed=4),
        case("a single query", (3, 1), 1, 9, 6, 5, seed=5),
        case("a causal mask", (2, 2), 5, 5, 4, 3, seed=6, mask=causal(5, 5)),
        case("a causal mask over a past", (1, 2), 2, 6, 4, 3, seed=7, mask=causal(2, 6)),
        case("queries that see nothing", (2,), 5, 3, 2, 4, seed=8, mask=causal(5, 3)),
        case("padding behind the texts", (3, 2), 4, 6, 5, 2, seed=9, mask=right),
        case("padding on the left, causal", (2, 2), 5, 5, 4, 3, seed=10, mask=causal(5, 5) & left),
        case("a mask a head", (2, 3), 3, 4, 2, 2, seed=11, mask=drawn_mask((3, 1, 4), 1)),
        case("a mask of its own for all", (2, 2), 3, 4, 2, 3, seed=12, mask=drawn_mask((2, 2, 3, 4), 2)),
    ],
)


def causal_case(t_q, t_k):
    return {"t_q": t_q, "t_k": t_k, "mask": [int(m) for m in causal(t_q, t_k).flatten()]}


def padding_case(lengths, t_k, side):
    mask = tokens(lengths, t_k, side)
    return {"lengths": lengths, "t_k": t_k, "side": side, "mask": [int(m) for m in mask.flatten()]}


write(
    "masks.json",
    [causal_case(*sizes) for sizes in [(1, 1), (4, 4), (7, 7), (1, 5), (3, 8), (2, 3), (5, 2), (4, 1)]]
    + [
        padding_case(lengths, t_k, side)
        for side in ["right", "left"]
        for lengths, t_k in [([3], 5), ([2, 5, 0], 5), ([1, 7, 4, 4], 9), ([1], 1)]
    ],
)
