"""Expected values for the checks, from PEFT and PyTorch, in f64.

    pip install torch==2.15.0 transformers==5.24.0 peft==0.21.2
    python golden/make.py

- prompts: a tiny GPT-2 with PEFT's prompt tuning, and batches of texts. What went into the first block,
  the slopes of the summed loss there, and along the prompt; the labels are those of the token that
  follows, as this book has them.
- prefix: PEFT's matrix of a prefix, and keys and values as each block gets them.
- heads: one head of causal attention with a prefix, what it finds, and the slopes along the prefix.
"""

import json
from pathlib import Path

import torch
from peft import PrefixTuningConfig, PromptTuningConfig, TaskType, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
SIZES = dict(n_layer=3, n_head=2, n_embd=6, n_positions=9, vocab_size=11)
BATCHES = [
    (3, [[4, 9, 0, 2], [7, 7, 10, 1], [3, 0, 5, 8]]),
    (1, [[6], [2]]),
    (4, [[1, 5, 10, 3, 0]]),
]


def rounded(shape, scale=1.0):
    """Drawn numbers that f32 and a few digits hold exactly."""
    return (torch.randn(shape, dtype=torch.float64) * scale * 64).round() / 64


def base():
    torch.manual_seed(3)
    model = GPT2LMHeadModel(GPT2Config(**SIZES, bos_token_id=0, eos_token_id=0)).double().eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(rounded(weight.shape, 0.5))
    return model


def flat(tensor):
    return [round(x, 12) for x in tensor.flatten().tolist()]


def prompts():
    out = []
    for n, ids in BATCHES:
        model = base()
        tables = [model.transformer.wte.weight, model.transformer.wpe.weight]
        config = PromptTuningConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=n)
        model = get_peft_model(model, config).double()
        weight = model.prompt_encoder["default"].embedding.weight
        with torch.no_grad():
            weight.copy_(rounded(weight.shape))
        seen = []

        def look(_, inputs, kwargs):
            x = inputs[0] if inputs else kwargs["hidden_states"]
            x.retain_grad()
            seen.append(x)

        model.base_model.transformer.h[0].register_forward_pre_hook(look, with_kwargs=True)
        ids = torch.tensor(ids)
        logits = model(input_ids=ids).logits
        assert logits.shape[1] == n + ids.shape[1]
        # The label of a place is the token that follows; the last of a text asks nothing.
        labels = torch.cat([ids[:, 1:], torch.full((len(ids), 1), -100)], 1)
        labels[0, 0] = ids[0, 0]
        flat_logits = logits[:, n:].reshape(-1, SIZES["vocab_size"])
        torch.nn.functional.cross_entropy(flat_logits, labels.flatten(), reduction="sum").backward()
        (x,) = seen
        assert weight.grad.abs().min() > 0
        out.append(
            dict(
                n=n,
                seq=ids.shape[1],
                tokens=flat(tables[0]),
                positions=flat(tables[1]),
                prompt=flat(weight),
                ids=ids.flatten().tolist(),
                labels=labels.flatten().tolist(),
                x=flat(x),
                slopes=flat(x.grad),
                gradient=flat(weight.grad),
            )
        )
    return out


def prefix():
    n = 4
    config = PrefixTuningConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=n)
    model = get_peft_model(base(), config).double().eval()
    weight = model.prompt_encoder["default"].embedding.weight
    with torch.no_grad():
        weight.copy_(rounded(weight.shape))
    cache = model.get_prompt(batch_size=1)
    blocks = []
    for layer in cache.layers:
        # (1, heads, n, d_head): heads go side by side.
        parts = [layer.keys, layer.values]
        blocks.append([flat(part[0].transpose(0, 1)) for part in parts])
    return dict(n=n, matrix=flat(weight), blocks=blocks)


def heads():
    torch.manual_seed(5)
    out = []
    for n, seq, d, scale in [(3, 4, 5, 1), (1, 1, 2, 1), (0, 3, 2, 1), (5, 2, 3, 1), (2, 3, 4, 600)]:
        q = rounded((seq, d), scale)
        k, v = rounded((seq, d)), rounded((seq, d))
        pk, pv = rounded((n, d)).requires_grad_(), rounded((n, d)).requires_grad_()
        mask = torch.ones(seq, n + seq).tril(n).bool()
        found = torch.nn.functional.scaled_dot_product_attention(
            q[None], torch.cat([pk, k])[None], torch.cat([pv, v])[None], attn_mask=mask[None]
        )[0]
        dfound = rounded((seq, d))
        (found * dfound).sum().backward()
        zeros = torch.zeros(0)
        out.append(
            dict(
                d_head=d,
                q=flat(q),
                k=flat(k),
                v=flat(v),
                prefix_k=flat(pk),
                prefix_v=flat(pv),
                dfound=flat(dfound),
                found=flat(found),
                dkeys=flat(zeros if pk.grad is None else pk.grad),
                dvalues=flat(zeros if pv.grad is None else pv.grad),
            )
        )
    return out


golden = dict(prompts=prompts(), prefix=prefix(), heads=heads())
(HERE / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
