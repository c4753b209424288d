"""Expected values for the checks, from PyTorch and transformers in double precision.

    pip install torch==2.15.0 transformers==5.23.0
    python golden/make.py

writes decoding.json beside this file: texts read in chunks, the keys turned and kept as Llama does in
transformers. The inputs are multiples of 1/64, so f32 holds them exactly.
"""

import json
from pathlib import Path

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import DynamicCache, LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

HERE = Path(__file__).parent
F64 = torch.float64


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.flatten().tolist()]


def read(q, k, v, chunks, window, start=0):
    """The result for every token, chunk after chunk; and the keys that are kept in the end."""
    batch, heads, _, d = q.shape
    config = LlamaConfig(head_dim=d, hidden_size=heads * d, num_attention_heads=heads)
    # Angles in double precision: transformers computes them in single precision.
    inv_freq = 10_000.0 ** (-torch.arange(0, d, 2, dtype=F64) / d)
    assert torch.allclose(LlamaRotaryEmbedding(config).inv_freq.double(), inv_freq, rtol=1e-6)
    cache, out, at = DynamicCache(), [], 0
    for n in chunks:
        new = slice(at, at + n)
        positions = torch.arange(start + at, start + at + n, dtype=F64)
        angles = torch.outer(positions, inv_freq).repeat(1, 2)[None].expand(batch, -1, -1)
        turned_q, turned_k = apply_rotary_pos_emb(q[:, :, new], k[:, :, new], angles.cos(), angles.sin())
        keys, values = cache.update(turned_k, v[:, :, new], 0)
        at += n
        query, key = torch.arange(at - n, at)[:, None], torch.arange(at)[None]
        mask = (key <= query) & (key > query - (window or at))
        out.append(scaled_dot_product_attention(turned_q, keys, values, attn_mask=mask))
    return torch.cat(out, 2), keys


def case(name, batch, heads, d, d_v, chunks, seed, window=None):
    generator = torch.Generator().manual_seed(seed)
    drawn = lambda *shape: torch.round(torch.randn(*shape, generator=generator, dtype=F64) * 96) / 64
    t = sum(chunks)
    q, k, v = drawn(batch, heads, t, d), drawn(batch, heads, t, d), drawn(batch, heads, t, d_v)
    out, keys = read(q, k, v, chunks, window)
    whole, _ = read(q, k, v, [t], window)
    assert torch.allclose(out, whole, rtol=1e-12, atol=1e-12), name
    return {
        "name": name,
        "shape": [batch, heads, t, d],
        "d_v": d_v,
        "chunks": chunks,
        "window": window,
        "q": numbers(q),
        "k": numbers(k),
        "v": numbers(v),
        "out": numbers(out),
        "keys": numbers(keys),
    }


cases = [
    case("two tokens, one by one", 1, 1, 2, 2, [1, 1], seed=1),
    case("a prompt, then token by token", 1, 2, 4, 3, [5, 1, 1, 1], seed=2),
    case("a prompt in parts", 2, 2, 6, 4, [3, 4, 2], seed=3),
    case("all at once", 2, 1, 4, 5, [7], seed=4),
    case("a window of three", 1, 2, 4, 2, [2, 1, 4, 1, 1], seed=5, window=3),
    case("a window of itself", 2, 1, 2, 3, [1, 3, 2], seed=6, window=1),
]
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(HERE / "decoding.json").write_text(f"[\n{lines}\n]\n")
