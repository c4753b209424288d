"""Logits of a GPT-2 by transformers: arguments are a file with the weights, one with the sizes, and
one with the ids. See peer.rs."""

import json
import os
import sys
import time

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel

weights, sizes, ids = sys.argv[1:]
torch.set_num_threads(int(os.environ["STUDY_THREADS"]))
config = GPT2Config(**json.load(open(sizes, encoding="utf-8")), use_cache=False)
model = GPT2LMHeadModel(config).eval()
model.transformer.load_state_dict(load_file(weights), strict=True)
ids = torch.tensor(json.load(open(ids, encoding="utf-8")))


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for _ in sys.stdin:
    start = time.perf_counter()
    with torch.no_grad():
        logits = model(ids).logits
    last = logits[:, -1].clone()
    seconds = time.perf_counter() - start
    answer(seconds=seconds, result=last.tolist())
