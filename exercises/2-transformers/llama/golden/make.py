"""Expected values for the checks, from transformers and from the formulas in PyTorch.

    pip install torch==2.15.0 transformers==5.24.0 safetensors
    python golden/make.py

writes two Llamas with drawn weights, wide (a head for the logits, heads wider than the model) and
tied (one table at both ends), each as NAME.safetensors and NAME.json, its config.json; llama.json,
what transformers makes of some texts with them, and what the parts of a block make of some vectors,
computed from the formulas alone; and counts.json, parameters of published sizes. All is computed in
double precision from the same weights. transformers rounds norms and angles to single precision
whatever the model's type: here they stay double, and what it makes without that is compared.

RoPE turns complex numbers here, and each head finds its keys by itself. No gain is 1, and no two
sizes of a model are equal.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama import modeling_llama

HERE = Path(__file__).parent
F64 = torch.float64

MODELS = dict(
    wide=dict(
        hidden_size=20, intermediate_size=28, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, head_dim=6, vocab_size=61, rms_norm_eps=0.01, rope_theta=500.0,
        tie_word_embeddings=False,
    ),
    tied=dict(
        hidden_size=24, intermediate_size=34, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, vocab_size=47, rms_norm_eps=0.05, rope_theta=200000.0,
        tie_word_embeddings=True,
    ),
)


SINGLE = [modeling_llama.LlamaRMSNorm.forward, modeling_llama.LlamaRotaryEmbedding.forward]


def double_norm(self, x):
    return F.rms_norm(x, x.shape[-1:], self.weight, self.variance_epsilon)


def double_angles(self, x, position_ids):
    theta, d = self.config.rope_parameters["rope_theta"], 2 * self.inv_freq.shape[0]
    speed = 1.0 / theta ** (torch.arange(0, d, 2, dtype=F64) / d)
    angles = torch.cat([position_ids[:, :, None].to(F64) * speed] * 2, -1)
    return angles.cos().to(x.dtype), angles.sin().to(x.dtype)


def precision(norm, angles):
    modeling_llama.LlamaRMSNorm.forward = norm
    modeling_llama.LlamaRotaryEmbedding.forward = angles


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def make(name, sizes, seed):
    torch.manual_seed(seed)
    theta = sizes["rope_theta"]
    config = LlamaConfig(
        **{k: v for k, v in sizes.items() if k != "rope_theta"},
        rope_parameters=dict(rope_type="default", rope_theta=theta),
        max_position_embeddings=64, bos_token_id=1, eos_token_id=2,
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            p.normal_(0.0, 1.0 if "embed" in key else 0.4)
            if "norm" in key:
                p.add_(1.0)
    state = {n: t for n, t in model.state_dict().items() if not (config.tie_word_embeddings and n == "lm_head.weight")}
    save_file(state, HERE / f"{name}.safetensors")
    # As most checkpoints were published: theta by itself, not among rope_parameters.
    published = json.loads(model.config.to_json_string())
    published.pop("rope_parameters")
    published |= dict(rope_theta=theta, rope_scaling=None)
    if "head_dim" not in sizes:
        published.pop("head_dim")
    (HERE / f"{name}.json").write_text(json.dumps(published, indent=2, sort_keys=True) + "\n")
    return model.to(F64)


def ids(model, shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, model.config.vocab_size, shape, generator=generator)


def run(model, tokens, mask):
    # A token's position counts the tokens before it, as `generate` of transformers has it.
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    with torch.no_grad():
        whole = model(tokens, attention_mask=mask, position_ids=positions).logits
        # Cached, token by token: the same.
        past, parts = None, []
        for t in range(tokens.shape[1]):
            out = model(
                tokens[:, t : t + 1], attention_mask=mask[:, : t + 1],
                position_ids=positions[:, t : t + 1], past_key_values=past, use_cache=True,
            )
            past = out.past_key_values
            parts.append(out.logits)
    off = ((torch.cat(parts, 1) - whole) * mask[:, :, None]).abs().max().item()
    assert off < 1e-9, f"cached and whole differ by {off}"
    precision(*SINGLE)
    with torch.no_grad():
        single = model(tokens, attention_mask=mask, position_ids=positions).logits
    precision(double_norm, double_angles)
    off = ((single - whole) * mask[:, :, None]).abs().max() / whole.abs().max()
    assert 0 < off < 1e-5, f"with single precision it differs by {off}"
    # What is computed at padding is nobody's business.
    return whole * mask[:, :, None]


def text_case(model, of, name, tokens, mask=None):
    given = torch.ones_like(tokens) if mask is None else torch.tensor(mask)
    return dict(
        model=of,
        name=name,
        shape=list(tokens.shape),
        ids=tokens.flatten().tolist(),
        is_token=[] if mask is None else given.flatten().tolist(),
        logits=numbers(run(model, tokens, given)),
    )


def rms(x, gain, eps):
    return gain * x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt()


def turn(x, positions, theta):
    """Numbers i and i + half of each vector (batch, seq, d_head) are parts of a complex number."""
    half = x.shape[-1] // 2
    speed = theta ** (-torch.arange(half, dtype=F64) / half)
    angle = positions[:, :, None].to(F64) * speed
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(angle * 0 + 1, angle)
    return torch.cat([turned.real, turned.imag], -1)


def part_case(model, of, layer, positions, sees, seed):
    """A block by its formulas: every head by itself."""
    config, block = model.config, model.model.layers[layer]
    positions, sees = torch.tensor(positions), torch.tensor(sees).bool()
    theta, eps = MODELS[of]["rope_theta"], config.rms_norm_eps
    heads, shared = config.num_attention_heads, config.num_key_value_heads
    d = block.self_attn.head_dim
    x = torch.randn(
        (*positions.shape, config.hidden_size), dtype=F64,
        generator=torch.Generator().manual_seed(seed),
    )

    def attention(x):
        its = block.self_attn
        q, k, v = (x @ p.weight.T for p in (its.q_proj, its.k_proj, its.v_proj))
        keys = [turn(part, positions, theta) for part in k.split(d, -1)]
        values = v.split(d, -1)
        found = []
        for h, query in enumerate(q.split(d, -1)):
            g = h // (heads // shared)
            scores = turn(query, positions, theta) @ keys[g].mT / d**0.5
            found.append(scores.masked_fill(~sees, -torch.inf).softmax(-1) @ values[g])
        return its.o_proj.weight @ torch.cat(found, -1).mT, keys, values

    with torch.no_grad():
        out, keys, values = attention(x)
        out = out.mT
        stream = x + attention(rms(x, block.input_layernorm.weight, eps))[0].mT
        normed = rms(stream, block.post_attention_layernorm.weight, eps)
        gate, up, down = (getattr(block.mlp, f"{n}_proj").weight for n in ("gate", "up", "down"))
        y = stream + (F.silu(normed @ gate.T) * (normed @ up.T)) @ down.T
        # The formulas are those of transformers.
        mask = torch.zeros(sees.shape, dtype=F64).masked_fill(~sees, -torch.inf)
        cos_sin = model.model.rotary_emb(x, positions)
        same = block(x, attention_mask=mask[:, None], position_embeddings=cos_sin)
        same = same[0] if isinstance(same, tuple) else same
        assert (same - y).abs().max() < 1e-10, (same - y).abs().max()
    return dict(
        model=of,
        layer=layer,
        shape=list(x.shape),
        positions=positions.flatten().tolist(),
        sees=sees.long().flatten().tolist(),
        x=numbers(x),
        attention=numbers(out),
        keys=numbers(torch.stack(keys, 1)),
        values=numbers(torch.stack(values, 1)),
        block=numbers(y),
    )


def generation(model, of, prompts, new, ends):
    """Texts of several lengths at once, filled up on the left, and each alone: the same."""
    longest = max(map(len, prompts))
    tokens = torch.tensor([[0] * (longest - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
    settings = dict(do_sample=False, max_new_tokens=new, eos_token_id=ends or None, pad_token_id=0)

    def cut(row):
        at = next((i for i, t in enumerate(row) if t in ends), len(row) - 1)
        return row[: at + 1]

    with torch.no_grad():
        rows = model.generate(tokens, attention_mask=mask, **settings)[:, longest:].tolist()
        rows = [cut(row) for row in rows]
        for prompt, row in zip(prompts, rows):
            alone = torch.tensor([prompt])
            out = model.generate(alone, attention_mask=torch.ones_like(alone), **settings)[0].tolist()
            assert cut(out[len(prompt):]) == row
            top = model(torch.tensor([prompt + row])).logits[0].topk(2).values
            gap = (top[:, 0] - top[:, 1])[len(prompt) - 1 : -1].min().item()
            assert gap > 1e-2, f"two tokens nearly tie: {gap}"
    return dict(model=of, prompts=prompts, max_new_tokens=new, end=ends, new=rows)


def generations(model, of):
    prompts = [[5, 40, 33], [17], [9, 9, 21, 44, 30, 6]]
    whole = generation(model, of, prompts, 9, [])
    # Texts that stop in the middle while others go on: at a token that is new at its place.
    stops = [
        [t for i, t in enumerate(row) if 2 <= i <= 6 and t not in row[:i]] for row in whole["new"]
    ]
    first = next(row for row in stops if row)[0]
    others = [whole["new"][1][1], next(row for row in reversed(stops) if row)[-1]]
    return [
        whole,
        generation(model, of, prompts, 9, [first]),
        generation(model, of, prompts, 9, others),
        generation(model, of, prompts[1:2], 5, []),
    ]


def counts():
    sizes = {
        "LLaMA 7B": (32000, 4096, 32, 32, 32, 11008, False),
        "LLaMA 65B": (32000, 8192, 80, 64, 64, 22016, False),
        "Llama 2 70B": (32000, 8192, 80, 64, 8, 28672, False),
        "Llama 3.1 8B": (128256, 4096, 32, 32, 8, 14336, False),
        "TinyLlama 1.1B": (32000, 2048, 22, 32, 4, 5632, False),
        "SmolLM 135M": (49152, 576, 30, 9, 3, 1536, True),
    }
    names = [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "intermediate_size", "tie_word_embeddings",
    ]
    rows = []
    for name, values in sizes.items():
        with torch.device("meta"):
            model = LlamaForCausalLM(LlamaConfig(**dict(zip(names, values))))
        model.tie_weights()
        rows.append(dict(name=name, parameters=sum(p.numel() for p in model.parameters())))
    return rows


def main():
    precision(double_norm, double_angles)
    models = {name: make(name, sizes, 50 + i) for i, (name, sizes) in enumerate(MODELS.items())}
    wide, tied = models["wide"], models["tied"]
    right = [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]]
    left = [[0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]]
    middle = [[1, 1, 0, 0, 1, 1], [0, 1, 1, 0, 1, 1]]
    texts = [
        text_case(wide, "wide", "one token", ids(wide, (1, 1), 0)),
        text_case(wide, "wide", "a text", ids(wide, (1, 11), 1)),
        text_case(wide, "wide", "two texts", ids(wide, (2, 5), 2)),
        text_case(wide, "wide", "padding on the right", ids(wide, (3, 5), 3), right),
        text_case(wide, "wide", "padding on the left", ids(wide, (3, 5), 4), left),
        text_case(wide, "wide", "padding in the middle", ids(wide, (2, 6), 5), middle),
        text_case(tied, "tied", "a text", ids(tied, (1, 9), 6)),
        text_case(tied, "tied", "padding on the left", ids(tied, (3, 5), 7), left),
    ]
    causal = torch.ones(5, 5).tril().long()
    some = torch.stack([causal, causal])
    # A query that sees some, in an order of its own for each text.
    some[0, 3] = torch.tensor([1, 0, 1, 0, 0])
    some[1, 2] = torch.tensor([0, 0, 1, 0, 1])
    parts = [
        part_case(wide, "wide", 0, [[0, 1, 2, 3, 4]] * 2, torch.stack([causal] * 2).tolist(), 10),
        part_case(wide, "wide", 2, [[7, 3, 3, 0, 300], [1, 2, 5, 6, 9]], some.tolist(), 11),
        part_case(tied, "tied", 1, [[4, 5, 6, 7]], torch.ones(1, 4, 4).tril().long().tolist(), 12),
    ]
    # Far more tokens than the model was made for: the logits at the last.
    tokens = ids(wide, (1, 301), 13)
    long = text_case(wide, "wide", "a long text", tokens)
    long["logits"] = long["logits"][-wide.config.vocab_size :]
    golden = dict(
        texts=texts, long=[long], parts=parts,
        generations=generations(wide, "wide") + generations(tied, "tied")[:2],
    )
    lines = [f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "\n]"
             for k, v in golden.items()]
    (HERE / "llama.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in counts())
    (HERE / "counts.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
