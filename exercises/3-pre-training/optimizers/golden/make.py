"""Expected values for the checks, in double precision.

    pip install torch==2.15.0 transformers==5.24.0 lion-pytorch==0.2.5
    python golden/make.py

trajectories.json holds two things. The first are seeded gradients, and the weights after each step under optimizers of PyTorch, of
transformers (Adafactor) and of lion-pytorch, with what they keep at the end. f32 holds weights and
gradients exactly. Of each step there are twelve gradients: ordinary ones, tiny ones of 1e-7 and
1e-15, huge ones, always 0, always the same, of changing sign, 0 with a rare peak, falling. A matrix
for Adafactor has rows and columns of very different sizes.

The second are names and shapes of small models, and which of them the trainer of transformers
decays.
"""

import json
from pathlib import Path

import torch
from lion_pytorch import Lion
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel, LlamaConfig
from transformers import LlamaForCausalLM, Trainer
from transformers.optimization import Adafactor

torch.set_default_dtype(torch.float64)
STEPS = 12
WEIGHTS = [1, -0.5, 0, 100, 0, -0.001, 0, 0.25, 0, -3, 0, 0]
f32 = lambda x: x.float().double()


def gradients(seed):
    torch.manual_seed(seed)
    noise = torch.randn(STEPS, 12)
    t = torch.arange(STEPS)
    g = noise.clone()
    g[:, 2] = 1e-7 * noise[:, 2]
    g[:, 3] = 30 * noise[:, 3]
    g[:, 4] = 1e-7
    g[:, 5] = 1e-15 * noise[:, 5]
    g[:, 6] = 1e6 * noise[:, 6]
    g[:, 7] = 0
    g[:, 8] = 0.3
    g[:, 9] = 0.5 * (-1.0) ** t
    g[:, 10] = torch.where(t % 5 == 2, 4.0, 0.0)
    g[:, 11] = 0.5**t
    # Few digits, so that the file is short.
    return f32(torch.tensor([[float(f"{x:.3g}") for x in row] for row in g.tolist()]))


def run(name, optimizer, w, g, **settings):
    weights = []
    for step in g:
        w.grad = step.clone()
        optimizer.step()
        weights.append(w.detach().flatten().tolist())
    keep, start = settings.pop("keep"), settings.pop("start")
    state = optimizer.state[w]
    kept = [state[k].flatten().tolist() for k in keep if state.get(k) is not None]
    return dict(
        name=name, settings=settings, start=start, weights=weights,
        gradients=[step.flatten().tolist() for step in g], kept=kept,
    )


def parameter(values):
    return torch.nn.Parameter(f32(torch.tensor(values)))


def sgd(name, lr, momentum, nesterov, decay, seed):
    w = parameter(WEIGHTS)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=decay)
    return run(name, optimizer, w, gradients(seed), start=w.tolist(), keep=["momentum_buffer"],
               numbers=[lr, momentum, decay], nesterov=nesterov)


def adamw(name, lr, beta1, beta2, eps, decay, seed):
    w = parameter(WEIGHTS)
    optimizer = torch.optim.AdamW([w], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=decay)
    return run(name, optimizer, w, gradients(seed), start=w.tolist(), keep=["exp_avg", "exp_avg_sq"],
               numbers=[lr, beta1, beta2, eps, decay])


def lion(name, lr, beta1, beta2, decay, seed):
    w = parameter(WEIGHTS)
    optimizer = Lion([w], lr=lr, betas=(beta1, beta2), weight_decay=decay)
    return run(name, optimizer, w, gradients(seed), start=w.tolist(), keep=["exp_avg"],
               numbers=[lr, beta1, beta2, decay])


def adafactor(name, rows, cols, lr, d, seed):
    torch.manual_seed(seed)
    sizes = 10.0 ** torch.linspace(-3, 2, rows)[:, None] * 3.0 ** torch.arange(cols)
    g = torch.randn(STEPS, rows, cols) * sizes
    g[:, :, 0] = 0
    g[4] *= 50
    g[7] = 0
    w = parameter([[round(0.1 * (i - 2) * (j + 1), 3) for j in range(cols)] for i in range(rows)])
    optimizer = Adafactor([w], lr=lr, clip_threshold=d, relative_step=lr is None,
                          scale_parameter=lr is None, warmup_init=False)
    g = f32(torch.tensor([[[float(f"{x:.3g}") for x in r] for r in m] for m in g.tolist()]))
    return run(name, optimizer, w, g, start=w.flatten().tolist(),
               keep=["exp_avg_sq_row", "exp_avg_sq_col"], numbers=[lr or 0.0, d], rows=rows, cols=cols)


def model(name, of):
    decays = set(Trainer.get_decay_parameter_names(None, of))
    return dict(name=name, parameters=[(n, list(p.shape), n in decays) for n, p in of.named_parameters()])


small = dict(hidden_size=6, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=9)
cases = dict(
    sgd=[
        sgd("SGD", 0.1, 0.0, False, 0.0, 1),
        sgd("momentum 0.9", 0.05, 0.9, False, 0.0, 2),
        sgd("momentum 0.8 with a weight decay of 0.1", 0.02, 0.8, False, 0.1, 3),
        sgd("Nesterov's momentum with a weight decay of 0.3", 0.01, 0.95, True, 0.3, 4),
    ],
    adamw=[
        adamw("AdamW with its defaults", 1e-3, 0.9, 0.999, 1e-8, 0.01, 5),
        adamw("AdamW without decay", 0.02, 0.9, 0.95, 1e-8, 0.0, 6),
        adamw("AdamW with an ε of 0.001 and a weight decay of 0.5", 0.05, 0.8, 0.99, 1e-3, 0.5, 7),
        adamw("AdamW without memory", 0.01, 0.0, 0.0, 1e-6, 0.1, 8),
    ],
    lion=[
        lion("Lion with its defaults", 1e-4, 0.9, 0.99, 0.0, 9),
        lion("Lion with a weight decay of 1", 0.01, 0.95, 0.98, 1.0, 10),
        lion("Lion with other betas", 0.003, 0.5, 0.8, 0.1, 11),
    ],
    adafactor=[
        adafactor("Adafactor with steps of its own", 5, 3, None, 1.0, 12),
        adafactor("Adafactor with a learning rate of 0.01", 2, 4, 0.01, 1.0, 13),
        adafactor("Adafactor with a clip threshold of 0.4", 3, 3, 0.02, 0.4, 14),
        adafactor("Adafactor for a single row", 1, 5, None, 1.0, 15),
    ],
    models=[
        model("GPT-2", GPT2LMHeadModel(GPT2Config(n_embd=6, n_layer=2, n_head=2, n_positions=5, vocab_size=9))),
        model("Llama", LlamaForCausalLM(LlamaConfig(num_key_value_heads=1, **small))),
        model("BERT", BertModel(BertConfig(max_position_embeddings=5, **small))),
    ],
)

# Nine digits are enough for weights in f32; one case a line.
shorten = lambda x: (
    {k: shorten(v) for k, v in x.items()} if isinstance(x, dict)
    else [shorten(v) for v in x] if isinstance(x, (list, tuple))
    else float(f"{x:.9g}") if isinstance(x, float) else x
)
lines = [
    f'"{kind}":[\n' + ",\n".join(json.dumps(shorten(c), separators=(",", ":"), ensure_ascii=False) for c in of)
    + "\n]"
    for kind, of in cases.items()
]
Path(__file__).with_name("trajectories.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
