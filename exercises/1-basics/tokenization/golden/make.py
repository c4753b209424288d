"""Makes golden.json and prose-merges.txt with the Python library `tokenizers`.

    pip install tokenizers==0.23.3
    python make.py

Everything a check of this lesson expects comes from here: the pieces of the GPT-2 pattern, the
merges of byte-level BPE training, and the ids of encoding and decoding.
"""

import json
import textwrap
import re
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

assert tokenizers.__version__ == "0.23.3", tokenizers.__version__
HERE = Path(__file__).parent
BYTE_LEVEL = pre_tokenizers.ByteLevel(add_prefix_space=False)


def train(text, vocab_size, special_tokens=()):
    """Byte-level BPE as GPT-2 lays it out: 256 bytes, then merges, then special tokens.

    `tokenizers` would learn from the letters of a special token in the training text, so the text
    is cut there first. Its trainer numbers special tokens before the bytes; adding them afterwards
    puts them last, where GPT-2 has them.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = BYTE_LEVEL
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(special_tokens),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    longest_first = sorted(special_tokens, key=len, reverse=True)
    parts = re.split("|".join(map(re.escape, longest_first)), text) if special_tokens else [text]
    tokenizer.train_from_iterator(parts, trainer)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special_tokens])
    return tokenizer


def merges(tokenizer):
    vocab = tokenizer.get_vocab()
    pairs = json.loads(tokenizer.to_str())["model"]["merges"]
    ids = [(vocab[left], vocab[right]) for left, right in pairs]
    for rank, (left, right) in enumerate(pairs):
        assert vocab[left + right] == 256 + rank
    return ids


ENGLISH = """It was the first day of the new term, and the new teacher had written three new words
on the board: token, merge, vocabulary. "We'll need all three," she said, "and you'll see that
they're old friends." A token is a piece of text. Merging the two tokens that appear together most
often makes a new token, and the vocabulary is the list of all the tokens there are. The more we
merge, the longer the tokens, the shorter the text, and the larger the vocabulary. Don't worry if
that's not clear yet: we've got all day, and it's easier than it sounds."""

CODE = """fn merge(tokens: &mut Vec<u32>, pair: (u32, u32), id: u32) {
    let mut i = 0;
    while i + 1 < tokens.len() {
        if (tokens[i], tokens[i + 1]) == pair {
            tokens[i] = id;
            tokens.remove(i + 1);
        }
        i += 1;
    }
}

def merge(tokens, pair, id):
\ti = 0
\twhile i + 1 < len(tokens):
\t\tif (tokens[i], tokens[i + 1]) == pair:
\t\t\ttokens[i:i + 2] = [id]
\t\ti += 1
\treturn tokens
"""

UNICODE = (
    "日本語のテキスト。日本語の文字。中文文本,中文字符。한국어 텍스트, 한국어 문자. "
    "🙂🙃🙂🙃 👩‍👩‍👧‍👦 👩‍👩‍👧 👋🏽👋🏿 🇩🇪🇫🇷🇩🇪 ❤️❤️ "
    "e\u0301te\u0301 été e\u0301te\u0301 Z\u0351\u0327a\u0321\u0306lgo \u1100\u1161\u11a8 각 "
    "мама мыла раму, мама мыла раму. שלום שלום مرحبا مرحبا नमस्ते नमस्ते ๑๒๓ ๑๒๓ ½ ½ Ⅷ Ⅷ ² ² "
)

REPEATS = "aaaa aaaaa aaaaaaa aaaaaaaaaa a aaaaaaaaaaaaaaaaa abab ababab bababab aabaab bbbb bbb  \n\n\n\n    \n"

TIES = "zy yx xw wv vu ut ts sr rq qp ba ab \x00\x01 \x01\x00 \x7f~ ~! é¡ ¡é ÿ\xad \xad® 01 10 Ab aB"

DOCUMENTS = (
    "the end of the text<|endoftext|>the text of the end<|endoftext|><|endoftext|> the <|end|> is "
    "not the end<|endoftext|>endoftext endoftext |> |> <| <|"
)

AWKWARD = [
    "",
    " ",
    "  ",
    "Hello, world!",
    " leading and trailing  ",
    "It's we're they'll I'd you've I'm don't 'tis 's 'S 'LL rock'n'roll 'really' 'reel",
    "tabs\tand\nnew\r\nlines \n  indented\n\n\nthree\n ",
    "a\u00a0b\u00a0 c\u3000d \u2003e \u2028f\u2029g\u0085h\u200bi\ufeffj\u180ek\u202f l",
    "123 4567 ١٢٣ ๑๒๓ ½ Ⅷ ² 一二三 x2 2x 3.14 1,000",
    "snake_case camelCase __init__ a+b==c -> :: ... !? (x) $5 €5",
    "日本語のテキスト。 漢字 カタカナ 한국어 中文,字",
    "e\u0301 e\u0301te\u0301 \u0301 alone a\u0300\u0301\u0302 \u20e3 1\u20e3",
    "🙂 🙃🙂 👩‍👩‍👧‍👦 👋🏽 🇩🇪 ❤️ #️⃣",
    "नमस्ते ภาษาไทย עִבְרִית اَلْعَرَبِيَّةُ ខ្មែរ",
    "\x00\x01\x1b[31m\x7f\x80\x9f\ufffd\uffff\U0010ffff \ue000 \U000e0041",
    "ªº ʰʱ ǅ ℵ ⅀ ⓐ ① 𝐀 𝟘 𐍈 ﬁ İ ß ẞ",
    "<|endoftext|> <|end|> <|",
]

