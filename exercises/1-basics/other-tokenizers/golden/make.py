"""Makes golden.json, words.json, wordpiece.txt and unigram.txt with the Python library `tokenizers`.

    pip install tokenizers==0.23.1 unicodedata2==16.0.0
    python make.py

golden.json has vocabularies and what the library makes of texts with them; words.json has what BERT
takes for a word. The two text files are the vocabularies of the demos, trained on the English
paragraphs of the lesson `tokenization`. The library's WordPiece trainer breaks ties at random, so
they are only trained when they are not there.
"""

import json
import os
import random
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import tokenizers
import unicodedata2
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

assert tokenizers.__version__ == "0.23.1", tokenizers.__version__
assert unicodedata2.unidata_version == "16.0.0", unicodedata2.unidata_version
HERE = Path(__file__).parent
PROSE = HERE / "../../tokenization/golden/prose.txt"
WORDPIECE = HERE / "wordpiece.txt"
UNIGRAM = HERE / "unigram.txt"
VOCAB_SIZE = 500

ENGLISH = (
    "the lighthouse keeper counted unbelievable notebooks and understood everything nobody knows "
    "Zebra zebras counting countless harbors misunderstanding don't (perhaps) quick jump"
).split()


def paragraphs():
    """The English paragraphs: neither the foreign words in letters nor the program."""
    before, rest = PROSE.read_text(encoding="utf-8").split("Words that came in letters")
    after = rest.split("What the keeper said about learning")[1]
    return (before + "\n" + after).split("\n")


def wordpiece(pieces, max_chars=100):
    vocab = {piece: i for i, piece in enumerate(["[UNK]", *pieces])}
    return models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=max_chars)


def unigram(pieces):
    # With 0 the unknown token does not lower the lowest score, from which its penalty is counted.
    return models.Unigram([("<unk>", 0.0), *map(tuple, pieces)], 0, False)


def tokens(model, text):
    return [token.value for token in model.tokenize(text)]


def wordpiece_case(name, pieces, words, max_chars=100):
    model = wordpiece(pieces, max_chars)
    return {"name": name, "pieces": pieces, "max_chars": max_chars,
            "words": [[word, tokens(model, word)] for word in words]}


def unigram_case(name, pieces, texts):
    model = unigram(pieces)
    return {"name": name, "pieces": pieces, "texts": [[text, tokens(model, text)] for text in texts]}


def letters(rng, alphabet, least, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def random_wordpiece(rng):
    alphabet = "abc"[: rng.randint(2, 3)]
    pieces = {letters(rng, alphabet, 1, 4) for _ in range(rng.randint(2, 6))}
    pieces |= {"##" + letters(rng, alphabet, 1, 4) for _ in range(rng.randint(3, 8))}
    return wordpiece_case("random", sorted(pieces), [letters(rng, alphabet, 1, 9) for _ in range(12)])


def random_unigram(rng, name, score):
    alphabet = "abcd"[: rng.randint(2, 4)]
    pieces = sorted({letters(rng, alphabet, 1, 4) for _ in range(rng.randint(3, 9))})
    return unigram_case(name, [[p, score(p)] for p in pieces],
                        [letters(rng, alphabet + "x", 1, 10) for _ in range(8)])


# `_is_chinese_char` of https://github.com/google-research/bert/blob/master/tokenization.py. (The
# library begins one of these ranges at 0x2B920 by mistake, and knows the punctuation of Unicode 8.)
CHINESE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
           (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]


def is_word_of_its_own(code):
    """`_is_punctuation` and `_is_chinese_char` of BERT's code."""
    ascii_signs = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    is_punctuation = ascii_signs or unicodedata2.category(chr(code)).startswith("P")
    return is_punctuation or any(first <= code <= last for first, last in CHINESE)


def ranges(codes):
    """[first, last] of each run."""
    runs = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return runs


TEXTS = [
    " Don't stop\t(naïve)…\n42!? ", "“Wait” — she said: «no»…", "¿Qué? ¡Nada!", "5€ + 3$ = 8£ ±1° 2×3 ^_^ `x` ~y |z|",
    "你好,世界。 日本語の本、カタカナ・ひらがな", "ある町「雪」", "هل؟ نعم، لا.", "क्या? हाँ।", "a\u00a0b\u3000c\u2003d\u2028e",
    "l’été aujourd’hui ‘x’", "‽ ⁇ ※ † § ¶ • · ・ ‐ – ―", "🙂🙂 👋🏽! ①②", "x_y-z/w\\v#t@u.v", "…", " \n", "", "e\u0301a\u200db",
]


def words(text):
    """BERT's words, without its cleaning, lower case and removal of accents."""
    normalizer = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    pieces = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizer.normalize_str(text))
    return [piece for piece, _ in pieces]


def train_wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCAB_SIZE + 1, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator(paragraphs(), trainer)
    ids = tokenizer.get_vocab()
    return sorted(piece for piece in ids if piece != "[UNK]")


def train_unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCAB_SIZE + 1, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(paragraphs(), trainer)
    vocab = json.loads(tokenizer.to_str())["model"]["vocab"]
    pieces = {piece: score for piece, score in vocab if piece != "<unk>"}
    # The trainer adds up in an order of its own, so the last digits differ from run to run. And it
    # adds the characters that are not yet a piece in random order, each a little lower: level them.
    added = sorted((score, piece) for piece, score in pieces.items() if len(piece) == 1)
    last = 0
    while added[last + 1][0] - added[last][0] < 0.00015:
        last += 1
    pieces |= {piece: added[last][0] for _, piece in added[:last]}
    return sorted(([p, round(s, 2)] for p, s in pieces.items()), key=lambda p: (-p[1], p[0]))


