"""Quantizing to NF4 by bitsandbytes on one thread: the argument is a file of f32 numbers. Each line is a
run. See peer.rs."""

import json
import sys
import time

import numpy
import torch
from bitsandbytes.functional import quantize_4bit

torch.set_num_threads(1)
numbers = torch.from_numpy(numpy.fromfile(sys.argv[1], dtype="<f4"))


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for line in sys.stdin:
    start = time.perf_counter()
    packed, state = quantize_4bit(numbers, quant_type="nf4", blocksize=64)
    seconds = time.perf_counter() - start
    sums = [[packed.double().sum().item()], [state.absmax.double().sum().item()]]
    answer(seconds=seconds, result=sums)
