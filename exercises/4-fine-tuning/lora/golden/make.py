"""Expected values for the checks, from PEFT and PyTorch.

    pip install torch==2.15.0 transformers==5.24.0 peft==0.21.0
    python golden/make.py

- layers.json: single layers of tiny GPT-2s that PEFT has put pairs beside, with α ≠ r and targets that
  are not all layers. Inside of a whole forward and backward pass in f64: what the layer read, what the
  frozen layer alone and both together returned, the slopes there, those along A, B and the input (with
  and without the frozen layer's share), the weight before and after merging.
- counts.json: how many numbers learn, by targets and rank.
- adapters.json: bottleneck adapters in PyTorch.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
torch.manual_seed(4)


def f32(x):
    """Numbers that f32 holds exactly, so that a check reads what PyTorch read."""
    return x.to(torch.float32).to(torch.float64)


def told(x):
    return [float(f"{v:.9g}") for v in x.detach().flatten().tolist()]


def tiny(sizes, config):
    model = GPT2LMHeadModel(GPT2Config(**sizes, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))
    model = get_peft_model(model.double().eval(), config)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(f32(p + 0.2 * torch.randn_like(p)))
    return model


def layers(sizes, names, seq, **settings):
    config = LoraConfig(fan_in_fan_out=True, init_lora_weights=False, lora_dropout=0.0, **settings)
    model = tiny(sizes, config)
    ids = torch.randint(sizes["vocab_size"], (2, seq))
    kept, out = {}, []

    def hook(name):
        def read(layer, args, y):
            # The input stands on its own, so that its slope is this layer's alone.
            x = f32(args[0].detach()).requires_grad_()
            y = layer.forward(x)
            y.retain_grad()
            kept[name] = (layer, x, y)
            return y

        return read

    modules = dict(model.base_model.model.transformer.named_modules())
    for name in names:
        modules[name].register_forward_hook(hook(name))
    model(ids, labels=ids).loss.backward()
    for name, (layer, x, y) in kept.items():
        a, b = layer.lora_A["default"].weight, layer.lora_B["default"].weight
        w, bias = layer.base_layer.weight, layer.base_layer.bias
        dy = f32(y.grad)
        # Once more with the slopes that a check can hand over exactly.
        for p in (a, b, x):
            p.grad = None
        layer.forward(x).backward(dy)
        frozen = f32(x.detach() @ w + bias)
        before = told(w)
        case = dict(
            name=name,
            inputs=w.shape[0],
            outputs=w.shape[1],
            rank=a.shape[0],
            alpha=float(settings["lora_alpha"]),
            rank_stabilized=settings.get("use_rslora", False),
            scale=layer.scaling["default"],
            a=told(a),
            b=told(b),
            x=told(x),
            frozen=told(frozen),
            y=told(y - (x @ w + bias) + frozen),
            xa=told(x @ a.T),
            dy=told(dy),
            dx_frozen=told(f32(dy @ w.T)),
            dx=told(x.grad - dy @ w.T + f32(dy @ w.T)),
            da=told(a.grad),
            db=told(b.grad),
            weight=before,
        )
        layer.merge()
        case["merged"] = told(layer.base_layer.weight)
        layer.unmerge()
        out.append(case)
    return out


SMALL = dict(n_layer=2, n_head=2, n_embd=6, n_positions=8, vocab_size=11)
found = layers(SMALL, ["h.0.attn.c_attn", "h.1.mlp.c_proj"], 3, r=3, lora_alpha=8,
               target_modules=["c_attn", "mlp.c_proj"])
found += layers(SMALL, ["h.1.attn.c_proj"], 2, r=5, lora_alpha=2, target_modules=["attn.c_proj"],
                use_rslora=True)
found += layers(SMALL, ["h.0.mlp.c_fc"], 2, r=1, lora_alpha=3, target_modules=["c_fc"])
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in found)
(HERE / "layers.json").write_text(f"[\n{lines}\n]\n")

counts = []
for sizes, targets, rank in [
    (SMALL, ["c_attn"], 3),
    (SMALL, ["attn.c_proj", "c_fc"], 4),
    (dict(n_layer=3, n_head=3, n_embd=12, n_positions=8, vocab_size=11), ["c_attn", "c_proj"], 1),
    (dict(n_layer=4, n_head=8, n_embd=128, n_positions=128, vocab_size=512),
     ["c_attn", "c_proj", "c_fc"], 8),
]:
    config = LoraConfig(r=rank, lora_alpha=2 * rank + 1, target_modules=targets, fan_in_fan_out=True)
    model = get_peft_model(GPT2LMHeadModel(GPT2Config(**sizes)), config)
    pairs = [m.base_layer.weight.shape for m in model.modules() if hasattr(m, "lora_A")]
    learn, _ = model.get_nb_trainable_parameters()
    counts.append(dict(targets=targets, rank=rank, layers=[list(p) for p in pairs], numbers=learn))
(HERE / "counts.json").write_text(json.dumps(counts, separators=(",", ":")) + "\n")

adapters = []
for width, bottleneck, rows in [(5, 2, 3), (8, 3, 2), (3, 7, 4)]:
    down, up = torch.nn.Linear(width, bottleneck), torch.nn.Linear(bottleneck, width)
    for p in (*down.parameters(), *up.parameters()):
        p.data = f32(p.data + torch.randn_like(p))
    down, up = down.double(), up.double()
    x = f32(torch.randn(rows, width))
    adapters.append(dict(
        width=width,
        bottleneck=bottleneck,
        down=told(down.weight),
        down_bias=told(down.bias),
        up=told(up.weight),
        up_bias=told(up.bias),
        x=told(x),
        y=told(x + up(torch.relu(down(x)))),
    ))
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in adapters)
(HERE / "adapters.json").write_text(f"[\n{lines}\n]\n")
print([c["scale"] for c in found], [c["numbers"] for c in counts])
