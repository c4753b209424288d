"""Steps of training a GPT-2 in PyTorch: arguments are a file with the first weights, one with the
sizes, and one with all rows and settings. A line gives a learning rate and the rows of a step. See
peer.rs."""

import json
import os
import sys
import time

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel

weights, sizes, rows = sys.argv[1:]
torch.set_num_threads(int(os.environ["STUDY_THREADS"]))
off = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
config = GPT2Config(**json.load(open(sizes, encoding="utf-8")), **off, use_cache=False)
model = GPT2LMHeadModel(config)
model.transformer.load_state_dict(
    {name: tensor for name, tensor in load_file(weights).items() if not name.startswith("adamw.")}
)
rows = json.load(open(rows, encoding="utf-8"))
ids, labels = torch.tensor(rows["ids"]), torch.tensor(rows["labels"])
groups = [
    {"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": rows["decay"]},
    {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
]
optimizer = torch.optim.AdamW(groups, lr=1.0, betas=(0.9, rows["beta2"]), eps=1e-8)


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for line in sys.stdin:
    step = json.loads(line)
    start = time.perf_counter()
    logits = model(ids[step["rows"]]).logits
    loss = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), labels[step["rows"]].flatten(), ignore_index=-100
    )
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), rows["clip"])
    for group in optimizer.param_groups:
        group["lr"] = step["lr"]
    optimizer.step()
    optimizer.zero_grad()
    loss = loss.item()
    answer(seconds=time.perf_counter() - start, result=loss)
