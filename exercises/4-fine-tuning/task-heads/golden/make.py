"""Expected values for the checks, from transformers, PyTorch and seqeval.

    pip install torch==2.15.0 transformers==5.24.0 tokenizers seqeval==1.2.2
    python golden/make.py

- heads.json: a tiny GPT2ForSequenceClassification, whose texts are padded on the right and on the
  left, and a tiny BertForTokenClassification, some of whose labels are -100. For each what goes into
  the head (hidden states behind the last norm, in f32, the head's own numbers), and in f64 what
  comes out: logits, loss, and the slopes of the loss along weight, bias and hidden states.
- labels.json: tags of words, the word of each piece as a fast tokenizer tells it, and the labels that
  `tokenize_and_align_labels` of transformers' run_ner.py makes of them, with label_all_tokens and
  without.
- names.json: drawn tags, many of them malformed, and the names that seqeval finds in them.
"""

import json
import random
from pathlib import Path

import torch
from seqeval.metrics.sequence_labeling import get_entities
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForTokenClassification,
    GPT2Config,
    GPT2ForSequenceClassification,
    PreTrainedTokenizerFast,
)

HERE = Path(__file__).parent
KINDS = ["PER", "LOC", "MISC"]


def write(name, value):
    lines = ",\n".join(json.dumps(v, separators=(",", ":")) for v in value)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


def numbers(tensor, digits):
    return [float(f"{x:.{digits}g}") for x in tensor.detach().double().flatten().tolist()]


def run(model, layer, d, inputs, labels, mask):
    """Through a model whose head is `layer`, which reads hidden states rounded to f32."""
    kept = {}

    def before(_, args):
        kept["hidden"] = args[0].detach().float().double().requires_grad_()
        return (kept["hidden"],)

    handle = layer.register_forward_pre_hook(before)
    out = model(**inputs, labels=labels)
    out.loss.backward()
    handle.remove()
    bias = layer.bias if layer.bias is not None else torch.zeros(layer.weight.shape[0])
    dbias = layer.bias.grad if layer.bias is not None else None
    return dict(
        seq=mask.shape[1],
        mask=mask.flatten().tolist(),
        labels=labels.flatten().tolist(),
        n_embd=d,
        weight=numbers(layer.weight, 9),
        bias=numbers(bias, 9),
        hidden=numbers(kept["hidden"], 9),
        logits=numbers(out.logits, 14),
        loss=out.loss.item(),
        dweight=numbers(layer.weight.grad, 14),
        dbias=numbers(dbias, 14) if dbias is not None else None,
        dhidden=numbers(kept["hidden"].grad, 14),
    )


def spread(model):
    """Large enough that every part matters; exact in f32."""
    for p in model.parameters():
        p.data = (p.data + 0.2 * torch.randn(p.shape)).float().double()
    return model


def gpt2():
    pad, lengths, seq = 28, [7, 1, 4, 9], 9
    torch.manual_seed(1)
    config = GPT2Config(n_layer=1, n_head=2, n_embd=6, n_positions=12, vocab_size=29,
                        num_labels=3, pad_token_id=pad)
    model = spread(GPT2ForSequenceClassification(config).double().eval())
    texts = [torch.randint(0, 28, (n,)).tolist() for n in lengths]
    out = []
    for side in ["right", "left"]:
        rows, mask, positions = [], [], []
        for text in texts:
            padding = [pad] * (seq - len(text))
            is_token = [1] * len(text)
            no = [0] * len(padding)
            row = text + padding if side == "right" else padding + text
            m = is_token + no if side == "right" else no + is_token
            rows.append(row)
            mask.append(m)
            positions.append([max(0, sum(m[: i + 1]) - 1) for i in range(seq)])
        model.zero_grad()
        inputs = dict(input_ids=torch.tensor(rows), attention_mask=torch.tensor(mask),
                      position_ids=torch.tensor(positions))
        got = run(model, model.score, 6, inputs, torch.tensor([2, 0, 1, 2]),
                  torch.tensor(mask, dtype=torch.bool))
        out.append(dict(name=f"GPT-2, padded on the {side}", **got))
    # Where a text is padded changes none of its logits.
    for a, b in zip(out[0]["logits"], out[1]["logits"]):
        assert abs(a - b) < 1e-5, (a, b)
    return out


