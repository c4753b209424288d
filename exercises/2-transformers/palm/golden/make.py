"""Expected values for the checks, from a PaLM written in PyTorch after the paper alone.

    pip install torch==2.15.0 safetensors numpy
    python golden/make.py

writes tiny.safetensors and config.json, a PaLM with drawn weights; palm.json, what it makes of some
tokens, computed in double precision from the same weights; and counts.json, parameters of models
that are built without memory for their weights.

Nothing here is shared with the Rust code: RoPE turns complex numbers, and each head asks the one
key by itself. No gain is 1, heads together are wider than the model, and no two sizes are equal.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).parent
F64 = torch.float64

CONFIG = dict(
    n_layers=3, n_heads=5, d_head=6, d_model=14, d_ff=22, vocab_size=53, eps=0.01, theta=500.0
)


def linear(n_in, n_out):
    return nn.Linear(n_in, n_out, bias=False)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        wide = c["n_heads"] * c["d_head"]
        self.q_proj, self.o_proj = linear(c["d_model"], wide), linear(wide, c["d_model"])
        self.k_proj, self.v_proj = (linear(c["d_model"], c["d_head"]) for _ in range(2))

    def turn(self, x):
        """Numbers i and i + half of a vector are the parts of a complex number."""
        half = self.c["d_head"] // 2
        speed = self.c["theta"] ** (-torch.arange(half, dtype=F64) / half)
        angle = torch.outer(torch.arange(x.shape[1], dtype=F64), speed)
        turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(angle * 0 + 1, angle)
        return torch.cat([turned.real, turned.imag], -1)

    def forward(self, x):
        d, seq = self.c["d_head"], x.shape[1]
        key, value = self.turn(self.k_proj(x)), self.v_proj(x)
        later = torch.ones(seq, seq).triu(1).bool()
        found = []
        for query in self.q_proj(x).split(d, -1):
            scores = self.turn(query) @ key.mT / d**0.5
            found.append(scores.masked_fill(later, -torch.inf).softmax(-1) @ value)
        return self.o_proj(torch.cat(found, -1)), key, value


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj, self.up_proj = (linear(c["d_model"], c["d_ff"]) for _ in range(2))
        self.down_proj = linear(c["d_ff"], c["d_model"])

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = nn.LayerNorm(c["d_model"], c["eps"], bias=False)
        self.self_attn, self.mlp = Attention(c), Mlp(c)

    def forward(self, x):
        normed = self.input_layernorm(x)
        return x + self.self_attn(normed)[0] + self.mlp(normed)


class Palm(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["d_model"])
        self.layers = nn.ModuleList([Block(c) for _ in range(c["n_layers"])])
        self.norm = nn.LayerNorm(c["d_model"], c["eps"], bias=False)

    def forward(self, ids):
        x = self.embed_tokens(ids)
        for block in self.layers:
            x = block(x)
        return F.linear(self.norm(x), self.embed_tokens.weight) / self.c["d_model"] ** 0.5


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def tiny():
    torch.manual_seed(40)
    model = Palm(CONFIG)
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(0.0, 1.0 if "embed" in name else 0.4)
            if "norm" in name:
                p.add_(1.0)
    save_file({f"model.{n}": t for n, t in model.state_dict().items()}, HERE / "tiny.safetensors")
    (HERE / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    return model.to(F64)


def drawn(shape, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def ids(shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, CONFIG["vocab_size"], shape, generator=generator)


def part_case(model, layer, shape, seed):
    block, x = model.layers[layer], drawn((*shape, CONFIG["d_model"]), seed)
    found, key, value = block.self_attn(x)
    return dict(
        layer=layer,
        shape=list(x.shape),
        x=numbers(x),
        attention=numbers(found),
        keys=numbers(key),
        values=numbers(value),
        mlp=numbers(block.mlp(x)),
        block=numbers(block(x)),
    )


def counts():
    sizes = {
        "PaLM 8B's sizes": (32, 16, 256, 4096, 16384, 256000),
        "PaLM 540B's sizes": (118, 48, 256, 18432, 73728, 256000),
        "odd sizes": (5, 7, 2, 9, 11, 13),
        "one of each": (1, 1, 2, 1, 1, 1),
        "wide heads": (2, 3, 10, 4, 6, 17),
    }
    names = ["n_layers", "n_heads", "d_head", "d_model", "d_ff", "vocab_size"]
    rows = []
    for name, values in sizes.items():
        config = dict(zip(names, values), eps=1e-6, theta=10000.0)
        with torch.device("meta"):
            model = Palm(config)
        parts = dict(embeddings=0, attention=0, mlp=0, norms=0)
        for key, p in model.named_parameters():
            where = next(
                part
                for piece, part in [
                    ("embed", "embeddings"), ("norm", "norms"), ("attn", "attention"), ("mlp", "mlp")
                ]
                if piece in key
            )
            parts[where] += p.numel()
        rows.append(dict(name=name, config=config, **parts))
    return rows


def main():
    with torch.no_grad():
        model = tiny()
        texts = [
            dict(name=name, shape=list(t.shape), ids=t.flatten().tolist(), logits=numbers(model(t)))
            for name, t in [
                ("one token", torch.tensor([[42]])),
                ("a text", ids((1, 23), 1)),
                ("three texts", ids((3, 5), 2)),
            ]
        ]
        parts = [
            part_case(model, 0, (2, 5), 3), part_case(model, 2, (1, 1), 4),
            part_case(model, 1, (1, 11), 5),
        ]
    golden = dict(texts=texts, parts=parts)
    lines = [f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "\n]"
             for k, v in golden.items()]
    (HERE / "palm.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in counts())
    (HERE / "counts.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
