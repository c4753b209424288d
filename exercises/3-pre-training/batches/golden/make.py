"""Expected values for the checks, from transformers and TRL.

    pip install torch==2.15.0 transformers==5.24.0 trl==0.24.0
    python golden/make.py

- packed.json: documents as packed rows. The text is cut by torch; the positions are those of
  DataCollatorWithFlattening; the mask is that which transformers makes of such positions. It has
  no idea of padding, so the rows of the mask that belong to padding are cleared here.
- fitted.json: how full the rows are if TRL packs documents of these lengths with best-fit
  decreasing, in ascending order. Which of two equally full rows gets a document differs from the
  lesson's rule, but not how full the rows become. TRL drops what is too long, so nothing is.
"""

import json
import random
from pathlib import Path

import pyarrow as pa
import torch
from transformers import DataCollatorWithFlattening
from transformers.masking_utils import find_packed_sequence_indices
from trl.data_utils import _pack_bfd

HERE = Path(__file__).parent
IGNORE = -100


def packed(name, lengths, context, end, seed):
    rng = random.Random(seed)
    vocab = [i for i in (*range(40), 70_000, 2**31, 2**32 - 1) if i != end]
    documents = [[rng.choice(vocab) for _ in range(n)] for n in lengths]
    kept = [(d, ids + [end]) for d, ids in enumerate(documents) if ids]
    stream = torch.tensor([i for _, ids in kept for i in ids])
    owner = torch.tensor([d for d, ids in kept for _ in ids])
    labels = torch.cat([stream[1:], torch.tensor([IGNORE])])
    missing = -len(stream) % context
    cut = lambda x, value: torch.nn.functional.pad(x, (0, missing), value=value).view(-1, context)
    rows = []
    collate = DataCollatorWithFlattening(return_tensors="pt")
    for ids, label, document in zip(cut(stream, end), cut(labels, IGNORE), cut(owner, -1)):
        _, runs = torch.unique_consecutive(document[document >= 0], return_counts=True)
        parts = ids[document >= 0].split(runs.tolist())
        flat = collate([{"input_ids": part.tolist()} for part in parts])
        positions = torch.nn.functional.pad(flat["position_ids"][0], (0, context - sum(runs)))
        sequence = find_packed_sequence_indices(positions[None])
        sequence = torch.zeros(context) if sequence is None else sequence[0]
        mask = (sequence[:, None] == sequence[None, :]).tril()
        mask &= (document >= 0)[:, None] & (document >= 0)[None, :]
        rows.append(
            dict(
                ids=ids.tolist(),
                labels=label.tolist(),
                document_ids=[d if d >= 0 else None for d in document.tolist()],
                position_ids=positions.tolist(),
                mask=mask.int().tolist(),
            )
        )
    return dict(name=name, documents=documents, context=context, end=end, rows=rows)


def fitted(lengths, context):
    table = pa.table({"input_ids": [[0] * n for n in lengths]})
    rows = _pack_bfd(table, context)["input_ids"].to_pylist()
    return dict(lengths=lengths, context=context, filled=sorted(len(row) for row in rows))


def drawn(n, most, seed):
    rng = random.Random(seed)
    return [rng.randint(1, most) for _ in range(n)]


def write(name, value):
    # One case a line.
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in value)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


write(
    "packed.json",
    [
        packed("three documents, one of them over a border", [3, 4, 2], 5, 0, 1),
        packed("empty documents", [0, 2, 0, 0, 5, 1, 0], 4, 50, 2),
        packed("a document over three rows", [1, 17, 3], 7, 2**32 - 1, 3),
        packed("the last row is full", [2, 5, 3, 2], 8, 39, 4),
        packed("an end alone in the last row", [4, 3], 4, 7, 5),
        packed("rows of one token", [2, 0, 1], 1, 9, 6),
        packed("a single row with padding", [2, 1, 3], 12, 70_000, 7),
    ],
)
write(
    "fitted.json",
    [
        fitted([5, 3, 4, 2, 6, 1], 7),
        fitted(drawn(30, 20, 1), 20),
        fitted(drawn(60, 12, 2), 31),
        fitted(drawn(50, 40, 3), 64),
        fitted([8] * 9, 20),
    ],
)
