"""Adapters as Hugging Face's PEFT writes them, and a judge of those that this crate writes.

    pip install torch==2.15.0 transformers==5.24.0 peft==0.21.2 safetensors==0.8.0
    python golden/make.py                 # writes the folders beside this file
    python golden/make.py check FOLDER    # loads FOLDER/<name> on the same base, compares the logits

- base: a tiny GPT-2 with weights large enough that each part matters.
- one folder an adapter: adapter_config.json and adapter_model.safetensors, as `save_pretrained` left
  them, without the model card.
- logits.json: for two texts the logits of the last token and the sum of squares of all; without an
  adapter, and with each.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from peft import (
    LoraConfig,
    PeftModel,
    PrefixTuningConfig,
    PromptTuningConfig,
    TaskType,
    get_peft_model,
)
from transformers import GPT2Config, GPT2LMHeadModel

HERE = Path(__file__).parent
SIZES = dict(n_layer=3, n_head=2, n_embd=16, n_positions=24, vocab_size=37)
TEXTS = [[3, 14, 15, 9, 26, 5, 35, 8], [36, 0, 36, 7, 1]]
CAUSAL = TaskType.CAUSAL_LM
ADAPTERS = {
    # One kind of layer by its name, one by name and block; alpha is not the rank.
    "lora": LoraConfig(
        task_type=CAUSAL,
        r=3,
        lora_alpha=5,
        lora_dropout=0.1,
        target_modules=["c_attn", "h.1.mlp.c_fc"],
        fan_in_fan_out=True,
    ),
    # Two layers have this name; the scale is that of rsLoRA.
    "rslora": LoraConfig(
        task_type=CAUSAL,
        r=2,
        lora_alpha=7,
        target_modules=["c_proj"],
        exclude_modules=["h.2.mlp.c_proj"],
        layers_to_transform=[0, 2],
        use_rslora=True,
        fan_in_fan_out=True,
    ),
    "prompt": PromptTuningConfig(task_type=CAUSAL, num_virtual_tokens=5),
    "prefix": PrefixTuningConfig(task_type=CAUSAL, num_virtual_tokens=3),
    # Trained behind a small network, of which the file keeps the outcome.
    "prefix-projected": PrefixTuningConfig(
        task_type=CAUSAL, num_virtual_tokens=2, prefix_projection=True, encoder_hidden_size=6
    ),
}


def logits(model):
    out = []
    for ids in TEXTS:
        with torch.no_grad():
            rows = model(input_ids=torch.tensor([ids])).logits[0].double()
        rows = rows[-len(ids) :]
        out.append(dict(last=rows[-1].tolist(), squares=(rows * rows).sum().item()))
    return out


def base():
    return GPT2LMHeadModel.from_pretrained(HERE / "base").eval()


def make():
    torch.manual_seed(1)
    model = GPT2LMHeadModel(GPT2Config(**SIZES, bos_token_id=36, eos_token_id=36))
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.2 * torch.randn(weight.shape))
    model.save_pretrained(HERE / "base")
    (HERE / "base" / "generation_config.json").unlink(missing_ok=True)
    want = {"base": logits(base())}
    for i, (name, config) in enumerate(ADAPTERS.items()):
        torch.manual_seed(10 + i)
        config.base_model_name_or_path = "tiny"
        model = base()
        model.config._name_or_path = model.name_or_path = "tiny"
        model = get_peft_model(model, config).eval()
        with torch.no_grad():
            for weight in model.parameters():
                if weight.requires_grad:
                    weight.copy_(0.5 * torch.randn(weight.shape))
        shutil.rmtree(HERE / name, ignore_errors=True)
        model.save_pretrained(HERE / name)
        (HERE / name / "README.md").unlink(missing_ok=True)
        want[name] = logits(PeftModel.from_pretrained(base(), HERE / name).eval())
        assert want[name] != want["base"]
    text = json.dumps(dict(texts=TEXTS, logits=want), separators=(",", ":"))
    (HERE / "logits.json").write_text(text + "\n")


def check(folder):
    """Each adapter of the folder has to give the logits of its namesake."""
    want = json.loads((HERE / "logits.json").read_text())["logits"]
    names = sorted(path.name for path in folder.iterdir())
    assert names, f"{folder} holds no adapter"
    for name in names:
        got = logits(PeftModel.from_pretrained(base(), folder / name).eval())
        for got, expected in zip(got, want[name], strict=True):
            got, expected = (torch.tensor(x["last"] + [x["squares"]]) for x in (got, expected))
            torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)
        print("the same logits:", name)


if __name__ == "__main__":
    make() if len(sys.argv) == 1 else check(Path(sys.argv[2]))
