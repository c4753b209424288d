"""Expected values for the checks, from transformers and NumPy.

    pip install torch==2.15.0 transformers==5.24.0 numpy
    python golden/make.py

writes likelihoods.json, the log-likelihoods of answers by a GPT-2 with drawn weights, computed as
lm-evaluation-harness does (`_loglikelihood_tokens`), with the logits that they come from; and
calibrated.json, contextual calibration as in the code of Zhao and others (2021).
"""

import json
from pathlib import Path

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
SIZES = dict(n_layer=2, n_head=2, n_embd=12, n_positions=16, vocab_size=23)


def short(values, digits=9):
    return [float(f"{v:.{digits}g}") for v in values]


def likelihoods():
    torch.manual_seed(4)
    model = GPT2LMHeadModel(GPT2Config(**SIZES)).eval().double()
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0.0, 0.5)
    cases = []
    for n_prompt, n_answer in [(1, 1), (1, 4), (5, 1), (6, 3), (12, 5), (16, 1), (3, 13)]:
        ids = torch.randint(0, SIZES["vocab_size"], (n_prompt + n_answer,))
        # What is read, and what is judged: `inp = (context + continuation)[:-1]`.
        with torch.no_grad():
            logits = model(ids[None, :-1]).logits[0]
        rows = logits.log_softmax(-1)[-n_answer:]
        found = rows.gather(1, ids[-n_answer:, None])[:, 0]
        cases.append(
            dict(
                prompt=ids[:n_prompt].tolist(),
                answer=ids[n_prompt:].tolist(),
                logits=short(logits.flatten().tolist(), 8),
                log_probs=short(found.tolist()),
            )
        )
    return cases


def calibrated():
    rng = np.random.default_rng(2)
    cases = []
    for choices, inputs, spread in [(2, 1, 1), (2, 3, 4), (5, 1, 2), (4, 3, 6), (3, 0, 2), (1, 2, 3)]:
        scores = rng.normal(-8.0, spread, choices)
        free = rng.normal(-8.0, spread, (inputs, choices))

        def shares(x):
            p = np.exp(x)
            return p / p.sum(-1, keepdims=True)

        p = shares(scores)
        if inputs:
            # W = inv(diag(p_cf)), b = 0.
            w = np.linalg.inv(np.diag(shares(free).mean(0)))
            p = w @ p
        cases.append(
            dict(
                scores=scores.tolist(),
                content_free=free.tolist(),
                q=(p / p.sum()).tolist(),
            )
        )
    return cases


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write("likelihoods.json", likelihoods())
    write("calibrated.json", calibrated())
