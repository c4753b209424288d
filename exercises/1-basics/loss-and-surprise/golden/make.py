"""Expected values for the checks, from PyTorch.

    pip install torch==2.15.0
    python golden/make.py

writes log_softmax.json and cross_entropy.json beside this file. Everything is computed in double
precision; the logits are multiples of 1/64, so f32 holds them exactly.
"""

import json
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, log_softmax

HERE = Path(__file__).parent

# The largest u32 stands for PyTorch's default of -100.
NEVER = 2**32 - 1


def logits(*shape, seed, scale=2.0, offset=0.0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale + offset
    return torch.round(x * 64) / 64


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.flatten().tolist()]


def log_softmax_case(name, x):
    upstream = logits(*x.shape, seed=99, scale=1.0)
    along, gradients = [], []
    for dim in range(x.dim()):
        leaf = x.clone().requires_grad_()
        y = log_softmax(leaf, dim)
        (y * upstream).sum().backward()
        along.append(numbers(y.detach()))
        gradients.append(numbers(leaf.grad))
    return {
        "name": name,
        "shape": list(x.shape),
        "x": numbers(x),
        "along": along,
        "upstream": numbers(upstream),
        "gradients": gradients,
    }


def loss_case(name, x, targets, ignore_index=NEVER):
    leaf = x.clone().requires_grad_()
    labels = torch.tensor([-100 if t == NEVER else t for t in targets])
    loss = cross_entropy(leaf, labels, ignore_index=-100 if ignore_index == NEVER else ignore_index)
    loss.backward()
    return {
        "name": name,
        "shape": list(x.shape),
        "logits": numbers(x),
        "targets": targets,
        "ignore_index": ignore_index,
        "loss": float(f"{loss.item():.12g}"),
        "gradient": numbers(leaf.grad),
    }


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


write(
    "log_softmax.json",
    [
        log_softmax_case("a row", logits(7, seed=1)),
        log_softmax_case("rank 3", logits(3, 4, 5, seed=2)),
        log_softmax_case("rank 4", logits(2, 3, 2, 5, seed=3)),
        log_softmax_case("logits up to ±1e4", logits(3, 5, seed=4, scale=5e3)),
        log_softmax_case("logits near −1e4", logits(4, 3, seed=5, offset=-1e4)),
        log_softmax_case("logits near +1e4", logits(4, 3, seed=6, offset=1e4)),
    ],
)
write(
    "cross_entropy.json",
    [
        loss_case("one row", logits(1, 5, seed=11), [3]),
        loss_case("seven rows", logits(7, 11, seed=12), [4, 0, 10, 4, 7, 1, 9]),
        loss_case("more rows than tokens", logits(9, 2, seed=13), [1, 0, 0, 1, 1, 1, 0, 1, 0]),
        loss_case("the largest u32 ignored", logits(6, 5, seed=14), [NEVER, 2, 4, NEVER, 0, NEVER], NEVER),
        loss_case("token 0, the padding, ignored", logits(8, 6, seed=15), [3, 5, 1, 0, 2, 0, 0, 0], 0),
        loss_case("the last token ignored", logits(5, 4, seed=16), [3, 3, 1, 3, 2], 3),
        loss_case("an id beyond the vocabulary ignored", logits(5, 4, seed=17), [1, 77, 3, 0, 77], 77),
        loss_case("logits up to ±1e4", logits(5, 7, seed=18, scale=5e3), [6, 2, 0, 3, 3]),
        loss_case("logits near −1e4", logits(4, 9, seed=19, offset=-1e4), [8, 2, 0, 5]),
        loss_case("logits near +1e4", logits(4, 9, seed=20, offset=1e4), [1, 7, 0, 3]),
    ],
)
