"""Small tokenizers of every supported kind, and what `tokenizers` makes of many texts with them.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    python golden/make.py

writes gpt2.json, roberta.json, llama3.json, bert.json, cased.json, t5.json and xlnet.json, each a
tokenizer.json as published models have it, trained on the prose of step 1's lesson; and texts.json,
texts with their ids in each of them, and the text that the ids are again.

The normalization inside t5.json and xlnet.json was compiled by SentencePiece from rules like those of
its own nmt_nfkc, for some characters only: the whole table has 320 KB.
"""

import io
import json
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

HERE = Path(__file__).parent
PROSE = HERE.parents[2] / "exercises/1-basics/tokenization/golden/prose.txt"
WORDPIECE = HERE.parents[2] / "exercises/1-basics/other-tokenizers/golden/wordpiece.txt"
TEXTS = PROSE.read_text().split("\n")

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_level(size, pre, specials):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=specials,
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def gpt2():
    pre = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = byte_level(500, pre, ["<|endoftext|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta():
    pre = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer = byte_level(420, pre, ["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.add_tokens([AddedToken("Alice", single_word=True), AddedToken("Hat")])
    tokenizer.add_tokens([AddedToken("Hatter", rstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>"))
    )
    return tokenizer


def llama3():
    pre = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA3), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=False),
        ]
    )
    tokenizer = byte_level(460, pre, [])
    # A file made from tiktoken's has every way to make a token as a merge, in the order of tokens;
    # the last ones have none here, and are tokens only where they are whole words.
    file = json.loads(tokenizer.to_str())
    vocab = file["model"]["vocab"]
    merges = []
    for token in sorted(vocab, key=vocab.get)[:-40]:
        ways = [(token[:i], token[i:]) for i in range(1, len(token))]
        ways = [way for way in ways if all(part in vocab for part in way)]
        merges += sorted(ways, key=lambda way: tuple(vocab[part] for part in way))
    # Tokens that show where line breaks are cut.
    for left, right in [("Ċ", "Ċ"), ("ĊĊ", "Ċ"), ("Ċ", "b"), ("Ċ", "o")]:
        vocab[left + right] = len(vocab)
        merges.append((left, right))
    file["model"].update(merges=merges, ignore_merges=True)
    tokenizer = Tokenizer.from_str(json.dumps(file))
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"])
    begin = "<|begin_of_text|>"
    template = processors.TemplateProcessing(
        single=f"{begin} $A",
        pair=f"{begin} $A {begin}:1 $B:1",
        special_tokens=[(begin, tokenizer.token_to_id(begin))],
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), template])
    return tokenizer


def wordpiece(**flags):
    # Of step 1's lesson: the trainer numbers the pieces anew each time.
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDPIECE.read_text().splitlines()]
    vocab = {piece: id for id, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=40))
    tokenizer.normalizer = normalizers.BertNormalizer(**flags)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=flags["lowercase"])
    tokenizer.add_special_tokens(pieces[:5])
    ids = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    if flags["lowercase"]:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS]:0 $A:0 [SEP]:0",
            pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
            special_tokens=ids,
        )
    else:
        tokenizer.post_processor = processors.BertProcessing(ids[1], ids[0])
    return tokenizer


def rules():
    """Lines of a table for SentencePiece: from, to, both as hexadecimal code points."""
    lines = {}
    spans = [(0xA0, 0x17F), (0x2000, 0x2070), (0x2070, 0x20A0), (0x2100, 0x2190), (0x2460, 0x2490)]
    spans += [(0x3000, 0x3001), (0xFB00, 0xFB07), (0xFF01, 0xFF60), (0xFDFA, 0xFDFB)]
    for first, last in spans:
        for code in range(first, last):
            to = unicodedata.normalize("NFKC", chr(code))
            if to != chr(code):
                lines[chr(code)] = to
            apart = unicodedata.normalize("NFD", chr(code))
            if apart != chr(code) and unicodedata.normalize("NFC", apart) == chr(code):
                lines[apart] = to
    for code in [*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F]:
        lines[chr(code)] = ""
    for code in [9, 10, 12, 13, 0x200B, 0x200E, 0x2028, 0x2581, 0xFEFF, 0xFFFD]:
        lines[chr(code)] = " "
    line = lambda text: " ".join(f"{ord(c):X}" for c in text)
    return "\n".join(f"{line(a)}\t{line(b)}" for a, b in sorted(lines.items())) + "\n"


