"""Expected values for the checks, from PyTorch and transformers.

    pip install torch==2.15.0 transformers==5.24.0
    python golden/make.py

- rates.json: learning rates by step, from torch's LinearLR and CosineAnnealingLR one after the
  other. After `total` torch's cosine rises again, so steps end there. The inverse square root is
  that of transformers, which counts steps from 1 here.
- clipped.json: clip_grad_norm_, in f64.
- accumulated.json: cross_entropy of a linear model, once for all rows, once for each micro-batch;
  null is NaN.
- scales.json: GradScaler; `finite` says whether the gradients were.
- halves.json: numbers and the f16 nearest to each.
"""

import json
import math
import random
from pathlib import Path

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, SequentialLR
from transformers import get_inverse_sqrt_schedule

HERE = Path(__file__).parent
f32 = lambda x: torch.tensor(x, dtype=torch.float32).double().tolist()


def rates(decay, peak, floor, warmup, total, steps=0):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
    first = 0
    if decay == "InverseSqrt":
        scheduler, first = get_inverse_sqrt_schedule(optimizer, warmup + 1), 1
    else:
        constant = lambda: LambdaLR(optimizer, lambda step: 1.0)
        line = lambda n: LinearLR(optimizer, 1.0, floor / peak, n)
        parts, ends = [], []
        if warmup:
            parts, ends = [LinearLR(optimizer, 1 / (warmup + 1), 1.0, warmup)], [warmup]
        if decay == "Constant":
            parts += [constant()]
        elif decay == "Linear":
            parts += [line(total - warmup)]
        elif decay == "Cosine":
            parts += [CosineAnnealingLR(optimizer, total - warmup, floor)]
        else:
            parts += [constant(), line(steps)]
            ends += [total - steps]
        scheduler = SequentialLR(optimizer, parts, ends) if ends else parts[0]
    seen = []
    for _ in range(total + first):
        seen.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return dict(
        decay=decay, steps=steps, peak=peak, floor=floor, warmup=warmup, total=total,
        rates=seen[first:],
    )


def clipped(scale, sizes, max_norm, seed):
    rng = random.Random(seed)
    grads = [f32([scale * rng.gauss(0, 1) for _ in range(n)]) for n in sizes]
    parameters = [torch.zeros(n, dtype=torch.float64) for n in sizes]
    for p, g in zip(parameters, grads):
        p.grad = torch.tensor(g, dtype=torch.float64)
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    after = [p.grad.tolist() for p in parameters]
    return dict(grads=grads, max_norm=max_norm, norm=norm.item(), clipped=after)


def accumulated(rows, masked, seed):
    torch.manual_seed(seed)
    features, vocab = 3, 4
    weights = torch.randn(features, vocab, dtype=torch.float64, requires_grad=True)

    def measured(x, labels):
        loss = torch.nn.functional.cross_entropy(x @ weights, labels, ignore_index=-100)
        (gradient,) = torch.autograd.grad(loss, weights)
        number = lambda g: None if math.isnan(g) else g
        return number(loss.item()), [number(g) for g in gradient.flatten().tolist()]

    parts = []
    for n, hidden in zip(rows, masked):
        x, labels = torch.randn(n, features, dtype=torch.float64), torch.randint(vocab, (n,))
        labels[torch.randperm(n)[:hidden]] = -100
        parts.append((x, labels))
    micro = [(labels.tolist(), *measured(x, labels)) for x, labels in parts]
    loss, gradient = measured(*(torch.cat(part) for part in zip(*parts)))
    return dict(
        micro_batches=[dict(labels=y, mean_loss=l, gradient=g) for y, l, g in micro],
        mean_loss=loss,
        gradient=gradient,
        tokens=sum(rows) - sum(masked),
    )


def scales(finite, **settings):
    scaler = torch.amp.GradScaler("cpu", **settings)
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=0.1)
    scaler.scale(torch.zeros(1))  # Makes the scale.
    after = []
    for good in finite:
        p.grad = torch.tensor([1.0 if good else math.inf])
        scaler.step(optimizer)
        scaler.update()
        after.append([scaler.get_scale(), scaler._get_growth_tracker()])
    return dict(settings=settings, finite=finite, after=after)


def write(name, value):
    # One case a line.
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in value)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


write(
    "rates.json",
    [
        rates("Constant", 0.3, 0.1, 4, 12),
        rates("Linear", 0.5, 0.05, 5, 23),
        rates("Linear", 2.0, 0.0, 0, 9),
        rates("Cosine", 3e-4, 3e-5, 7, 30),
        rates("Cosine", 6.0, 0.0, 1, 17),
        rates("Cosine", 1.0, 0.25, 0, 10),
        rates("InverseSqrt", 0.7, 0.0, 6, 40),
        rates("InverseSqrt", 0.7, 0.0, 0, 8),
        rates("WarmupStableDecay", 0.01, 0.001, 5, 30, 8),
        rates("WarmupStableDecay", 0.4, 0.0, 3, 20, 10),
    ],
)
write(
    "clipped.json",
    [
        clipped(1.0, [3, 1, 5], 1.0, 1),
        clipped(1.0, [3, 1, 5], 100.0, 2),
        clipped(40.0, [4, 0, 7], 2.5, 3),
        clipped(1e-7, [6], 1e-6, 4),
        clipped(1e-30, [2, 2], 1e-8, 5),
        clipped(1e36, [5, 3], 1.0, 6),
        clipped(0.01, [4, 4], 0.0, 7),
    ],
)
write(
    "accumulated.json",
    [
        accumulated([4, 4], [0, 0], 1),
        accumulated([7, 2, 5], [1, 1, 0], 2),
        accumulated([3, 4, 6], [3, 1, 4], 3),
        accumulated([9, 1], [0, 0], 4),
    ],
)
good = [True] * 4
write(
    "scales.json",
    [
        scales(good * 3, init_scale=1024.0, growth_interval=3),
        scales([*good, False, *good, False, False, *good], init_scale=65536.0, growth_interval=5),
        scales(
            [True, False, *good, *good, False, *good],
            init_scale=96.0, growth_factor=4.0, backoff_factor=0.25, growth_interval=2,
        ),
        scales(good, init_scale=2.0**127, growth_interval=1),
        scales([True, True, False, True], init_scale=1.0, growth_factor=1.5, growth_interval=1),
    ],
)
numbers = [0.0, 1.0, 1.0004, 1.0005, 1 / 3, -2049.0, 65504.0, 65519.9, 65520.0, -1e6, 6.1e-5]
numbers += [6e-8, 3e-8, 2.0**-25, 2.0**-25 * 1.0001, -1e-9, 1.5 * 2.0**-24, 1e-40]
halves = [torch.tensor(x, dtype=torch.float32).half().float().item() for x in numbers]
text = lambda h: h if math.isfinite(h) else None
write("halves.json", [[x, text(h)] for x, h in zip(f32(numbers), halves)])
