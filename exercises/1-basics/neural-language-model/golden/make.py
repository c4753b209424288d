"""Makes golden.json with PyTorch's autograd, in float64.

    pip install torch==2.15.0
    python make.py

Losses of rows of logits with their gradients, and for small models of Bengio's kind the logits, the
loss and the gradients of all parameters. Every number that goes in is one that float32 holds.
"""

import json
from pathlib import Path

import torch

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(2003)


def drawn(*shape, scale=1.0):
    numbers = scale * torch.randn(*shape, generator=generator, dtype=torch.float32)
    return numbers.double().requires_grad_()


def ids(below, *shape):
    return torch.randint(below, shape, generator=generator)


def matrix(tensor):
    rows, cols = tensor.shape
    return {"rows": rows, "cols": cols, "data": tensor.detach().flatten().tolist()}


def losses():
    for rows, vocab, scale in [(4, 7, 1.0), (1, 3, 2.0), (6, 2, 8.0), (3, 40, 1.0), (5, 5, 60.0)]:
        logits, targets = drawn(rows, vocab, scale=scale), ids(vocab, rows)
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss.backward()
        yield {
            "logits": matrix(logits),
            "targets": targets.tolist(),
            "loss": loss.item(),
            "gradient": matrix(logits.grad),
        }


# vocab, context, dim, hidden, batch; the last context is one token, again and again.
SHAPES = [(6, 3, 2, 4, 5), (5, 1, 3, 2, 4), (9, 4, 1, 7, 1), (4, 2, 5, 1, 8), (3, 6, 3, 5, 7)]


def networks():
    for vocab, context, dim, hidden, batch in SHAPES:
        # One row more, for what stands before the text.
        c = drawn(vocab + 1, dim)
        h, b1 = drawn(context * dim, hidden, scale=0.6), drawn(hidden, scale=0.5)
        u, b2 = drawn(hidden, vocab), drawn(vocab)
        contexts, targets = ids(vocab + 1, batch, context), ids(vocab, batch)
        contexts[-1] = contexts[-1, 0]
        x = c[contexts].reshape(batch, context * dim)
        logits = torch.tanh(x @ h + b1) @ u + b2
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss.backward()
        names = {"c": c, "h": h, "b1": b1, "u": u, "b2": b2}
        yield {
            "sizes": {"vocab": vocab, "context": context, "dim": dim, "hidden": hidden},
            "parameters": {name: of.flatten().tolist() for name, of in names.items()},
            "contexts": contexts.flatten().tolist(),
            "targets": targets.tolist(),
            "logits": matrix(logits),
            "loss": loss.item(),
            "gradients": {name: of.grad.flatten().tolist() for name, of in names.items()},
        }


golden = {"losses": list(losses()), "networks": list(networks())}
# One entry a line, so that a change can be read.
parts = []
for name, entries in golden.items():
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    parts.append(f'  "{name}": [\n{lines}\n  ]')
Path(__file__).with_name("golden.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
