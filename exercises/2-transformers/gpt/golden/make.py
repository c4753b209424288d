"""Expected values for the checks, from transformers and PyTorch.

    pip install torch==2.15.0 transformers==5.23.0 safetensors
    python golden/make.py

writes tiny.safetensors and config.json, a GPT-2 with drawn weights; gpt.json, what it makes of some
tokens, computed in double precision from the same weights; and counts.json, parameters of models
that are built without memory for their weights.

No weight is left at its start: a bias of 0 or a gain of 1 would hide that it is not used.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
F64 = torch.float64

CONFIG = dict(
    n_layer=3,
    n_head=4,
    n_embd=32,
    n_inner=56,
    n_positions=29,
    vocab_size=97,
    layer_norm_epsilon=0.01,
    bos_token_id=0,
    eos_token_id=0,
)


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def tiny():
    torch.manual_seed(20)
    model = GPT2LMHeadModel(GPT2Config(**CONFIG)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            spread = 0.3 if p.dim() == 2 and "wpe" not in name else 0.4
            p.normal_(0.0, spread)
            if "ln_" in name and name.endswith("weight"):
                p.add_(1.0)
    state = {n: t for n, t in model.state_dict().items() if n != "lm_head.weight"}
    save_file(state, HERE / "tiny.safetensors")
    (HERE / "config.json").write_text(model.config.to_json_string())
    return model.to(F64)


def ids(shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, CONFIG["vocab_size"], shape, generator=generator)


def run(model, tokens, mask=None):
    positions = None
    if mask is not None:
        # A token's position counts the tokens before it, as `generate` of transformers has it.
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
    with torch.no_grad():
        return model(
            tokens, attention_mask=mask, position_ids=positions, output_hidden_states=True
        )


def text_case(model, name, tokens, mask=None):
    logits = run(model, tokens, mask).logits
    is_token = [] if mask is None else mask.flatten().tolist()
    if mask is not None:
        # What is computed at padding is nobody's business.
        logits = logits * mask[:, :, None]
    return dict(
        name=name,
        shape=list(tokens.shape),
        ids=tokens.flatten().tolist(),
        is_token=is_token,
        logits=numbers(logits),
    )


def padded(lengths, side):
    longest = max(lengths)
    rows = [
        [0] * (longest - n) + [1] * n if side == "left" else [1] * n + [0] * (longest - n)
        for n in lengths
    ]
    return torch.tensor(rows)


def generation(model, prompt, new, end=None):
    tokens = torch.tensor([prompt])
    room = model.config.n_positions - len(prompt)
    with torch.no_grad():
        out = model.generate(
            tokens,
            attention_mask=torch.ones_like(tokens),
            do_sample=False,
            max_new_tokens=min(new, room),
            eos_token_id=end,
            pad_token_id=0,
        )[0].tolist()
        logits = model(torch.tensor([out])).logits[0]
        top = logits.topk(2).values
        gap = (top[:, 0] - top[:, 1])[len(prompt) - 1 : -1].min().item()
    assert gap > 1e-2, f"two tokens nearly tie: {gap}"
    return dict(prompt=prompt, max_new_tokens=new, end=end, new=out[len(prompt) :])


def generations(model):
    cases = [
        generation(model, [5, 90, 33], 12),
        generation(model, [71], 40),
        generation(model, ids((20,), 8).tolist(), 30),
        generation(model, [60, 2], 9),
    ]
    whole = cases[0]["new"]
    # One that stops in the middle: the first token that is new at its place.
    at = next(i for i in range(3, len(whole)) if whole[i] not in whole[:i])
    cases.append(generation(model, [5, 90, 33], 12, whole[at]))
    assert len(cases[-1]["new"]) == at + 1
    return cases


def streams(model):
    """What goes into each block and comes out of it; the last one's is taken before the norm."""
    tokens = ids((2, 6), 3)
    seen = []
    hooks = [
        h.register_forward_hook(
            lambda _m, args, out: seen.append((args[0], out[0] if isinstance(out, tuple) else out))
        )
        for h in model.transformer.h
    ]
    run(model, tokens)
    for hook in hooks:
        hook.remove()
    return [
        dict(layer=i, shape=list(x.shape), x=numbers(x), y=numbers(y))
        for i, (x, y) in enumerate(seen)
    ]


def counts():
    published = {
        "GPT-1's size": dict(n_layer=12, n_head=12, n_embd=768, n_positions=512, vocab_size=40478),
        "GPT-2 small": dict(n_layer=12, n_head=12, n_embd=768),
        "GPT-2 medium": dict(n_layer=24, n_head=16, n_embd=1024),
        "GPT-2 large": dict(n_layer=36, n_head=20, n_embd=1280),
        "GPT-2 XL": dict(n_layer=48, n_head=25, n_embd=1600),
        "GPT-3 175B's size": dict(n_layer=96, n_head=96, n_embd=12288, n_positions=2048),
        "tiny": {k: v for k, v in CONFIG.items() if "token_id" not in k},
        "wide inside": dict(
            n_layer=2, n_head=3, n_embd=15, n_inner=7, n_positions=11, vocab_size=13
        ),
    }
    rows = []
    for name, sizes in published.items():
        config = GPT2Config(**sizes)
        with torch.device("meta"):
            model = GPT2LMHeadModel(config)
        model.tie_weights()
        parts = dict(token_embeddings=0, position_embeddings=0, attention=0, mlp=0, norms=0)
        # Each tensor once, however many names it has.
        for key, p in model.named_parameters():
            where = next(
                part
                for piece, part in [
                    ("wte", "token_embeddings"),
                    ("wpe", "position_embeddings"),
                    ("ln_", "norms"),
                    ("attn", "attention"),
                    ("mlp", "mlp"),
                ]
                if piece in key
            )
            parts[where] += p.numel()
        assert sum(parts.values()) == model.num_parameters(), name
        sizes = {k: getattr(config, k) for k in CONFIG if "token_id" not in k}
        rows.append(dict(name=name, config=sizes, total=model.num_parameters(), **parts))
    return rows


def main():
    model = tiny()
    cases = [
        text_case(model, "one token", torch.tensor([[42]])),
        text_case(model, "a text as long as fits", ids((1, 29), 1)),
        text_case(model, "three texts", ids((3, 5), 2)),
        text_case(model, "padding on the right", ids((3, 7), 4), padded([7, 2, 5], "right")),
        text_case(model, "padding on the left", ids((3, 7), 5), padded([4, 7, 1], "left")),
    ]
    golden = dict(texts=cases, blocks=streams(model), generations=generations(model))
    lines = [f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "\n]"
             for k, v in golden.items()]
    (HERE / "gpt.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in counts())
    (HERE / "counts.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