def bert():
    torch.manual_seed(2)
    config = BertConfig(num_hidden_layers=1, num_attention_heads=2, hidden_size=8,
                        intermediate_size=16, vocab_size=29, max_position_embeddings=12,
                        num_labels=5)
    model = spread(BertForTokenClassification(config).double().eval())
    ids = torch.randint(0, 29, (2, 7))
    labels = torch.tensor([[-100, 1, -100, 2, 0, 0, -100], [-100, 4, 4, 3, -100, -100, -100]])
    mask = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])
    got = run(model, model.classifier, 8, dict(input_ids=ids, attention_mask=mask), labels,
              mask.bool())
    return [dict(name="BERT, tokens with labels", **got)]


def class_of(tag):
    if tag == "O":
        return 0
    return 2 * KINDS.index(tag[2:]) + (1 if tag[0] == "B" else 2)


# From examples/pytorch/token-classification/run_ner.py of transformers, for one text.
def align(label, word_ids, label_all_tokens):
    label_list = ["O"] + [f"{p}-{k}" for k in KINDS for p in "BI"]
    label_to_id = {tag: class_of(tag) for tag in label_list}
    b_to_i_label = []
    for idx, tag in enumerate(label_list):
        if tag.startswith("B-") and tag.replace("B-", "I-") in label_list:
            b_to_i_label.append(label_list.index(tag.replace("B-", "I-")))
        else:
            b_to_i_label.append(idx)
    previous_word_idx = None
    label_ids = []
    for word_idx in word_ids:
        if word_idx is None:
            label_ids.append(-100)
        elif word_idx != previous_word_idx:
            label_ids.append(label_to_id[label[word_idx]])
        else:
            if label_all_tokens:
                label_ids.append(b_to_i_label[label_to_id[label[word_idx]]])
            else:
                label_ids.append(-100)
        previous_word_idx = word_idx
    return label_ids


def labels():
    texts = [
        "Rosemary met Telarina in Cloverfield Lane today",
        "The Morning Star sailed from Port Holly to Fort Wren",
        "a", "Ottoline", "Nobody in Branalus knows Quinadett or Dorulory",
    ]
    tags = [
        ["B-PER", "O", "B-PER", "O", "B-LOC", "I-LOC", "O"],
        ["O", "B-MISC", "I-MISC", "O", "O", "B-LOC", "I-LOC", "O", "B-LOC", "I-LOC"],
        ["O"], ["B-PER"],
        ["O", "O", "B-LOC", "O", "B-PER", "O", "B-PER"],
    ]
    pieces = "Rose mary met Tel arina in Clover field Lane today The Morning Star sail ed from".split()
    pieces += "Port Hol ly to Fort Wren a Otto line No body Bran alus know s Quin ad ett or Dor".split()
    special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]"]
    vocab = special + [p + q for p in ["", "##"] for q in dict.fromkeys(pieces)]
    vocab += ["##" + chr(c) for c in range(ord("a"), ord("z") + 1) if chr(c) not in "as"]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(vocab)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]")
    out = []
    for text, words in zip(texts, tags):
        encoded = fast(text.split(), is_split_into_words=True)
        out.append((encoded.word_ids(), words))
    # In windows that overlap, and padded: a window may begin inside a word.
    encoded = fast(texts[1].split(), is_split_into_words=True, truncation=True, max_length=9,
                   stride=3, return_overflowing_tokens=True, padding="max_length")
    for i in range(len(encoded["input_ids"])):
        out.append((encoded.word_ids(i), tags[1]))
    return [
        dict(tags=[class_of(t) for t in words], word_ids=ids,
             ignored=align(words, ids, False), inside=align(words, ids, True))
        for ids, words in out
    ]


def names():
    rng = random.Random(1)
    choices = ["O"] + [f"{p}-{k}" for k in KINDS[:2] for p in "BI"]
    out = []
    for length in [0, 1, 1, 1, 2, 2, 3, 4] + [6, 9, 14] * 6:
        tags = [rng.choice(choices + ["O"]) for _ in range(length)]
        found = get_entities(tags)
        out.append(dict(tags=[class_of(t) for t in tags],
                        names=[[KINDS.index(k), s, e + 1] for k, s, e in found]))
    return out


write("heads.json", gpt2() + bert())
write("labels.json", labels())
write("names.json", names())
for name in ["heads.json", "labels.json", "names.json"]:
    print(name, (HERE / name).stat().st_size)
print(json.dumps(labels()[0]))