def sentences(size):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.write(rules())
        table.flush()
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(TEXTS),
            model_writer=out,
            vocab_size=size,
            normalization_rule_tsv=table.name,
            character_coverage=0.98,
            hard_vocab_limit=False,
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            num_threads=1,
            minloglevel=2,
        )
    model = pb2.ModelProto()
    model.ParseFromString(out.getvalue())
    vocab = [(piece.piece, round(piece.score, 4)) for piece in model.pieces]
    return vocab, model.normalizer_spec.precompiled_charsmap


def t5(vocab, charsmap):
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=2))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    tokenizer.add_special_tokens([f"<extra_id_{i}>" for i in range(12)])
    eos = [("</s>", 1)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=eos
    )
    return tokenizer


def xlnet(vocab, charsmap):
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=2))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("``", '"'),
            normalizers.Replace("''", '"'),
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Precompiled(charsmap),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(left=False, right=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    # Not <unk>: where a text spells it, the model finds a piece.
    tokenizer.add_special_tokens(["<sep>", "<cls>"])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=True)])
    ids = [(token, tokenizer.token_to_id(token)) for token in ("<sep>", "<cls>")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A:0 <sep>:0 <cls>:2",
        pair="$A:0 <sep>:0 $B:1 <sep>:1 <cls>:2",
        special_tokens=ids,
    )
    return tokenizer


def texts():
    plain = [
        "",
        " ",
        "  ",
        "\n",
        "\t\n \r\n",
        "a",
        "The quick brown fox jumps over the lazy dog.",
        " The rabbit-hole went straight on like a tunnel for some way.",
        "I'm sure she'll say it's what they've done; he'd go, wouldn't you?",
        "I'M SURE SHE'LL SAY IT'S WHAT THEY'VE DONE; HE'D GO",
        "it'ſ a long s",
        "Alice, Alicexx, xAlice Alice's (Alice) Alice",
        "the Hatter   said: Hatter\n\nHatters, Hats and a hat",
        "12 1234567 3.14159 1,000,000 ½ ² ٣٤٥ 一二三",
        "don't``quote''me",
        "two  spaces, three   spaces,    four",
        "trailing spaces   ",
        "   leading spaces",
        "tabs\tand\t\ttabs",
        "line\nbreaks\r\nof all\rkinds\n\n\nhere",
        "end of line!\n\nNext  \n  indented",
        "\ufeffBOM first",
        "non\u00a0breaking\u202fspaces\u3000wide",
        "zero\u200bwidth\u200djoiner\u2060",
        "soft\u00adhyphen",
        "control\x00\x01\x07\x1b\x7f\x85characters",
        "\x01starts with a control",
        "café cafe\u0301 CAFÉ Ångström A\u030angström",
        "Straße İstanbul ı ΣΊΣΥΦΟΣ ς",
        "naïve façade — “quoted” ‘single’ …",
        "ﬁne ﬂow ﬃ ＦＵＬＬ ｗｉｄｔｈ ① ⑳ ℡ ™ ℃",
        "ﷺ صلى الله",
        "Привет, мир! Как дела?",
        "Καλημέρα κόσμε",
        "שלום עולם",
        "مرحبا بالعالم",
        "नमस्ते दुनिया",
        "สวัสดีชาวโลก",
        "你好,世界。今天天气很好!",
        "𠀀𠀁 㐀 豈",
        "こんにちは世界、元気ですか?",
        "안녕하세요 세계",
        "각각",
        "Tiếng Việt có dấu",
        "𝐛𝐨𝐥𝐝 𝒾𝓉𝒶𝓁𝒾𝒸 𝔣𝔯𝔞𝔨𝔱𝔲𝔯",
        "😀 😃😄 👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️",
        "e\u0301\u0327\u0304 zalgo h\u0335\u0321e\u0336l\u0337l\u0338o",
        "x\u0301",
        "\u0301starts with a mark",
        "#hashtag @user http://example.com/a?b=c&d=e#f",
        "fn main() { println!(\"{}\", x[0] + 1); } // ok",
        "    def f(self):\n        return self._x ** 2\n",
        "$5.00 €5 £5 ¥5 +5 -5 =5 ~5 ^5 `5 |5 <5>",
        "!!!??? ... --- *** ___",
        "a.b.c.d,e,f;g:h",
        "(parentheses) [brackets] {braces} <angles>",
        "'s 't 'x ''' 'll",
        "do not cleanup . this ? or ! that , isn n't it ' s",
        "CamelCaseWords and snake_case_words and kebab-case-words",
        "Supercalifragilisticexpialidocious",
        "x" * 39 + " " + "y" * 40 + " " + "z" * 41,
        "ab" * 150,
        "a" * 257,
        "no" + "\n" * 20 + "way",
        " " * 30 + "x",
        "\u2581under\u2581bar\u2581\u2581 x",
        "<unk> is unknown, and so is \U000e0001 and 鿿",
        "日本 unknown 日本語",
        "日<unk>語<unk> <unk><unk>x<unk",
        "<|endoftext|>",
        "one<|endoftext|>two <|endoftext|> three<|endoftext|><|endoftext|>",
        "<|endoftext|",
        "<|begin_of_text|>user<|eot_id|>\n\n<|end_of_text|>",
        "[CLS] a [SEP] b [MASK] c [PAD][UNK]",
        "[cls] [ MASK ] [MASK]. ##ing ##",
        "<s> a </s> <mask> b   <mask>c<mask> <pad>",
        "<extra_id_0> is <extra_id_11>, not <extra_id_12> <extra_id_1",
        "<sep><cls> <Mask> <MASK> <mask>",
        "\u00a0<mask>\u00a0x\u2003 <mask>",
        "ĠĠ Ċ Ã©",
        "I ❤ Rust 🦀!",
        "\u202eright to left\u202c",
        "ffi\u0000fi",
        "a\u0308\u0323 \u1e69 s\u0323\u0307 s\u0307\u0323",
        "Ⅷ Ⅻ ⅷ ㎏ ㍿ ﾊﾝｶｸ",
        "\U0010ffff \ue000 \ufffd \uffff",
        "ǅ ǆ Ǆ ŉ ẞ ﬀ",
        "word\u2028separator\u2029para",
        "1st 2nd 3rd 4th 1990s",
        "e-mail: someone@example.org; tel. +49 (0)30 123-456",
        "He said: \u201cYes.\u201d  She said: \u2018No.\u2019",
        "\r\n\r\n  \r\n x\r\n",
        "?\n?\r\n ?!\n\n a",
        "\t\tx\n\ty \tz",
        "0 00 000 0000 00000",
        "\u0e01\u0e33 \u0928\u093f \u1100\u1161\u11a8",
    ]
    return plain + [line for line in TEXTS if line][:6]


