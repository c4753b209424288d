"""Expected values for the checks, from PyTorch and transformers.

    pip install torch==2.15.0 transformers==5.23.0
    python golden/make.py

writes softmax.json, sampling.json and penalty.json beside this file. Everything is computed in double
precision; the inputs are multiples of 1/64, so f32 holds them exactly.
"""

import json
from pathlib import Path

import torch
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

HERE = Path(__file__).parent


def logits(*shape, seed, scale=2.0, offset=0.0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale + offset
    return torch.round(x * 64) / 64


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.flatten().tolist()]


def softmax_case(name, x):
    return {
        "name": name,
        "shape": list(x.shape),
        "x": numbers(x),
        "along": [numbers(torch.softmax(x, dim)) for dim in range(x.dim())],
    }


def sampling_case(x, temperature=1.0, top_k=None, top_p=None, min_p=None):
    scores = x[None, :]
    # The order in which `generate` of transformers applies them.
    warpers = [TemperatureLogitsWarper(temperature)] if temperature != 1.0 else []
    warpers += [TopKLogitsWarper(top_k)] if top_k is not None else []
    warpers += [TopPLogitsWarper(top_p)] if top_p is not None else []
    warpers += [MinPLogitsWarper(min_p)] if min_p is not None else []
    for warper in warpers:
        scores = warper(None, scores)
    return {
        "logits": numbers(x),
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "min_p": min_p,
        "probs": numbers(torch.softmax(scores, -1)[0]),
    }


def penalty_case(x, history, penalty):
    processor = RepetitionPenaltyLogitsProcessor(penalty)
    # It writes into the scores it is given.
    scores = processor(torch.tensor([history]), x[None, :].clone())
    return {
        "logits": numbers(x),
        "history": history,
        "penalty": penalty,
        "penalized": numbers(scores[0]),
    }


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


write(
    "softmax.json",
    [
        softmax_case("one number", logits(1, seed=1)),
        softmax_case("a row", logits(7, seed=2)),
        softmax_case("rank 3", logits(3, 4, 5, seed=3)),
        softmax_case("an axis of one element", logits(3, 1, 5, seed=4)),
        softmax_case("rank 4", logits(2, 3, 1, 5, seed=5)),
        softmax_case("logits up to ±1e4", logits(3, 5, seed=6, scale=1e4)),
        softmax_case("logits near −1e4", logits(4, 3, seed=7, offset=-1e4)),
        softmax_case("logits near +1e4", logits(4, 3, seed=8, offset=1e4)),
    ],
)
x, flat, peaked = logits(9, seed=11), logits(7, seed=12, scale=0.25), logits(8, seed=13, scale=6.0)
write(
    "sampling.json",
    [
        sampling_case(x, temperature=0.6, top_k=4),
        sampling_case(x, temperature=1.7, top_p=0.7),
        sampling_case(x, temperature=0.8, min_p=0.02),
        sampling_case(x, temperature=2.5, top_k=6, top_p=0.8),
        sampling_case(x, temperature=2.5, top_k=5, top_p=0.9, min_p=0.35),
        sampling_case(flat, temperature=0.4, top_p=0.6, min_p=0.5),
        sampling_case(flat, temperature=0.3, top_k=3, top_p=0.75),
        sampling_case(peaked, temperature=4.0, top_k=7, top_p=0.95, min_p=0.02),
        sampling_case(peaked, temperature=3.0, top_p=0.85, min_p=0.1),
    ],
)
write(
    "penalty.json",
    [
        penalty_case(x, [0, 1, 2], 1.2),
        penalty_case(x, [8, 3, 8, 8, 5, 3], 1.5),
        penalty_case(x, list(range(9)) * 2, 2.0),
        penalty_case(flat, [6, 0], 0.5),
        penalty_case(peaked, [4, 7, 2, 4], 1.05),
    ],
)
