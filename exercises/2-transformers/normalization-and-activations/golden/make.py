"""Expected values for the checks, from PyTorch.

    pip install torch==2.15.0
    python golden/make.py

writes the four JSON files beside this one. Everything is computed in double precision; inputs are
multiples of a power of two, so f32 holds them exactly.
"""

import json
import math
from pathlib import Path

import torch
from torch.nn.functional import gelu, layer_norm, rms_norm, silu

HERE = Path(__file__).parent


def drawn(*shape, seed, scale=2.0, offset=0.0, steps=64):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale + offset
    return torch.round(x * steps) / steps


def numbers(tensor):
    return [float(f"{v:.13g}") for v in tensor.detach().flatten().tolist()]


def norm_case(name, norm, x, eps, seed):
    n = x.shape[-1]
    gamma, beta = drawn(n, seed=seed + 100, scale=1.5), drawn(n, seed=seed + 200)
    upstream = drawn(*x.shape, seed=seed + 300, scale=1.0)
    leaves = [t.clone().requires_grad_() for t in (x, gamma, beta)]
    if norm == "layer":
        y = layer_norm(leaves[0], (n,), leaves[1], leaves[2], eps)
    else:
        y = rms_norm(leaves[0], (n,), leaves[1], eps)
    (y * upstream).sum().backward()
    d_x, d_gamma, d_beta = ([] if t.grad is None else numbers(t.grad) for t in leaves)
    return {
        "name": name,
        "shape": list(x.shape),
        "x": numbers(x),
        "gamma": numbers(gamma),
        "beta": numbers(beta),
        "eps": eps,
        "y": numbers(y),
        "upstream": numbers(upstream),
        "d_x": d_x,
        "d_gamma": d_gamma,
        "d_beta": d_beta,
    }


def norm_cases(norm, seed):
    def case(name, x, eps):
        nonlocal seed
        seed += 1
        return norm_case(name, norm, x, eps, seed)

    tiny = 2.0**20
    return [
        case("a row", drawn(7, seed=1), 1e-5),
        case("rows", drawn(3, 5, seed=2, offset=3.0), 1e-5),
        case("rank 3", drawn(2, 3, 4, seed=3, scale=7.0), 1e-6),
        case("rank 4", drawn(2, 1, 3, 6, seed=4, offset=-2.0), 1e-12),
        case("two numbers a row", drawn(4, 2, seed=5), 1e-5),
        case("a large ε", drawn(3, 6, seed=6), 0.5),
        case("a large ε, rank 3", drawn(2, 2, 5, seed=7, offset=1.0), 3.0),
        case("equal numbers, a matter of ε alone", drawn(3, 1, seed=11).expand(3, 5), 1e-3),
        case("tiny numbers", drawn(3, 8, seed=8, scale=1e-3, steps=tiny), 1e-5),
        case("numbers near +10,000", drawn(3, 24, seed=9, offset=1e4, steps=16), 1e-5),
        case("numbers near −10,000", drawn(4, 17, seed=10, offset=-1e4, steps=16), 1e-5),
    ]


def exact_gelu(x):
    # The same function without the subtraction in 1 + erf(x / √2).
    return 0.5 * x * torch.special.erfc(-x / math.sqrt(2.0))


def exact_gelu_tanh(x):
    # (1 + tanh(u)) / 2 is the sigmoid of 2u.
    return x * torch.sigmoid(2.0 * math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3))


def with_slope(name, function, x):
    leaf = x.clone().requires_grad_()
    y = function(leaf)
    y.sum().backward()
    return {name: numbers(y), f"d_{name}": numbers(leaf.grad)}


def activations():
    grid = torch.arange(-64, 65, dtype=torch.float64) / 16
    far = [-200.0, -50.0, -37.0, -33.0, -28.0, -20.0, -16.0, -12.5, -12.0, -11.0, -10.0, -9.0, -8.5, -8.0, -7.0, -6.5, -6.0]
    far += [-5.5, -5.0, -4.5, 4.5, 5.0, 6.0, 8.0, 9.0, 12.0, 30.0, 50.0, 200.0, 2.0**-20, -(2.0**-20)]
    x = torch.cat([grid, torch.tensor(far, dtype=torch.float64)])
    for ours, theirs in [(exact_gelu(x), gelu(x)), (exact_gelu_tanh(x), gelu(x, approximate="tanh"))]:
        # PyTorch's own GELU is the same but for what it subtracts away far below 0.
        assert (ours - theirs).abs().max() < 1e-14
        near = x > -4
        assert torch.allclose(ours[near], theirs[near], rtol=1e-11, atol=0.0)
    return {
        "x": numbers(x),
        **with_slope("gelu_erf", exact_gelu, x),
        **with_slope("gelu_tanh", exact_gelu_tanh, x),
    }


def swiglu_case(name, gate, up):
    upstream = drawn(*gate.shape, seed=99, scale=1.0)
    leaves = [gate.clone().requires_grad_(), up.clone().requires_grad_()]
    y = silu(leaves[0]) * leaves[1]
    (y * upstream).sum().backward()
    return {
        "name": name,
        "shape": list(gate.shape),
        "gate": numbers(gate),
        "up": numbers(up),
        "y": numbers(y),
        "upstream": numbers(upstream),
        "d_gate": numbers(leaves[0].grad),
        "d_up": numbers(leaves[1].grad),
    }


def swiglu_cases():
    far = torch.tensor([[-200.0, 200.0, -88.0, 88.0], [-60.0, 60.0, -30.0, 30.0]], dtype=torch.float64)
    return [
        swiglu_case("a row", drawn(7, seed=41), drawn(7, seed=42)),
        swiglu_case("rows", drawn(3, 5, seed=43, scale=4.0), drawn(3, 5, seed=44, scale=0.5)),
        swiglu_case("rank 3", drawn(2, 3, 4, seed=45), drawn(2, 3, 4, seed=46, scale=9.0)),
        swiglu_case("gates up to ±200", far, drawn(2, 4, seed=47)),
    ]


def write(name, content):
    if isinstance(content, list):
        lines = ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in content)
        text = f"[\n{lines}\n]\n"
    else:
        text = json.dumps(content, separators=(",", ":")) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")


write("layer_norm.json", norm_cases("layer", 10))
write("rms_norm.json", norm_cases("rms", 50))
write("activations.json", activations())
write("swiglu.json", swiglu_cases())
