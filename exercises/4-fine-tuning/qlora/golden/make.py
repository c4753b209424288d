"""Expected values for the checks: what bitsandbytes stores, and QLoRA's slopes in double precision.

    pip install torch==2.15.0 bitsandbytes==0.50.2 scipy==1.17.1
    python golden/make.py

f32 numbers are written as whole numbers, their bits, so that nothing is rounded on the way. All runs
on the CPU. 4-bit and 8-bit row by row are bitsandbytes' functions as its users call them. Of the
nested code the CPU library of 0.50.2 finds levels near 0 in a table and so misses the nearest one now
and then; here are no such numbers: its bytes and those of its plain PyTorch backend are the same.
"""

import json
from pathlib import Path

import bitsandbytes.functional as F
import numpy as np
import torch
from bitsandbytes.backends.default import ops
from scipy.stats import norm

bits = lambda t: t.detach().contiguous().float().reshape(-1).numpy().view(np.uint32).tolist()
ints = lambda t: t.reshape(-1).tolist()


def normal_float(k):
    """Appendix E of the paper, for k bits."""
    delta = (1 / 2 ** (k + 1) + 1 / (2 ** (k + 1) - 2)) / 2
    above = norm.ppf(np.linspace(1 - delta, 0.5, 2 ** (k - 1) + 1)[:-1])
    below = -norm.ppf(np.linspace(1 - delta, 0.5, 2 ** (k - 1))[:-1])
    levels = np.sort(np.concatenate([below, [0], above]))
    return [float(f"{x:.9g}") for x in levels / levels.max()]


def four_bits(numbers, block):
    case = dict(numbers=bits(numbers), block=block)
    for code in ("nf4", "fp4"):
        packed, state = F.quantize_4bit(numbers, quant_type=code, blocksize=block)
        assert state.absmax.dtype == torch.float32
        case[code] = ints(packed)
        case["absmax"] = bits(state.absmax)
        case[code + "_again"] = bits(F.dequantize_4bit(packed, state))
    return case


def around_middles(code):
    """Shares on, just below and just above the middle of neighboring levels, in blocks of 1 and of 3.7."""
    levels = F.get_4bit_type(code, device="cpu").sort().values
    middles = (levels[1:] + levels[:-1]) / 2
    inf = torch.tensor(float("inf"))
    near = torch.cat([torch.nextafter(middles, -inf), middles, torch.nextafter(middles, inf)])
    blocks = [torch.cat([torch.tensor([1.0]), near]), torch.cat([torch.tensor([-3.7]), 3.7 * near])]
    return torch.cat([torch.nn.functional.pad(b, (0, 64 - b.numel())) for b in blocks] + [near, torch.tensor([1.0])])


def nested(absmax):
    """One number a block is its absmax; all others are 0."""
    weights = torch.zeros(len(absmax), 64)
    weights[torch.arange(len(absmax)), torch.arange(len(absmax)) % 64] = absmax
    _, state = F.quantize_4bit(weights, quant_type="nf4", compress_statistics=True)
    code = F.create_dynamic_map()
    plain = ops_quantize(absmax - state.offset, code)
    assert ints(plain) == ints(state.absmax)
    again = F.dequantize_blockwise(state.absmax, state.state2) + state.offset
    return dict(
        absmax=bits(absmax), codes=ints(state.absmax), nested=bits(state.state2.absmax),
        offset=bits(state.offset)[0], again=bits(again),
    )


def ops_quantize(x, code):
    blocks = [x[i : i + 256] for i in range(0, len(x), 256)]
    middles = (code[1:] + code[:-1]) / 2
    return torch.cat([torch.bucketize(b / b.abs().max(), middles) for b in blocks])


def int8(matrix):
    codes, absmax, _ = F.int8_vectorwise_quant(matrix)
    return dict(cols=matrix.shape[1], numbers=bits(matrix), codes=ints(codes), absmax=bits(absmax))


def near_halves():
    """Shares next to the middle between two whole numbers: the last bit of the factor decides."""
    whole = torch.arange(-126, 127, 23) + 0.5
    absmax = torch.tensor([0.3, 0.07, 1.1, 5.3, 0.011, 1.9])
    return torch.cat([absmax[:, None], absmax[:, None] * (whole / 127)], dim=1)


def layer(rows, inputs, outputs, rank, alpha, code, doubled):
    w, x, dy = torch.randn(inputs, outputs) * 0.2, torch.randn(rows, inputs), torch.randn(rows, outputs)
    a, b = torch.randn(rank, inputs), torch.randn(outputs, rank)
    packed, state = F.quantize_4bit(w.reshape(-1), quant_type=code, blocksize=64, compress_statistics=doubled)
    frozen = F.dequantize_4bit(packed, state).reshape(inputs, outputs).double()
    wide = [t.double().requires_grad_() for t in (x, a, b)]
    scale = alpha / rank
    y = wide[0] @ frozen + scale * (wide[0] @ wide[1].T) @ wide[2].T
    (y * dy.double()).sum().backward()
    out = lambda t: [float(f"{v:.9g}") for v in t.detach().reshape(-1).tolist()]
    return dict(
        sizes=[rows, inputs, outputs, rank], scale=scale, code=code, x=bits(x), a=bits(a), b=bits(b), dy=bits(dy),
        bytes=ints(packed), codes=ints(state.absmax) if doubled else [],
        absmax=bits(state.state2.absmax if doubled else state.absmax), offset=bits(state.offset)[0] if doubled else 0,
        y=out(y), dx=out(wide[0].grad), da=out(wide[1].grad), db=out(wide[2].grad),
    )


torch.manual_seed(7)
tiny = torch.tensor([1e-40, -1e-40, 5e-41, 0.0, -0.0, 3e-41, 1e-39])
cases = dict(
    normal_float=[[k, normal_float(k)] for k in (2, 3, 4, 5, 8)],
    dynamic=bits(F.create_dynamic_map()),
    four_bits=[
        four_bits(torch.randn(192), 64),
        four_bits(0.02 * torch.randn(131), 64),
        four_bits(torch.distributions.StudentT(2.0).sample((101,)), 32),
        four_bits(1e30 * torch.randn(150), 128),
        four_bits(around_middles("nf4"), 64),
        four_bits(around_middles("fp4"), 64),
        four_bits(torch.cat([torch.zeros(32), tiny, torch.zeros(25), torch.randn(32), torch.zeros(1)]), 32),
        four_bits(tiny, 64),
        four_bits(torch.tensor([-2.5]), 64),
    ],
    nested=[nested(0.02 + 0.01 * torch.rand(300)), nested(torch.randn(61).exp())],
    int8=[int8(torch.cat([torch.randn(4, 13), torch.zeros(1, 13), 1e6 * torch.randn(1, 13), (torch.arange(13) - 6.5)[None] * 254 / 13])),
          int8(torch.cat([torch.randn(3, 1), torch.tensor([[0.0]])])), int8(near_halves())],
    layers=[layer(3, 14, 9, 2, 5, "nf4", False), layer(2, 23, 8, 3, 16, "fp4", True)],
)
lines = [f'"{kind}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in of) + "\n]" for kind, of in cases.items()]
Path(__file__).with_name("bitsandbytes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