def main():
    vocab, charsmap = sentences(400)
    tokenizers = {
        "gpt2": gpt2(),
        "roberta": roberta(),
        "llama3": llama3(),
        "bert": wordpiece(lowercase=True),
        "cased": wordpiece(clean_text=False, handle_chinese_chars=False, lowercase=False),
        "t5": t5(vocab, charsmap),
        "xlnet": xlnet(vocab, charsmap),
    }
    all_texts = texts()
    found = {}
    for name, tokenizer in tokenizers.items():
        file = json.loads(tokenizer.to_str())
        if name == "gpt2":
            # As older files write merges.
            file["model"]["merges"] = [" ".join(pair) for pair in file["model"]["merges"]]
        text = json.dumps(file, ensure_ascii=False, separators=(",", ":"))
        tokenizer = Tokenizer.from_str(text)
        if name == "bert":
            # As models for sentences have it; lengths are left to who calls.
            batch = Tokenizer.from_str(text)
            batch.enable_truncation(8)
            batch.enable_padding(length=8)
            text = json.dumps(json.loads(batch.to_str()), ensure_ascii=False, separators=(",", ":"))
        (HERE / f"{name}.json").write_text(text + "\n")
        rows = []
        for text in all_texts:
            ids = tokenizer.encode(text).ids
            plain = tokenizer.encode(text, add_special_tokens=False).ids
            starts = (i for i in range(len(ids) + 1) if ids[i : i + len(plain)] == plain)
            row = {"ids": plain, "around": [next(starts), len(ids)]}
            whole, bare = (tokenizer.decode(ids, skip_special_tokens=skip) for skip in (False, True))
            row["whole"] = None if whole == text else whole
            row["bare"] = None if bare == whole else bare
            rows.append(row)
        pair = tokenizer.encode("the light", "a [SEP] sea")
        found[name] = {"rows": rows, "pair": [pair.ids, pair.type_ids], "size": tokenizer.get_vocab_size()}
    lines = ",\n".join(
        f'"{name}": {json.dumps(its, ensure_ascii=False, separators=(",", ":"))}'
        for name, its in found.items()
    )
    head = json.dumps(all_texts, ensure_ascii=False)
    (HERE / "texts.json").write_text(f'{{"texts": {head},\n{lines}}}\n')


main()
