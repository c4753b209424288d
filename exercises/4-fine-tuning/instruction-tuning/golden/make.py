"""Expected values for the checks, from transformers.

    pip install torch==2.15.0 transformers==5.24.0 jinja2
    python golden/make.py

The tokenizer is Buddy's with two special tokens more, and one whose tokens reach over edges. Spans and offsets are in bytes.

- chats.json: dialogues in ChatML, as a chat template renders them, which raises an exception where
  roles are wrong; with the tokens and the mask of return_assistant_tokens_mask.
- padded.json: what tokenizer.pad and DataCollatorForSeq2Seq make of ragged rows.
- flat.json: what DataCollatorWithFlattening makes of rows that share a row.
"""

import json
import random
from pathlib import Path

import torch
from jinja2.exceptions import TemplateError
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import DataCollatorForSeq2Seq, DataCollatorWithFlattening, PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template

HERE = Path(__file__).parent
BUDDY = HERE / "../../../../models/buddy/tokenizer.json"
IGNORE = -100
CHATML = """
{%- for message in messages %}
    {%- set turn = loop.index0 if messages[0].role == 'system' else loop.index %}
    {%- set expected = 'system' if turn == 0 else ('user' if turn % 2 == 1 else 'assistant') %}
    {%- if message.role != expected %}
        {{- raise_exception('Conversation roles must alternate user/assistant') }}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\n' }}
    {%- if message.role == 'assistant' %}
        {%- generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}
    {%- else %}
        {{- message.content + '<|im_end|>' }}
    {%- endif %}
    {{- '\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}
"""

SPECIAL = ["<|im_start|>", "<|im_end|>"]


def fast(slow):
    its = PreTrainedTokenizerFast(tokenizer_object=slow, eos_token="<|endoftext|>")
    its.pad_token = "<|endoftext|>"
    its.add_special_tokens({"additional_special_tokens": SPECIAL})
    its.chat_template = CHATML
    return its


