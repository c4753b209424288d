"""Expected values for the checks, from PyTorch and transformers.

    pip install torch==2.15.0 transformers==5.23.0
    python golden/make.py

writes torch.json, llama.json and repeat_kv.json beside this file.

All is computed in double precision. PyTorch's `MultiheadAttention` keeps the three projections of
queries, keys and values in one matrix; here they are apart, and turned so that a row of numbers is
multiplied from the left: `y = x W + b`. Llama's layer gets positions that turn nothing: cosines of 1
and sines of 0. Inputs and weights are multiples of 1/16.
"""

import json
from pathlib import Path

import torch
from torch import nn
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaAttention, repeat_kv

HERE = Path(__file__).parent
F64 = torch.float64


def tensor(x):
    values = [float(f"{v:.12g}") for v in x.flatten().tolist()]
    return {"shape": list(x.shape), "values": values}


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


def drawn(generator, *shape):
    return torch.round(torch.randn(*shape, generator=generator, dtype=F64) * 10) / 16


def fill(module, generator):
    for parameter in module.parameters():
        parameter.data = drawn(generator, *parameter.shape)


def linear(weight, bias):
    return {"w": tensor(weight.T), "b": None if bias is None else tensor(bias)}


def causal(t):
    return torch.ones(t, t, dtype=torch.bool).tril()


def padded(lengths, t, left):
    place = torch.arange(t)[None]
    lengths = torch.tensor(lengths)[:, None]
    return (place >= t - lengths if left else place < lengths)[:, None, None]


def torch_case(name, heads, d_model, shape, seed, context=None, mask=None, bias=True):
    """`shape` is (batch, t_q), `context` (t_k, width) of a second input, `mask` is true where a query
    may look."""
    generator = torch.Generator().manual_seed(seed)
    batch, t_q = shape
    t_k, width = context or (t_q, d_model)
    module = nn.MultiheadAttention(
        d_model, heads, bias=bias, batch_first=True, kdim=width, vdim=width, dtype=F64
    ).eval()
    fill(module, generator)
    x = drawn(generator, batch, t_q, d_model)
    other = drawn(generator, batch, t_k, width) if context else x
    with torch.no_grad():
        forbidden = None
        if mask is not None:
            full = mask.broadcast_to(batch, heads, t_q, t_k)
            forbidden = ~full.reshape(batch * heads, t_q, t_k)
        y, _ = module(x, other, other, attn_mask=forbidden, need_weights=False)
    if module.in_proj_weight is not None:
        weights = module.in_proj_weight.chunk(3)
    else:
        weights = (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)
    biases = module.in_proj_bias.chunk(3) if bias else (None, None, None)
    q, k, v = (linear(w, b) for w, b in zip(weights, biases))
    return {
        "name": name,
        "n_heads": heads,
        "n_kv_heads": heads,
        "q": q,
        "k": k,
        "v": v,
        "o": linear(module.out_proj.weight, module.out_proj.bias),
        "x": tensor(x),
        "context": tensor(other) if context else None,
        "mask": None if mask is None else tensor(mask.to(F64)),
        "y": tensor(y),
    }


def llama_case(name, heads, kv_heads, head_dim, shape, seed, mask=None, bias=False):
    generator = torch.Generator().manual_seed(seed)
    batch, t = shape
    config = LlamaConfig(
        hidden_size=2 * heads,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=head_dim,
        attention_bias=bias,
        attn_implementation="sdpa",
    )
    module = LlamaAttention(config, layer_idx=0).to(F64).eval()
    module.is_causal = False
    fill(module, generator)
    x = drawn(generator, batch, t, 2 * heads)
    still = torch.ones(batch, t, head_dim, dtype=F64), torch.zeros(batch, t, head_dim, dtype=F64)
    with torch.no_grad():
        full = None if mask is None else mask.broadcast_to(batch, 1, t, t)
        y, _ = module(x, position_embeddings=still, attention_mask=full)
    q, k, v, o = (
        linear(p.weight, p.bias)
        for p in (module.q_proj, module.k_proj, module.v_proj, module.o_proj)
    )
    return {
        "name": name,
        "n_heads": heads,
        "n_kv_heads": kv_heads,
        "q": q,
        "k": k,
        "v": v,
        "o": o,
        "x": tensor(x),
        "context": None,
        "mask": None if mask is None else tensor(mask.to(F64)),
        "y": tensor(y),
    }


def repeat_case(shape, heads, seed):
    x = drawn(torch.Generator().manual_seed(seed), *shape)
    return {"n_heads": heads, "x": tensor(x), "y": tensor(repeat_kv(x, heads // shape[1]))}


write(
    "torch.json",
    [
        torch_case("two heads", 2, 6, (1, 3), seed=1),
        torch_case("three heads without biases", 3, 6, (2, 4), seed=2, bias=False),
        torch_case("four heads that see no future", 4, 8, (2, 5), seed=3, mask=causal(5)),
        torch_case("padding on the right", 2, 6, (3, 4), seed=4, mask=padded([4, 1, 3], 4, False)),
        torch_case("padding on the left", 3, 6, (3, 4), seed=5, mask=padded([2, 4, 1], 4, True)),
        torch_case("a longer text to look at", 2, 6, (2, 3), seed=6, context=(5, 6)),
        torch_case("a shorter and wider one", 4, 8, (1, 5), seed=7, context=(2, 10)),
        torch_case(
            "one with padding", 2, 4, (2, 3), seed=8, context=(4, 6), mask=padded([4, 2], 4, False)
        ),
    ],
)
write(
    "llama.json",
    [
        llama_case("6 heads, 2 of keys and values", 6, 2, 3, (1, 4), seed=11),
        llama_case("4 heads, 2 of keys and values, no future", 4, 2, 3, (2, 5), 12, causal(5)),
        llama_case("3 heads, 1 of keys and values", 3, 1, 4, (2, 3), seed=13, bias=True),
        llama_case("4 heads, 4 of keys and values", 4, 4, 3, (1, 3), seed=14),
        llama_case(
            "6 heads, 3 of keys and values, padding", 6, 3, 1, (2, 3), 15, padded([3, 2], 3, True)
        ),
    ],
)
write(
    "repeat_kv.json",
    [
        repeat_case((1, 2, 1, 2), 4, seed=21),
        repeat_case((2, 3, 2, 3), 6, seed=22),
        repeat_case((1, 1, 3, 2), 5, seed=23),
        repeat_case((2, 4, 1, 3), 4, seed=24),
    ],
)
