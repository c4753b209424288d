"""Steps of LoRA in PyTorch with peft: arguments are the folder of the base, that of the adapter to
begin with, and a file with all rows and the learning rate. A line gives the rows of a step. See
peer.rs."""

import json
import os
import sys
import time

import torch
from peft import PeftModel
from transformers import GPT2LMHeadModel

base, adapter, rows = sys.argv[1:]
torch.set_num_threads(int(os.environ["STUDY_THREADS"]))
off = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
model = GPT2LMHeadModel.from_pretrained(base, dtype=torch.float32, use_cache=False, **off)
model = PeftModel.from_pretrained(model, adapter, is_trainable=True)
rows = json.load(open(rows, encoding="utf-8"))
ids, labels = torch.tensor(rows["ids"]), torch.tensor(rows["labels"])
learned = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(
    learned, lr=rows["lr"], betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
)


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for line in sys.stdin:
    which = json.loads(line)
    start = time.perf_counter()
    logits = model(input_ids=ids[which]).logits
    loss = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), labels[which].flatten(), ignore_index=-100
    )
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    loss = loss.item()
    answer(seconds=time.perf_counter() - start, result=loss)
