"""Makes golden.json with PyTorch's autograd, in float64.

    pip install torch==2.15.0
    python make.py

Local gradients of every operation, gradients of all nodes of random computations, and the
gradients of a matrix product and of a bias added to every row.
"""

import json
import random
from pathlib import Path

import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_default_dtype(torch.float64)

OPS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "exp": torch.exp,
    "ln": torch.log,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
BINARY = ["add", "sub", "mul", "div"]
POINTS = {
    "add": [(2.5, -3.0), (0.0, 7.25)],
    "sub": [(2.5, -3.0), (-1.5, 0.75)],
    "mul": [(2.5, -3.0), (0.0, 4.0), (-1.25, -8.0)],
    "div": [(3.0, 4.0), (-2.0, 0.125), (5.0, -8.0), (0.0, 3.0)],
    "neg": [(3.0,), (-0.5,)],
    "exp": [(0.0,), (-2.5,), (3.25,)],
    "ln": [(1.0,), (0.05,), (40.0,)],
    "tanh": [(0.0,), (0.75,), (-2.5,), (6.0,)],
    "relu": [(2.5,), (0.001,), (-0.001,), (-4.0,), (0.0,)],
}


def rules():
    for op, points in POINTS.items():
        for point in points:
            inputs = [torch.tensor(x, requires_grad=True) for x in point]
            output = OPS[op](*inputs)
            gradients = torch.autograd.grad(output, inputs)
            yield {
                "op": op,
                "inputs": list(point),
                "output": output.item(),
                "gradients": [g.item() for g in gradients],
            }


def fits(op, inputs):
    """Whether the operation is smooth here, and stays in a range where digits are not lost."""
    last = inputs[-1]
    limits = {
        "div": abs(last) > 0.3,
        "exp": last < 2.0,
        "ln": last > 0.2,
        "relu": abs(last) > 0.05,
    }
    return limits.get(op, True)


def tape(seed):
    """A random computation; nodes after the output, or beside its way, have gradient 0."""
    rng = random.Random(seed)
    leaves = rng.randint(2, 5)
    nodes = [{"op": "leaf", "inputs": []} for _ in range(leaves)]
    values = [torch.tensor(rng.choice([-1, 1]) * rng.uniform(0.4, 2.5), requires_grad=True) for _ in nodes]
    size = rng.randint(9, 40)
    while len(nodes) < size:
        op = rng.choice(list(OPS))
        recent = max(0, len(nodes) - 6)
        pick = lambda: rng.randrange(recent if rng.random() < 0.6 else 0, len(nodes))
        inputs = [pick(), pick()] if op in BINARY else [pick()]
        if not fits(op, [values[i].item() for i in inputs]):
            continue
        value = OPS[op](*(values[i] for i in inputs))
        if 1e-3 < abs(value.item()) < 30:
            nodes.append({"op": op, "inputs": inputs})
            values.append(value)
    output = len(nodes) - 1 - (seed % 3)
    found = torch.autograd.grad(values[output], values, allow_unused=True)
    gradients = [0.0 if g is None else g.item() for g in found]
    for node, value in zip(nodes, values):
        node["value"] = value.item()
    return {"nodes": nodes, "output": output, "gradients": gradients}


def tapes():
    """Those in which at least two in three of the nodes count, and one is used twice."""
    seed, found = 0, 0
    while found < 12:
        seed += 1
        made = tape(seed)
        counts = [g for g in made["gradients"] if g != 0.0]
        used = [i for node in made["nodes"] for i in set(node["inputs"])]
        shared = any(used.count(i) > 1 and made["gradients"][i] != 0.0 for i in used)
        if len(counts) * 3 >= len(made["nodes"]) * 2 and shared and max(map(abs, counts)) < 1e3:
            found += 1
            yield made


def matrix(tensor):
    rows, cols = tensor.shape
    return {"rows": rows, "cols": cols, "data": tensor.flatten().tolist()}


def products(generator):
    for m, k, n in [(2, 3, 4), (5, 1, 3), (1, 4, 1), (3, 7, 2), (4, 4, 4)]:
        a = torch.randn(m, k, generator=generator, requires_grad=True)
        b = torch.randn(k, n, generator=generator, requires_grad=True)
        d_out = torch.randn(m, n, generator=generator)
        (a @ b).backward(d_out)
        yield {name: matrix(t.detach()) for name, t in
               [("a", a), ("b", b), ("d_out", d_out), ("d_a", a.grad), ("d_b", b.grad)]}


def biases(generator):
    for m, n in [(3, 5), (4, 4), (1, 6), (7, 1)]:
        x = torch.randn(m, n, generator=generator)
        bias = torch.randn(n, generator=generator, requires_grad=True)
        d_out = torch.randn(m, n, generator=generator)
        (x + bias).backward(d_out)
        yield {"d_out": matrix(d_out), "gradient": bias.grad.tolist()}


generator = torch.Generator().manual_seed(17)
golden = {
    "rules": list(rules()),
    "tapes": list(tapes()),
    "products": list(products(generator)),
    "biases": list(biases(generator)),
}
# One entry a line, so that a change can be read.
parts = []
for name, entries in golden.items():
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    parts.append(f'  "{name}": [\n{lines}\n  ]')
Path(__file__).with_name("golden.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
