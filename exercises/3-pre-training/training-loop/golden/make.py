"""Expected values for the checks, from PyTorch and transformers.

    pip install torch==2.15.0 transformers==5.24.0 safetensors==0.8.0
    python golden/make.py

- start.safetensors: a run of a tiny GPT-2 that is at step 3, written by Python's safetensors. Its
  moments are drawn; the runs below begin with its weights, at step 0 and with moments of 0.
- runs.json: ten steps each. Row by row in the order in which they are read, what the model reads and
  the labels; for each step the loss, the norm of the gradient before clipping and the learning rate;
  for each tensor the sum of its numbers and the sum of their sizes at the end; and the mean loss of
  all rows before the first step. All in f64, with one backward pass for all rows of a step.
"""

import json
import math
import random
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
IGNORE = -100
SIZES = dict(n_layer=2, n_head=3, n_embd=12, n_positions=10, vocab_size=29)
CONTEXT = 8


def start():
    torch.manual_seed(1)
    model = GPT2LMHeadModel(GPT2Config(**SIZES)).transformer
    # Large enough that every part matters.
    tensors = {k: v + 0.1 * torch.randn(v.shape) for k, v in model.state_dict().items()}
    names = [k for k in tensors if not k.endswith(".attn.bias")]
    weights = {k: tensors[k].contiguous() for k in names}
    m = {f"adamw.m.{k}": 0.01 * torch.randn(v.shape) for k, v in weights.items()}
    v = {f"adamw.v.{k}": 0.01 * torch.rand(v.shape) for k, v in weights.items()}
    about = json.dumps(dict(step=3, **SIZES))
    save_file(weights | m | v, HERE / "start.safetensors", metadata={"training_loop": about})
    return weights


def rows(count, seed, ragged):
    rng = random.Random(seed)
    out = []
    for i in range(count):
        # Each token follows from the two before, most of the time.
        ids = [rng.randrange(29), rng.randrange(29)]
        while len(ids) <= CONTEXT:
            ids.append((3 * ids[-1] + ids[-2]) % 29 if rng.random() < 0.8 else rng.randrange(29))
        labels = ids[1:]
        asked = [8, 1, 5, 0, 3][i % 5] if ragged else CONTEXT - (i % 4 == 3) * 2
        labels = [y if t < asked else IGNORE for t, y in enumerate(labels)]
        out.append((ids[:-1], labels))
    return out


def rate(s, step):
    w, total = s["warmup"], s["total"]
    if step < w:
        return s["peak"] * (step + 1) / (w + 1)
    if s["decay"] == "constant":
        return s["peak"]
    half = (1 + math.cos(math.pi * (step - w) / (total - w))) / 2
    return s["floor"] + (s["peak"] - s["floor"]) * half


def run(weights, name, batch, micro_batch, ragged, max_norm, schedule, adamw=None):
    config = GPT2Config(**SIZES, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
    model = GPT2LMHeadModel(config)
    model.transformer.load_state_dict(weights, strict=False)
    model = model.double().eval()
    params = dict(model.transformer.named_parameters())
    if adamw:
        groups = [
            dict(params=[p for p in params.values() if (p.dim() >= 2) == decays], weight_decay=d)
            for decays, d in [(True, adamw["weight_decay"]), (False, 0.0)]
        ]
        betas = (adamw["beta1"], adamw["beta2"])
        optimizer = torch.optim.AdamW(groups, lr=1.0, betas=betas, eps=adamw["eps"])
    else:
        optimizer = torch.optim.SGD(params.values(), lr=1.0)
    data = rows(10 * batch, len(name), ragged)

    def loss_of(part):
        ids, labels = (torch.tensor(x) for x in zip(*part))
        logits = model(ids).logits
        return torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORE
        )

    with torch.no_grad():
        evaluated = loss_of(data).item()
    steps = []
    for step in range(10):
        optimizer.zero_grad()
        loss = loss_of(data[step * batch : (step + 1) * batch])
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(params.values(), max_norm)
        lr = rate(schedule, step)
        for group in optimizer.param_groups:
            group["lr"] = lr
        optimizer.step()
        steps.append(dict(loss=loss.item(), norm=norm.item(), lr=lr))
    sums = {k: [v.sum().item(), v.abs().sum().item()] for k, v in params.items()}
    return dict(
        name=name,
        batch=batch,
        micro_batch=micro_batch,
        max_norm=max_norm,
        schedule=schedule,
        adamw=adamw,
        ids=[i for i, _ in data],
        labels=[y for _, y in data],
        steps=steps,
        sums=sums,
        evaluated=evaluated,
    )


weights = start()
constant = dict(decay="constant", peak=0.2, floor=0.0, warmup=0, total=10)
cosine = dict(decay="cosine", peak=0.02, floor=0.002, warmup=3, total=10)
runs = [
    run(weights, "plain steps downhill", 4, 4, False, 1e9, constant),
    run(weights, "AdamW, warmed up and clipped", 3, 3, False, 0.7, cosine,
        dict(beta1=0.9, beta2=0.95, eps=1e-4, weight_decay=0.3)),
    run(weights, "ragged rows, clipped", 5, 2, True, 1.1, constant),
    run(weights, "ragged rows with AdamW", 5, 3, True, 0.9, cosine,
        dict(beta1=0.8, beta2=0.9, eps=1e-3, weight_decay=0.1)),
]
lines = ",\n".join(json.dumps(r, separators=(",", ":")) for r in runs)
(HERE / "runs.json").write_text(f"[\n{lines}\n]\n")
for r in runs:
    print(r["name"], [(round(s["loss"], 3), round(s["norm"], 2)) for s in r["steps"]], r["evaluated"])
