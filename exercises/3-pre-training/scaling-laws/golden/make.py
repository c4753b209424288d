"""Expected values for the checks, from PyTorch, SciPy and NumPy.

    pip install torch==2.15.0 scipy==1.17.1 numpy==2.4.6
    python golden/make.py

- objectives.json: torch.logsumexp and torch.nn.functional.huber_loss of a law's residuals in f64, and
  the gradient by autograd, at points near and far.
- fits.json: noisy runs, some of them spoiled, and the best law that SciPy's L-BFGS-B finds for them
  from a grid of starts.
- parabolas.json: losses against parameters, and the lowest point of numpy.polyfit's parabola.

What examples/runs.rs trained is in runs.json.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize

HERE = Path(__file__).parent
DELTA = 1e-3
rng = np.random.default_rng(7)


def law(E, A, B, alpha, beta):
    return lambda n, d: E + A * n**-alpha + B * d**-beta


def objective(point, runs):
    n, d, loss = torch.tensor(runs, dtype=torch.float64).T
    x = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    a, b, e, alpha, beta = x
    terms = torch.stack([a - alpha * n.log(), b - beta * d.log(), e.expand(len(runs))])
    found = torch.logsumexp(terms, 0)
    value = torch.nn.functional.huber_loss(found, loss.log(), reduction="sum", delta=DELTA)
    value.backward()
    return value.item(), x.grad.tolist()


def runs_of(truth, sizes, texts, noise, spoiled):
    runs = [[n, d, truth(n, d) * np.exp(noise * rng.standard_normal())] for n in sizes for d in texts]
    for at in spoiled:
        runs[at][2] *= 1.15
    return [[float(f"{x:.8g}") for x in run] for run in runs]


hoffmann = law(1.69, 406.4, 410.7, 0.34, 0.28)
few = runs_of(hoffmann, [1e6, 3e8, 7e10], [2e7, 5e9, 1e12], 0.02, [4])
points = [
    [np.log(406.4), np.log(410.7), np.log(1.69), 0.34, 0.28],
    [6.0, 6.0, 0.5, 0.34, 0.28],
    [0, 0, 0, 0, 0],
    [25, 25, 1, 2, 2],
    [0, 25, -1, 0, 0.5],
    [900, 2, 0, 0.3, 0.3],
    [-900, -950, -1000, 0.5, 0.1],
    [3, -800, -900, 0.2, 0.3],
    [-4, 3, 0.7, -0.1, 0.2],
]
objectives = []
for point in points:
    value, gradient = objective([float(x) for x in point], few)
    objectives.append(dict(point=[float(x) for x in point], value=value, gradient=gradient))
(HERE / "objectives.json").write_text(json.dumps(dict(runs=few, cases=objectives)) + "\n")

fits = []
for truth, noise, spoiled in [
    (hoffmann, 0.004, []),
    (law(1.8172, 482.01, 2085.43, 0.3478, 0.3658), 0.01, [3, 17]),
    (law(0.9, 60, 900, 0.45, 0.55), 0.002, [0, 8, 22]),
]:
    runs = runs_of(truth, [2e7, 1e8, 6e8, 3e9, 1.6e10], [3e8, 2e9, 1e10, 7e10, 4e11], noise, spoiled)
    best = None
    starts = itertools.product([0, 5, 10], [0, 5, 10], [-1, 0, 1], [0.2, 0.5], [0.2, 0.5])
    for start in starts:
        # A thousand times as large, so that SciPy does not stop too early.
        f = lambda x: tuple(1e3 * np.array(y) for y in objective(x.tolist(), runs))
        options = dict(maxiter=3000, maxfun=20000, ftol=1e-15, gtol=1e-11, maxcor=20)
        found = minimize(f, start, jac=True, method="L-BFGS-B", options=options)
        if best is None or found.fun < best.fun:
            best = found
    fits.append(dict(runs=runs, point=best.x.tolist(), value=float(best.fun) / 1e3))
    print(best.x, best.fun / 1e3)
(HERE / "fits.json").write_text(json.dumps(fits) + "\n")

parabolas = []
for compute, count, noise in [(6e18, 7, 0.0), (1e21, 12, 0.01), (3e20, 4, 0.002), (1e15, 3, 0.0)]:
    middle = (compute / 6) ** 0.45
    sizes = np.sort(middle * np.exp(rng.uniform(-2, 2.5, count)))
    losses = [hoffmann(n, compute / 6 / n) + noise * rng.standard_normal() for n in sizes]
    xs = np.log(sizes)
    fitted = np.polynomial.Polynomial.fit(xs, losses, 2)
    lowest = fitted.deriv().roots()[0]
    parabolas.append(dict(
        points=[[float(n), float(loss)] for n, loss in zip(sizes, losses)],
        parameters=float(np.exp(lowest)), loss=float(fitted(lowest)),
    ))
(HERE / "parabolas.json").write_text(json.dumps(parabolas) + "\n")
