"""Whether Python's peft says of an adapter what `cargo study tune` said of it.

    cargo study tune --data TRAIN.jsonl --held-out HELD.jsonl --method lora --out FOLDER
    python with-peft.py HELD.jsonl FOLDER [FOLDER ...]

Lines of HELD.jsonl are {"prompt", "completion"}. For each folder it prints the loss held out by peft
and by the tool, and fails if they are further apart than one part in ten thousand.

torch 2.15, transformers 5.24, peft 0.21
"""

import json
import pathlib
import sys

import torch
from peft import PeftModel
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

BUDDY = pathlib.Path(__file__).parents[2] / "models" / "buddy"
END = 511


def loss(model, tokenizer, lines):
    nats = tokens = 0
    for line in lines:
        example = json.loads(line)
        given, wanted = (
            tokenizer.encode(example[key], add_special_tokens=False) for key in ("prompt", "completion")
        )
        given, wanted = [END] + given, wanted + [END]
        ids = torch.tensor([given + wanted])
        with torch.no_grad():
            # A soft prompt has logits, too: those of the text are the last.
            logits = model(input_ids=ids).logits[0, -ids.shape[1] :]
        log = torch.log_softmax(logits.double(), -1)
        nats -= sum(log[len(given) - 1 + i, token].item() for i, token in enumerate(wanted))
        tokens += len(wanted)
    return nats / tokens


def main():
    held, *folders = sys.argv[1:]
    lines = pathlib.Path(held).read_text().splitlines()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(BUDDY / "tokenizer.json"))
    for folder in map(pathlib.Path, folders):
        base = GPT2LMHeadModel.from_pretrained(BUDDY, dtype=torch.float32).eval()
        got = loss(PeftModel.from_pretrained(base, folder).eval(), tokenizer, lines)
        want = json.loads((folder / "training.json").read_text())["after"]["loss"]
        print(folder, got, want)
        assert abs(got - want) < 1e-4 * want


main()
