"""Embeddings by sentence-transformers: arguments are a folder with a model and a JSON file with
sentences. See peer.rs."""

import json
import os
import sys
import time

import torch
from sentence_transformers import SentenceTransformer

folder, sentences = sys.argv[1:]
torch.set_num_threads(int(os.environ["STUDY_THREADS"]))
model = SentenceTransformer(folder, device="cpu")
sentences = json.load(open(sentences, encoding="utf-8"))


def answer(**fields):
    print("PEER", json.dumps(fields), flush=True)


answer(ready=True)
for _ in sys.stdin:
    start = time.perf_counter()
    vectors = model.encode(sentences, normalize_embeddings=True, show_progress_bar=False)
    seconds = time.perf_counter() - start
    answer(seconds=seconds, result=vectors.tolist())
