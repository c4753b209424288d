"""Expected values for the checks: labels from transformers, spans by the rules of T5's code.

    pip install torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3 numpy==2.4.6
    python golden/make.py

Counts, masks and sentinels follow random_spans_noise_mask and noise_span_to_unique_sentinel of
github.com/google-research/text-to-text-transfer-transformer, t5/data/preprocessors.py; a target is the
same text with what is kept replaced. The script also asserts what the docs of mlm_mask say of the collator
of transformers: the shares that it hides, and what it writes.
"""

import json
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models
from transformers import DataCollatorForLanguageModeling, PreTrainedTokenizerFast

rng = np.random.default_rng(7)
VOCAB = 50
tokens = {f"t{i}": i for i in range(VOCAB - 3)} | {"[PAD]": 47, "[MASK]": 48, "[UNK]": 49}
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(models.WordLevel(tokens, unk_token="[UNK]")),
    pad_token="[PAD]",
    mask_token="[MASK]",
    unk_token="[UNK]",
)


def causal():
    """Labels of a batch as the loss of transformers sees them: shifted by one."""
    texts = [rng.integers(0, 47, n).tolist() for n in (9, 4, 1, 6)]
    batch = DataCollatorForLanguageModeling(tokenizer, mlm=False)([{"input_ids": t} for t in texts])
    # As in transformers/loss/loss_utils.py, ForCausalLMLoss.
    labels = torch.nn.functional.pad(batch["labels"], (0, 1), value=-100)[..., 1:]
    rows = zip(batch["input_ids"].tolist(), batch["attention_mask"].tolist(), labels.tolist())
    return [{"ids": i, "is_token": [m == 1 for m in mask], "labels": l} for i, mask, l in rows]


def check_collator():
    torch.manual_seed(1)
    ids = torch.full((400, 500), 7)
    collator = DataCollatorForLanguageModeling(tokenizer, mlm=True)
    batch = collator([{"input_ids": row} for row in ids.tolist()])
    inputs, labels = batch["input_ids"], batch["labels"]
    chosen = labels != -100
    n = chosen.sum().item()
    near = lambda got, want: abs(got - want) < 0.006
    assert near(n / ids.numel(), 0.15) and (inputs[~chosen] == 7).all() and (labels[chosen] == 7).all()
    assert near((inputs[chosen] == 48).sum().item() / n, 0.8 + 0.1 / VOCAB)
    assert near((inputs[chosen] == 7).sum().item() / n, 0.1 + 0.1 / VOCAB)
    # The rest is drawn from the whole vocabulary.
    others = torch.bincount(inputs[chosen], minlength=VOCAB)
    assert (others > 0).all()


def counts(length, density, mean):
    """How many tokens and spans are hidden. numpy rounds a half to the even number, as TensorFlow does."""
    length = max(length, 2)
    noise = int(np.round(length * density))
    noise = min(max(noise, 1), length - 1)
    return noise, max(int(np.round(noise / mean)), 1)


def parts(tokens, n):
    """Cuts so many tokens into n parts at places that are drawn without putting back."""
    cuts = sorted(rng.choice(np.arange(1, tokens), n - 1, replace=False).tolist())
    return np.diff([0, *cuts, tokens])


def noise_mask(length, density, mean):
    noise, n = counts(length, density, mean)
    kept, hidden = parts(max(length, 2) - noise, n), parts(noise, n)
    mask = [bit for k, h in zip(kept, hidden) for bit in [False] * k + [True] * h]
    return mask[:length]


def with_sentinels(tokens, is_replaced, vocab_size):
    """Each run that is replaced becomes one sentinel; they go down from the end of the vocabulary."""
    out, used = [], 0
    for replaced, run in groupby(zip(tokens, is_replaced), key=lambda pair: pair[1]):
        if replaced:
            used += 1
            out.append(vocab_size - used)
        else:
            out += [token for token, _ in run]
    return out


def spans():
    cases = []
    for density in (0.15, 0.5, 0.3, 0.05, 0.9, 0.0, 1.0):
        for mean in (3.0, 1.0, 2.0, 10.0):
            for length in (2, 3, 7, 10, 13, 30, 50, 70, 90, 110, 512, 568):
                noise, n = counts(length, density, mean)
                if n <= min(noise, length - noise):
                    cases.append([length, density, mean, noise, n])
    return cases


def sentinels():
    cases = []
    for length, density, mean in [(1, 0.15, 3.0), (2, 0.15, 3.0), (12, 0.5, 2.0), (20, 0.15, 3.0), (40, 0.5, 1.0), (60, 0.3, 3.0)]:
        for end in (0, 3):
            tokens = rng.integers(2, 900, length + end).tolist()
            mask = noise_mask(length, density, mean) + [False] * end
            # In inputs what is hidden is replaced, in targets the rest; then comes the end of text.
            inputs = with_sentinels(tokens, mask, 1000) + [1]
            targets = with_sentinels(tokens, [not bit for bit in mask], 1000) + [1]
            cases.append(dict(ids=tokens, is_hidden=mask, input=inputs, target=targets))
    return cases


check_collator()
golden = dict(causal=causal(), spans=spans(), sentinels=sentinels())
text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{").replace("],[", "],\n[")
Path(__file__).with_name("objectives.json").write_text(text + "\n", encoding="utf-8")
