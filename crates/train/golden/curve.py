"""The losses of a training in PyTorch, which `tests/curve.rs` compares with ours.

    pip install torch==2.15.0 transformers==5.24.0 safetensors==0.8.0
    cargo run -p train --example curve -- target/curve
    python crates/train/golden/curve.py target/curve

The folder has the first weights, and for each step its rows and its learning rate. Writes
curve.json: the loss of each step in f32, as one trains, and in f64, which says how much of a
difference is rounding.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel

FOLDER = Path(sys.argv[1])
DATA = json.load(open(FOLDER / "data.json", encoding="utf-8"))
torch.set_num_threads(1)


def losses(dtype):
    off = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    model = GPT2LMHeadModel(GPT2Config(**DATA["sizes"], **off, use_cache=False)).to(dtype)
    weights = load_file(FOLDER / "start.safetensors")
    weights = {k: v for k, v in weights.items() if not k.startswith("adamw.")}
    model.transformer.load_state_dict(weights, strict=False)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": DATA["decay"]},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ]
    betas = (DATA["beta1"], DATA["beta2"])
    optimizer = torch.optim.AdamW(groups, lr=1.0, betas=betas, eps=DATA["eps"])
    curve = []
    for step in DATA["steps"]:
        logits = model(torch.tensor(step["ids"])).logits
        labels = torch.tensor(step["labels"]).flatten()
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels, ignore_index=-100)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), DATA["clip"])
        for group in optimizer.param_groups:
            group["lr"] = step["lr"]
        optimizer.step()
        optimizer.zero_grad()
        curve.append(round(loss.item(), 6))
    return curve


curves = {"f32": losses(torch.float32), "f64": losses(torch.float64)}
out = Path(__file__).parent / "curve.json"
out.write_text(json.dumps(curves).replace("], ", "],\n") + "\n", encoding="utf-8")