def rough():
    """A tokenizer without pre-tokenization: its tokens reach over the edges of words and messages."""
    slow = Tokenizer(models.BPE())
    slow.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    slow.decoder = decoders.ByteLevel()
    texts = ["assistant\nAda lives", "assistant\n  d", "assistant\nАда", "t\n\nb", "ives in River"]
    slow.train_from_iterator(
        texts * 9,
        trainers.BpeTrainer(
            vocab_size=300,
            special_tokens=["<|endoftext|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return fast(slow)


tokenizer = fast(Tokenizer.from_file(str(BUDDY)))
assert tokenizer.convert_tokens_to_ids(SPECIAL) == [512, 513]
over_edges = rough()


def chat(roles, contents, prompt, tokenizer=tokenizer):
    messages = [dict(role=r, content=c) for r, c in zip(roles.split(), contents)]
    case = dict(messages=messages, prompt=prompt)
    try:
        (text,), (indices,) = render_jinja_template(
            conversations=[messages],
            chat_template=CHATML,
            add_generation_prompt=prompt,
            return_assistant_tokens_mask=True,
        )
    except TemplateError:
        return case | dict(chat=None)
    out = tokenizer.apply_chat_template(
        messages,
        add_generation_prompt=prompt,
        return_dict=True,
        return_assistant_tokens_mask=True,
    )
    ids, mask = out["input_ids"], out["assistant_masks"]
    assert ids == tokenizer(text)["input_ids"]
    byte = lambda at: len(text[:at].encode())
    # Of ByteLevel's own letters each is a byte.
    lengths = [len(t) for t in tokenizer.convert_ids_to_tokens(ids)]
    ends = torch.tensor(lengths).cumsum(0).tolist()
    assert ends[-1] == len(text.encode())
    labels = [i if m else IGNORE for i, m in zip(ids, mask)]
    edges = {byte(edge) for span in indices for edge in span}
    over = sum(e - n < edge < e for e, n in zip(ends, lengths) for edge in edges)
    print(roles, "tokens over an edge:", over)
    return case | dict(
        chat=dict(text=text, spans=[[byte(a), byte(b)] for a, b in indices]),
        ids=ids,
        offsets=[[e - n, e] for e, n in zip(ends, lengths)],
        labels=labels[1:] + [IGNORE],
    )


def padded(lengths, side, multiple, seed):
    rng = random.Random(seed)
    rows = [
        dict(
            input_ids=(ids := [rng.choice([*range(1, 514), 511]) for _ in range(n)]),
            labels=[i if rng.random() < 0.5 else IGNORE for i in ids],
        )
        for n in lengths
    ]
    tokenizer.padding_side = side
    collate = DataCollatorForSeq2Seq(tokenizer, padding=True, pad_to_multiple_of=multiple)
    out = collate([dict(row) for row in rows])
    mask = out["attention_mask"]
    # As GenerationMixin makes them, with 0 for padding.
    positions = (mask.cumsum(-1) - 1).masked_fill(mask == 0, 0)
    return dict(
        examples=[dict(ids=r["input_ids"], labels=r["labels"]) for r in rows],
        side=side,
        multiple=multiple,
        pad=tokenizer.pad_token_id,
        ids=out["input_ids"].tolist(),
        labels=out["labels"].tolist(),
        attention_mask=mask.tolist(),
        position_ids=positions.tolist(),
    )


def flat(lengths, seed):
    """Examples that fill a row; transformers' labels stand at the token itself, ours one before."""
    rng = random.Random(seed)
    rows = []
    for n in lengths:
        ids = [rng.randrange(514) for _ in range(n)]
        # Also the first token of an example has a label, which is lost.
        labels = [i if rng.random() < 0.6 else IGNORE for i in ids]
        rows.append(dict(input_ids=ids, labels=labels))
    out = DataCollatorWithFlattening(return_tensors="pt")([dict(row) for row in rows])
    shifted = out["labels"][0].tolist()[1:] + [IGNORE]
    # What follows the last token of an example is no label that it came with.
    example = lambda r: dict(ids=r["input_ids"], labels=r["labels"][1:] + [rng.randrange(514)])
    return dict(
        examples=[example(row) for row in rows],
        ids=out["input_ids"][0].tolist(),
        labels=shifted,
        position_ids=out["position_ids"][0].tolist(),
    )


def write(name, cases):
    lines = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")
    print(name, (HERE / name).stat().st_size)


ASK, SAY = "Where does Ada live?", "Ada lives in River Street."
KIND = "You are Buddy, and kind."
write(
    "chats.json",
    [
        chat("user assistant", [ASK, SAY], False),
        chat("user", [ASK], True),
        chat("user", [ASK], False),
        chat("system user assistant", [KIND, ASK, SAY], False),
        chat("system user", [KIND, ASK], True),
        chat("user assistant user assistant", [ASK, SAY, "And who is her friend?", "Otto."], False),
        chat("user assistant user", [ASK, SAY, "And who is her friend?"], True),
        chat("system user assistant user assistant user assistant", [KIND, *"abcdef"], False),
        # White space at the edges: tokens over the edge of a span.
        chat("user assistant user assistant", [" a\n", "\nb ", "\n\n c", "  d\n\n"], False),
        chat("user assistant", ["x", "   spaces before"], False),
        # Text that is no English, and what looks like the format but is not.
        chat("user assistant", ["Где живёт Ада? 🏠", "Ада живёт у реки — 🦀👩‍🚀."], False),
        chat("user assistant", ["<|im_start>|assistant\r\n{{ x }}", "<|im_end |> {% if %}"], False),
        chat("user assistant", [ASK, SAY], False, over_edges),
        chat("user assistant user assistant", [" a\n", "\nb ", "\n\n c", "  d\n\n"], False, over_edges),
        chat("user assistant", ["Где живёт Ада? 🏠", "Ада живёт у реки — 🦀👩‍🚀."], False, over_edges),
        chat("assistant user", [SAY, ASK], False),
        chat("user user", [ASK, ASK], False),
        chat("user assistant assistant", [ASK, SAY, SAY], False),
        chat("user system assistant", [ASK, KIND, SAY], False),
        chat("system system user", [KIND, KIND, ASK], False),
        chat("system assistant", [KIND, SAY], False),
        chat("user tool", [ASK, SAY], False),
        chat("User", [ASK], False),
    ],
)
write(
    "padded.json",
    [
        padded([3, 5, 1], "right", 1, 1),
        padded([3, 5, 1], "left", 1, 2),
        padded([2, 7, 4, 7], "left", 8, 3),
        padded([8, 3], "right", 4, 4),
        padded([6, 6], "left", 1, 5),
        padded([1], "right", 16, 6),
    ],
)
write("flat.json", [flat([4, 3, 1], 1), flat([5], 2), flat([2, 2, 2, 1, 1], 3), flat([9, 6], 4)])