TRAINED = {
    "english": (ENGLISH, 256 + 90, []),
    "code": (CODE, 256 + 60, []),
    "unicode": (UNICODE, 256 + 120, []),
    "repeats": (REPEATS, 256 + 24, []),
    "ties": (TIES, 256 + 40, []),
    "documents": (DOCUMENTS, 256 + 18 + 2, ["<|end|>", "<|endoftext|>"]),
    "exhausted": ("hi hi ho\n", 4096, ["<|endoftext|>"]),
    "nothing": ("", 300, []),
    "bytes-only": ("no room for a merge", 257, ["<|endoftext|>"]),
}

# Learned in another order than a text meets them: `a b c` must become `a`, `bc`.
ORDER = ["b c", "a b", "ab c", "c d", "bc d", "x x", "y x", "xx y", "d d", "dd d", "dd dd"]

ENCODED = {
    "order": ["abc", "abcd", "xabcabd", "bcdcd", "yxxx", "xxxyxx", "ddddd ddd", "abbc cdd dddddddd"],
    "english": [ENGLISH[:200], "They're merging the newest tokens together, aren't they? THEY ARE.", *AWKWARD],
    "code": [CODE[40:180], "while (i < len) { tokens.remove(i); }\n\n\t\treturn;"],
    "unicode": [UNICODE[:60], "日本の文字 🙂🙂🙃 👩‍👧 e\u0301tude été ма мам рама", *AWKWARD[7:15]],
    "repeats": ["a" * n for n in range(1, 20)] + ["b" * 9, "abababababa", "bbaabbaab aab", " " * 9, "\n" * 7, "x\n\n\ny"],
    "ties": [TIES, "zyxwvutsrqpba", "\x00\x01\x00\x01", "~!~!", "é¡é¡é"],
    "documents": [
        "<|endoftext|>",
        "the end<|endoftext|>the text",
        "<|endoftext|><|end|><|endoftext|>",
        "<|endoftext <|end|>oftext|> <|end|endoftext|>",
        " <|endoftext|> the text",
        "the<|end|>end<|endoftext|>",
    ],
}


def split(text):
    return [text[start:end] for _, (start, end) in BYTE_LEVEL.pre_tokenize_str(text)]


def decoded(tokenizer, ids):
    return {"ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=False)}


def class_ranges():
    """The class of every character in the pattern, as `[first, class]` where it changes."""
    classes = {name: pre_tokenizers.Split(Regex(rx), "removed") for name, rx in
               (("L", r"\p{L}"), ("N", r"\p{N}"), ("S", r"\s"))}
    ranges, last = [], None
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        is_class = (n for n, split in classes.items() if not split.pre_tokenize_str(chr(code)))
        name = next(is_class, "O")
        if name != last:
            ranges.append([code, name])
            last = name
    return ranges


def main():
    vocabs, encodings = [], []
    alphabet = train("", 256).get_vocab()
    pairs = [tuple(pair.split(" ")) for pair in ORDER]
    ids = {**alphabet, **{left + right: 256 + rank for rank, (left, right) in enumerate(pairs)}}
    order = Tokenizer(models.BPE(ids, pairs))
    order.pre_tokenizer = BYTE_LEVEL
    vocabs.append({"name": "order", "special_tokens": [], "merges": merges(order)})
    encodings += [{"vocab": "order", "text": t, "ids": order.encode(t).ids} for t in ENCODED["order"]]
    for name, (text, vocab_size, special_tokens) in TRAINED.items():
        tokenizer = train(text, vocab_size, special_tokens)
        vocabs.append({"name": name, "special_tokens": special_tokens, "merges": merges(tokenizer),
                       "trained_on": text, "vocab_size": vocab_size})
        texts = ENCODED.get(name, [])
        encodings += [{"vocab": name, "text": t, "ids": tokenizer.encode(t).ids} for t in texts]
    unicode = train(*TRAINED["unicode"])
    ids = unicode.encode("日本語 🙂 été e\u0301").ids
    documents = train(*TRAINED["documents"])
    special = documents.encode("the end<|endoftext|>the <|end|> text").ids
    decodings = [
        {"vocab": "unicode", **decoded(unicode, part)}
        for part in [ids, ids[1:], ids[:-1], ids[::-1], [i for i in ids for _ in (0, 1)], [127, 188, 220, 160]]
    ] + [{"vocab": "documents", **decoded(documents, special)}]
    golden = {
        "made_with": f"tokenizers {tokenizers.__version__}",
        "pretokens": [{"text": t, "pieces": split(t)} for t in AWKWARD + [ENGLISH, CODE, UNICODE]],
        "vocabs": vocabs,
        "encodings": encodings,
        "decodings": decodings,
    }
    lines = []
    for key, value in golden.items():
        if isinstance(value, list):
            items = ",\n".join(json.dumps(v, separators=(",", ":")) for v in value)
            lines.append(f"{json.dumps(key)}: [\n{items}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    (HERE / "golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    ranges = class_ranges()
    (HERE / "classes.json").write_text(json.dumps(ranges, separators=(",", ":")) + "\n")
    ends = [first for first, _ in ranges[1:]] + [0x110000]
    runs = [f"{name}{end - first}" for (first, name), end in zip(ranges, ends)]
    (HERE / "classes.txt").write_text(textwrap.fill(" ".join(runs), 100) + "\n")

    prose = (HERE / "prose.txt").read_text(encoding="utf-8")
    pairs = merges(train(prose, 1024))
    (HERE / "prose-merges.txt").write_text("".join(f"{left} {right}\n" for left, right in pairs))
    print(len(pairs), "merges from", len(prose.encode()), "bytes of prose")


if __name__ == "__main__":
    main()
