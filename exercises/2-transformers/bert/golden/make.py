"""Expected values for the checks and tests, from transformers, sentence-transformers and PyTorch.

    pip install torch==2.15.0 transformers==5.24.0 sentence-transformers==6.2.0 safetensors
    python golden/make.py FOLDER

FOLDER has all-MiniLM-L6-v2 as Hugging Face lays it out. Written are

- tiny.safetensors and config.json, a BERT with drawn weights, and bert.json, what it makes of some
  tokens, computed in double precision from the same weights. No weight is left at its start: a bias
  of 0 or a gain of 1 would hide that it is not used;
- vocab.txt, a part of BERT's vocabulary (github.com/google-research/bert, Apache-2.0), and
  tokens.json, what its tokenizer makes of some texts;
- sentences.json and sentences.i8, sentences for the page and their vectors by MiniLM, each number a
  whole one up to 127: the largest of a vector is 127;
- minilm.json and minilm.i16, more texts, to compare with sentence-transformers.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertForMaskedLM, BertTokenizerFast

from texts import ODD, PAIRS, SENTENCES, TEXTS

HERE = Path(__file__).parent
F64 = torch.float64

CONFIG = dict(
    num_hidden_layers=3,
    num_attention_heads=5,
    hidden_size=20,
    intermediate_size=28,
    max_position_embeddings=23,
    type_vocab_size=3,
    vocab_size=61,
    layer_norm_eps=0.02,
    attn_implementation="eager",
)


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def tiny():
    torch.manual_seed(30)
    model = BertForMaskedLM(BertConfig(**CONFIG)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.normal_(0.0, 0.4)
            if "LayerNorm" in name and name.endswith("weight"):
                p.add_(1.0)
    tied = ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]
    state = {n: t for n, t in model.state_dict().items() if n not in tied}
    save_file(state, HERE / "tiny.safetensors")
    (HERE / "config.json").write_text(model.config.to_json_string())
    return model.to(F64)


def draw(below, shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, below, shape, generator=generator)


def padded(lengths, side):
    longest = max(lengths)
    rows = [
        [0] * (longest - n) + [1] * n if side == "left" else [1] * n + [0] * (longest - n)
        for n in lengths
    ]
    return torch.tensor(rows)


def text_case(model, name, shape, seed, types=None, mask=None):
    ids = draw(CONFIG["vocab_size"], shape, seed)
    seen = {}
    hook = model.bert.embeddings.register_forward_hook(
        lambda _m, _args, out: seen.update(embedded=out)
    )
    with torch.no_grad():
        hidden = model.bert(ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        logits = model.cls(hidden)
    hook.remove()
    # What is computed at padding is nobody's business.
    tokens = torch.ones(shape, dtype=F64) if mask is None else mask.to(F64)
    pooled = (hidden * tokens[:, :, None]).sum(1) / tokens.sum(1, keepdim=True).clamp(min=1e-9)
    hidden, logits = hidden * tokens[:, :, None], logits * tokens[:, :, None]
    return dict(
        name=name,
        shape=list(shape),
        ids=ids.flatten().tolist(),
        types=[] if types is None else types.flatten().tolist(),
        is_token=[] if mask is None else mask.flatten().tolist(),
        embedded=numbers(seen["embedded"]),
        hidden=numbers(hidden),
        logits=numbers(logits) if shape[1] < 6 else [],
        pooled=numbers(pooled),
    )


def blocks(model):
    """What goes into each block and comes out of it."""
    seen = []
    hooks = [
        layer.register_forward_hook(
            lambda _m, args, out: seen.append((args[0], out[0] if isinstance(out, tuple) else out))
        )
        for layer in model.bert.encoder.layer
    ]
    with torch.no_grad():
        model.bert(draw(CONFIG["vocab_size"], (2, 5), 3))
    for hook in hooks:
        hook.remove()
    return [
        dict(layer=i, shape=list(x.shape), x=numbers(x), y=numbers(y))
        for i, (x, y) in enumerate(seen)
    ]


def model_cases():
    model = tiny()
    case = lambda *args, **rest: text_case(model, *args, **rest)
    texts = [
        case("one token", (1, 1), 1),
        case("three texts", (3, 4), 2),
        case("three texts with token types", (3, 5), 4, draw(3, (3, 5), 5)),
        case("a text as long as fits", (1, 23), 6),
        case("padding on the right", (3, 7), 7, None, padded([7, 2, 5], "right")),
        case("padding on the left", (3, 7), 8, draw(3, (3, 7), 9), padded([4, 7, 1], "left")),
    ]
    golden = dict(texts=texts, blocks=blocks(model))
    lines = [
        f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "\n]"
        for k, v in golden.items()
    ]
    (HERE / "bert.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def rows(path, cases):
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_text(f"[\n{lines}\n]\n")


def tokens(folder):
    whole = [line.rstrip("\n") for line in open(folder / "vocab.txt", encoding="utf-8")]
    full = BertTokenizerFast(vocab={p: i for i, p in enumerate(whole)})
    used = {t for text in TEXTS + [t for p in PAIRS for t in p[:2]] for t in full.tokenize(text)}
    # Those that the texts need, and some that they do not.
    kept = [p for i, p in enumerate(whole) if p in used or p.startswith("[") and i < 104 or i % 60 == 0]
    kept = [p for p in kept if not p.startswith("[unused")]
    (HERE / "vocab.txt").write_text("\n".join(kept) + "\n")
    cases = []
    for lower in [True, False]:
        fast = BertTokenizerFast(
            vocab={p: i for i, p in enumerate(kept)}, do_lower_case=lower
        )
        assert fast.convert_tokens_to_ids("[SEP]") == kept.index("[SEP]")
        for text in TEXTS:
            cases.append(dict(lower=lower, text=text, ids=fast(text)["input_ids"]))
        if lower:
            for a, b, most in PAIRS:
                out = fast(a, b, max_length=most, truncation="longest_first")
                ids, types = out["input_ids"], out["token_type_ids"]
                cases.append(dict(lower=lower, text=a, pair=b, most=most, ids=ids, types=types))
    rows(HERE / "tokens.json", cases)


def minilm(folder):
    model = SentenceTransformer(str(folder), device="cpu")
    assert model.max_seq_length == 256
    vectors = model.encode([text for _, text in SENTENCES], normalize_embeddings=True)
    steps = numpy.round(vectors * (127 / numpy.abs(vectors).max(1, keepdims=True)))
    (HERE / "sentences.i8").write_bytes(steps.astype("int8").tobytes())
    rows(HERE / "sentences.json", [dict(about=about, text=text) for about, text in SENTENCES])
    texts = [text for _, text in SENTENCES] + ODD
    vectors = model.encode(texts, normalize_embeddings=True, batch_size=7)
    steps = numpy.round(vectors * 32767).astype("<i2")
    (HERE / "minilm.i16").write_bytes(steps.tobytes())
    rows(HERE / "minilm.json", ODD)


if __name__ == "__main__":
    model_cases()
    tokens(Path(sys.argv[1]))
    minilm(Path(sys.argv[1]))
