"""Expected values for the checks, from transformers and PyTorch.

    pip install torch==2.15.0 transformers==5.24.0
    python golden/make.py

writes scores.json: a GPT-2 with drawn weights, in double precision; the loss of a continuation behind a
prompt, its gradient along the embeddings of the prompt by autograd, and what that foretells for each
swap: the derivative of the loss along the way from the old embedding to the new one.
"""

import json
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
SIZES = dict(n_layer=2, n_head=2, n_embd=6, n_positions=12, vocab_size=11, bos_token_id=0, eos_token_id=0)


def short(tensor):
    return [float(f"{v:.9g}") for v in tensor.flatten().tolist()]


def main():
    torch.manual_seed(9)
    model = GPT2LMHeadModel(GPT2Config(**SIZES, attn_implementation="eager")).eval().double()
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0.0, 0.6)
            p.copy_(p.float())
    table = model.transformer.wte.weight.detach()
    cases = []
    for prompt, wanted in [([4], [7]), ([1, 10, 3], [2, 2, 5]), ([6, 6, 0, 9], [8])]:
        ids = torch.tensor([prompt + wanted])
        labels = ids.clone()
        labels[0, : len(prompt)] = -100

        def loss_of(embeds):
            return model(inputs_embeds=embeds[None], labels=labels).loss

        embeds = table[ids[0]].clone().requires_grad_(True)
        loss_of(embeds).backward()
        slopes = embeds.grad[: len(prompt)]
        scores = torch.zeros(len(prompt), SIZES["vocab_size"], dtype=torch.float64)
        for place in range(len(prompt)):
            for new in range(SIZES["vocab_size"]):
                # Forward mode, along the swap itself: no dot product is written down here.
                way = torch.zeros_like(embeds)
                way[place] = table[new] - table[ids[0, place]]
                _, scores[place, new] = torch.func.jvp(loss_of, (embeds.detach(),), (way,))
        cases.append(dict(ids=prompt, slopes=short(slopes), scores=short(scores)))
    golden = dict(width=SIZES["n_embd"], table=short(table), cases=cases)
    (HERE / "scores.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
