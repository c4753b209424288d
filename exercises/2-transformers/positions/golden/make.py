"""Expected values for the checks, from transformers and PyTorch.

    pip install torch==2.15.0 transformers==5.23.0
    python golden/make.py

writes waves.json, rope.json and alibi.json beside this file.

transformers computes angles in single precision, which is not enough at far positions. So the angles
come from PyTorch in double precision, the layout from `apply_rotary_pos_emb` of transformers, and the
script stops unless Llama's own module says the same at the near positions. The inputs are multiples
of 1/64, so f32 holds them exactly.
"""

import json
from pathlib import Path

import torch
from transformers import LlamaConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor
from transformers.models.xlm.modeling_xlm import create_sinusoidal_embeddings

HERE = Path(__file__).parent
F64 = torch.float64


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.flatten().tolist()]


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


def same(what, got, want, tolerance):
    off = (got.to(F64) - want.to(F64)).abs().max().item()
    assert off <= tolerance, f"{what}: off by {off}"


def frequencies(dim, theta):
    return 1.0 / theta ** (torch.arange(0, dim, 2, dtype=F64) / dim)


def llama(head_dim, theta):
    config = LlamaConfig(
        hidden_size=4 * head_dim,
        num_attention_heads=4,
        head_dim=head_dim,
        rope_parameters={"rope_type": "default", "rope_theta": float(theta)},
    )
    return LlamaRotaryEmbedding(config)


def wave_case(d_model, positions):
    """The rows of some positions; XLM's module fills them in single precision."""
    angles = torch.outer(torch.tensor(positions, dtype=F64), frequencies(d_model, 10000.0))
    rows = torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
    near = [p for p in positions if p < 1000]
    table = torch.zeros(1000, d_model)
    create_sinusoidal_embeddings(1000, d_model, table)
    same("XLM", table[near], rows[: len(near)], 1e-6)
    return {"d_model": d_model, "positions": positions, "rows": numbers(rows)}


def rope_case(name, shape, offset, theta, seed):
    batch, heads, seq, head_dim = shape
    generator = torch.Generator().manual_seed(seed)
    x = torch.round(torch.randn(*shape, generator=generator, dtype=F64) * 64) / 64
    positions = torch.arange(offset, offset + seq)
    omega = frequencies(head_dim, theta)
    angles = torch.outer(positions.to(F64), omega)
    angles = torch.cat([angles, angles], dim=1)[None]
    y, _ = apply_rotary_pos_emb(x, x, angles.cos(), angles.sin())

    module = llama(head_dim, theta)
    same("inv_freq", module.inv_freq, omega, 1e-6)
    if offset + seq < 100:
        cos, sin = module(x.float(), positions[None])
        theirs, _ = apply_rotary_pos_emb(x.float(), x.float(), cos, sin)
        same(name, theirs, y, 1e-4)
    return {
        "name": name,
        "shape": list(shape),
        "offset": offset,
        "theta": theta,
        "frequencies": numbers(omega),
        "x": numbers(x),
        "y": numbers(y),
    }


def alibi_case(n_heads, keys=4):
    """What BLOOM and MPT add: of all queries, since softmax does not see a shift of a row; and of
    the last query."""
    bloom = build_alibi_tensor(torch.ones(1, keys), n_heads, torch.float32)[:, 0].to(F64)
    mpt = build_mpt_alibi_tensor(n_heads, keys)[:, 0].to(F64)
    same("BLOOM and MPT", bloom - bloom[:, -1:], mpt, 1e-6)
    return {"n_heads": n_heads, "keys": keys, "bloom": numbers(bloom), "mpt": numbers(mpt)}


write(
    "waves.json",
    [
        wave_case(2, [0, 1, 2, 3]),
        wave_case(6, [0, 1, 2, 3, 4, 10, 99]),
        wave_case(16, [0, 1, 5, 17, 63]),
        wave_case(10, [0, 3, 500, 20_000, 20_001, 39_999]),
    ],
)
write(
    "rope.json",
    [
        rope_case("a pair", (1, 1, 3, 2), 0, 10000.0, seed=1),
        rope_case("two heads of two texts", (2, 2, 4, 8), 0, 10000.0, seed=2),
        rope_case("six numbers a head, from position 7", (1, 3, 3, 6), 7, 10000.0, seed=3),
        rope_case("the base of Llama 3", (2, 1, 3, 10), 41, 500000.0, seed=4),
        rope_case("a small base", (1, 2, 5, 4), 12, 100.0, seed=5),
        rope_case("position 4,095", (1, 2, 1, 16), 4095, 10000.0, seed=6),
        rope_case("position 100,000", (1, 2, 3, 8), 100_000, 10000.0, seed=7),
        rope_case("two million", (1, 1, 2, 12), 2_000_000, 500000.0, seed=8),
    ],
)
write("alibi.json", [alibi_case(n) for n in [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 40, 71, 112]])
