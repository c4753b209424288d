"""Expected values for the checks: labels from transformers, spans from T5's published functions.

    pip install torch==2.15.0 transformers==5.24.0 tokenizers numpy
    python golden/make.py

`random_spans_noise_mask` and `noise_span_to_unique_sentinel` are those of
github.com/google-research/text-to-text-transfer-transformer, t5/data/preprocessors.py, written with
numpy in place of TensorFlow. The script also asserts what the docs of mlm_mask say of the collator
of transformers: the shares that it hides, and what it writes.
"""

import json
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
    """How many tokens and spans random_spans_noise_mask hides."""
    length = max(length, 2)
    noise = int(np.round(length * density))
    noise = min(max(noise, 1), length - 1)
    return noise, max(int(np.round(noise / mean)), 1)


def segmentation(items, segments):
    first = np.pad(rng.permutation(np.arange(items - 1) < segments - 1), [[1, 0]])
    return np.bincount(np.cumsum(first), minlength=segments)


def random_spans_noise_mask(length, density, mean):
    noise, spans = counts(length, density, mean)
    lengths = np.stack([segmentation(max(length, 2) - noise, spans), segmentation(noise, spans)], axis=1)
    starts = np.cumsum(lengths.reshape(-1))[:-1]
    indicator = np.zeros(max(length, 2), dtype=int)
    indicator[starts] = 1
    return (np.cumsum(indicator) % 2 == 1)[:length]


def noise_span_to_unique_sentinel(tokens, noise_mask, vocab_size):
    before = np.pad(noise_mask[:-1], [[1, 0]])
    first = noise_mask & ~before
    after_first = noise_mask & before
    sentinel = vocab_size - np.cumsum(first.astype(int))
    return np.where(first, sentinel, tokens)[~after_first].tolist()


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
            tokens = rng.integers(2, 900, length + end)
            mask = np.concatenate([random_spans_noise_mask(length, density, mean), np.zeros(end, bool)])
            # As in span_corruption: inputs with their noise replaced, targets with the rest; then the end of text.
            inputs = noise_span_to_unique_sentinel(tokens, mask, 1000) + [1]
            targets = noise_span_to_unique_sentinel(tokens, ~mask, 1000) + [1]
            cases.append(dict(ids=tokens.tolist(), is_hidden=mask.tolist(), input=inputs, target=targets))
    return cases


check_collator()
golden = dict(causal=causal(), spans=spans(), sentinels=sentinels())
text = json.dumps(golden, separators=(",", ":")).replace("},{", "},\n{").replace("],[", "],\n[")
Path(__file__).with_name("objectives.json").write_text(text + "\n", encoding="utf-8")