def main():
    rng = random.Random(42)
    if not WORDPIECE.exists():
        WORDPIECE.write_text("".join(p + "\n" for p in train_wordpiece()), encoding="utf-8")
    if not UNIGRAM.exists():
        lines = (f"{p} {s:.2f}\n" for p, s in train_unigram())
        UNIGRAM.write_text("".join(lines), encoding="utf-8")
    trained_wordpiece = WORDPIECE.read_text(encoding="utf-8").splitlines()
    lines = UNIGRAM.read_text(encoding="utf-8").splitlines()
    trained_unigram = [[line.split(" ")[0], float(line.split(" ")[1])] for line in lines]
    wordpieces = [
        wordpiece_case("hand", ["un", "u", "##aff", "##able", "##a", "##ff", "##b", "##le", "able", "##n"],
                       ["unaffable", "unable", "able", "affable", "unaff", "unaffx", "u", "un", "unun", "uu", "ablen", "b", "le"]),
        # A greedy beginning that leaves a rest without a piece: there is a way, but not this one.
        wordpiece_case("dead-end", ["a", "ab", "abc", "##bcd", "##cd", "##c", "##b", "##bb", "##bba"],
                       ["abcd", "abccd", "abcc", "abbcd", "abbba", "abb", "abbb", "abcbcd", "acd", "abcb", "abx", "ad"]),
        wordpiece_case("unicode", ["é", "日", "日本", "##本", "##語", "caf", "##é", "🙂", "##🙂", "na", "##ï", "##ve"],
                       ["é", "日本語", "本", "café", "caféé", "🙂🙂", "naïve", "naive", "日語本", "e\u0301"]),
        wordpiece_case("limit", ["a", "##a", "é", "##é", "##aa"],
                       ["a" * 7, "a" * 8, "é" * 7, "é" * 8, "é" * 4, "a" * 6, "aé" * 3, "aé" * 4], 7),
        wordpiece_case("limit", ["a", "##a", "é", "##é", "##aaa"],
                       ["a" * 99, "a" * 100, "a" * 101, "é" * 100, "é" * 101, "é" * 51]),
        wordpiece_case("trained", trained_wordpiece, ENGLISH),
    ] + [random_wordpiece(rng) for _ in range(30)]
    unigrams = [
        unigram_case("hand", [["▁", -3.0], ["l", -4.0], ["o", -4.5], ["w", -4.25], ["e", -3.5], ["s", -3.75],
                              ["t", -3.25], ["est", -5.0], ["lo", -5.5], ["low", -6.0], ["▁low", -6.5], ["er", -4.0]],
                     ["▁lowest", "▁lower", "▁slowest", "low", "▁", "▁▁low", "▁towel", "▁rest"]),
        unigram_case("unknown", [["a", -1.0], ["b", -2.5], ["ab", -3.0], ["xyz", -9.0], ["cx", -4.0], ["q", -30.0]],
                     ["axb", "axxb", "xyz", "xyxyz", "xyyz", "cxyz", "cc", "c", "abcab", "aqa", "xq", "zzzab"]),
        unigram_case("unicode", [["é", -2.0], ["日", -3.0], ["日本", -4.5], ["本", -2.5], ["語", -4.0], ["本語", -5.0],
                                 ["🙂", -3.5], ["🙂🙂", -5.0], ["caf", -4.0], ["c", -3.0]],
                     ["日本語", "café", "🙂🙂🙂", "日語本", "naïve", "é🙂", "ééa語", "e\u0301"]),
        unigram_case("trained", trained_unigram, ["▁" + word for word in ENGLISH] + ["▁the▁keeper▁of▁the▁lighthouse", "né"]),
    ]
    unigrams += [random_unigram(rng, "random", lambda p: round(-rng.uniform(1, 4) * len(p) ** 0.8, 3)) for _ in range(30)]
    # Scores that are sums of their characters': every way to cut a text is equally likely.
    unigrams += [random_unigram(rng, "ties", lambda p: -float(len(p))) for _ in range(10)]
    golden = {"made_with": f"tokenizers {tokenizers.__version__}", "wordpiece": wordpieces, "unigram": unigrams}
    lines = []
    for key, value in golden.items():
        items = value
        if isinstance(value, list):
            items = "[\n" + ",\n".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in value) + "\n]"
        else:
            items = json.dumps(value)
        lines.append(f"{json.dumps(key)}: {items}")
    (HERE / "golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    own = ranges(code for code in range(0x110000) if is_word_of_its_own(code))
    lines = [f'"made_with": "tokenizers {tokenizers.__version__}, Unicode {unicodedata2.unidata_version}"',
             f'"words_of_their_own": {json.dumps(own, separators=(",", ":"))}']
    texts = ",\n".join(json.dumps([text, words(text)], ensure_ascii=False) for text in TEXTS)
    lines.append(f'"texts": [\n{texts}\n]')
    (HERE / "words.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(len(trained_wordpiece), "and", len(trained_unigram), "pieces")


if __name__ == "__main__":
    main()
