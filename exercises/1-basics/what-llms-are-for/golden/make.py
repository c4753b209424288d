"""Makes golden.json with the libraries that people use for these models and metrics.

For names, answers and summaries no library follows the lesson's rules to the letter: the functions
`tagged`, `answered` and `summarized` below say the rules once more, as directly as they can.

    pip install scikit-learn==1.9.1 nltk==3.10.4 sacrebleu==2.6.0 rouge-score==0.1.2
    python make.py

Texts are words drawn from a small vocabulary with a fixed seed. Everything is lower case and
without punctuation, so that cutting texts into words is no part of the comparison.
"""

import json
import random
import re
from fractions import Fraction
from itertools import product
from math import log, prod
from pathlib import Path

import nltk
import numpy as np
import sacrebleu
import sklearn
from nltk.translate import AlignedSent, IBMModel1
from rouge_score.rouge_scorer import RougeScorer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

VERSIONS = {"scikit-learn": (sklearn, "1.9.1"), "nltk": (nltk, "3.10.4"), "sacrebleu": (sacrebleu, "2.6.0")}
for name, (module, version) in VERSIONS.items():
    assert module.__version__ == version, (name, module.__version__)

RANDOM = random.Random(20)
WORDS = "red green blue cat dog hen sun rain snow day walk sing run sleep kind loud".split()


def text(n, words=WORDS, skew=1.0):
    weights = [1 / (1 + i) ** skew for i in range(len(words))]
    return " ".join(RANDOM.choices(words, weights, k=n))


def bayes(n_classes, sizes, lengths):
    """Classes of unequal sizes, each with its own favorite words."""
    examples = []
    for label, size in enumerate(sizes):
        words = WORDS[label * 4:] + WORDS[: label * 4]
        # The last class uses only a few words: smoothing decides about the others.
        words = words[: 5 if label == n_classes - 1 else 13]
        examples += [(text(RANDOM.randint(*lengths), words), label) for _ in range(size)]
    RANDOM.shuffle(examples)
    vectorizer = CountVectorizer(tokenizer=str.split, token_pattern=None)
    x = vectorizer.fit_transform([t for t, _ in examples])
    y = [label for _, label in examples]
    model = MultinomialNB(alpha=1.0).fit(x, y)
    tests = [text(n, WORDS + ["unseen", "never"], skew=0.2) for n in (1, 2, 3, 5, 8, 40)] + ["", "unseen never"]
    tests.append(text(3000, WORDS, skew=0.3))  # a product of 3,000 probabilities is 0 in floating point
    probabilities = model.predict_proba(vectorizer.transform(tests))
    counts = np.array([x.toarray()[np.array(y) == c].sum(0) for c in range(n_classes)]).T
    return {
        "n_classes": n_classes,
        "examples": examples,
        "texts": [y.count(c) for c in range(n_classes)],
        "words": counts.sum(0).tolist(),
        "of_word": {word: counts[i].tolist() for word, i in sorted(vectorizer.vocabulary_.items())},
        "tests": [{"text": t, "probabilities": p.tolist()} for t, p in zip(tests, probabilities)],
    }


def idf():
    texts = [text(n, skew=1.2) for n in (3, 4, 5, 6, 7, 9, 2)]
    vectorizer = TfidfVectorizer(tokenizer=str.split, token_pattern=None).fit(texts)
    values = {word: float(vectorizer.idf_[i]) for word, i in sorted(vectorizer.vocabulary_.items())}
    return {"texts": texts, "idf": values}


def enumerated(pairs, rounds):
    """IBM model 1 as it is defined: over every alignment of every pair.

    An alignment gives each target word one source word. Its probability is proportional to the
    product of t(f | e) over its links; a link's expected count is the probability of the
    alignments that have it.
    """
    pairs = [(s.split(), t.split()) for s, t in pairs]
    t = {(e, f): 1.0 for source, target in pairs for e in source for f in target}
    for _ in range(rounds):
        expected = dict.fromkeys(t, 0.0)
        for source, target in pairs:
            alignments = list(product(source, repeat=len(target)))
            weights = [prod(t[e, f] for e, f in zip(a, target)) for a in alignments]
            for alignment, weight in zip(alignments, weights):
                for link in zip(alignment, target):
                    expected[link] += weight / sum(weights)
        t = {(e, f): n / sum(m for (e2, _), m in expected.items() if e2 == e) for (e, f), n in expected.items()}
    return t


def ibm1(name, pairs, rounds):
    """nltk puts its NULL word in front of every source; here it is the word `null`."""
    pairs = [(f"null {s}", t) for s, t in pairs]
    t = enumerated(pairs, rounds)
    # nltk adds up a target word that is repeated in a sentence; there only the definition counts.
    if all(len(set(f.split())) == len(f.split()) for _, f in pairs):
        model = IBMModel1([AlignedSent(f.split(), s.split()[1:]) for s, f in pairs], rounds)
        for (e, f), value in t.items():
            theirs = model.translation_table[f][None if e == "null" else e]
            assert abs(theirs - value) < 1e-9 + 1e-6 * value, (name, e, f, theirs, value)
    table = {}
    for (e, f), value in sorted(t.items()):
        table.setdefault(e, {})[f] = value
    return {"name": name, "pairs": pairs, "rounds": rounds, "table": table}


def translations():
    """A language with its own words, no word for `the`, and the verb last."""
    to = {"cat": "mio", "dog": "vau", "hen": "kok", "sun": "sol", "sees": "vid", "likes": "lubi", "red": "rot", "big": "gro"}
    pairs = []
    while len(pairs) < 14:
        adjective, verb = RANDOM.choice(["red", "big", ""]), RANDOM.choice(["sees", "likes"])
        subject, thing = RANDOM.choice(["cat", "dog", "hen"]), RANDOM.choice(["cat", "dog", "hen", "sun"])
        source = " ".join(f"the {adjective} {subject} {verb} the {thing}".split())
        target = " ".join(w for w in [to[subject], to.get(adjective, ""), to[thing], to[verb]] if w)
        if subject != thing:
            pairs.append((source, target))
    return pairs


def metrics():
    cases = []
    for n in (1, 2, 3, 5, 9):
        references = [text(RANDOM.randint(3, 9), WORDS[:7]) for _ in range(n)]
        hypotheses = []
        for reference in references:
            words = reference.split()
            for _ in range(RANDOM.randint(0, 2)):
                words[RANDOM.randrange(len(words))] = RANDOM.choice(WORDS)
            hypotheses.append(" ".join(words[: RANDOM.randint(2, 9)]))
        bleu = sacrebleu.corpus_bleu(hypotheses, [references], tokenize="none", smooth_method="none")
        scorer = RougeScorer(["rouge1"], use_stemmer=False)
        rouge = [scorer.score(r, h)["rouge1"].fmeasure for r, h in zip(references, hypotheses)]
        cases.append({"references": references, "hypotheses": hypotheses, "bleu": bleu.score / 100, "rouge1": rouge})
    return cases


KINDS = ["person", "place", "thing"]


def cut(text):
    return [(m.group(), m.start(), m.end()) for m in re.finditer(r"\w+", text)]


def in_bytes(text, start, end):
    return [len(text[:at].encode()) for at in (start, end)]


def tagged(of_word, capitalized, text):
    tags = []
    for word, start, _ in cut(text):
        first = re.search(r"(^|[.!?])\W*$", text[:start]) is not None
        seen = of_word.get(word)
        if seen is None and first:
            seen = of_word.get(word.lower())
        if seen is None:
            seen = capitalized if word[0].isupper() else [1, 0, 0, 0]
        tags.append(seen.index(max(seen)))
    names = []
    for i, (_, start, end) in enumerate(cut(text)):
        before = text[cut(text)[i - 1][2]:start] if i else None
        if tags[i] and i and tags[i] == tags[i - 1] and before == " ":
            names[-1][1] = end
        elif tags[i]:
            names.append([start, end, tags[i]])
    return [[*in_bytes(text, start, end), KINDS[tag - 1]] for start, end, tag in names]


def tags():
    of_word = {
        "the": [40, 0, 0, 0], "met": [9, 0, 1, 0], "in": [20, 0, 3, 0], "Ada": [0, 7, 1, 0], "Rose": [0, 5, 0, 1],
        "rose": [2, 0, 0, 6], "Miller": [0, 4, 0, 0], "Old": [0, 0, 3, 0], "old": [5, 0, 1, 1], "Mill": [0, 1, 6, 0],
        "lamp": [0, 0, 0, 8], "May": [3, 3, 0, 0], "Zoë": [0, 2, 0, 0], "Lake": [0, 2, 2, 0], "pen": [1, 0, 0, 2],
    }
    tests = []
    known = [*of_word, "Zoë", "Lake", "May"]
    for capitalized in ([2, 9, 5, 0], [1, 3, 8, 3], [7, 2, 2, 1]):
        for n in (1, 2, 4, 9, 14, 15, 30, 31):
            words = RANDOM.choices(known if n % 2 else [*known, "Unknown", "Met", "unknown", "Lamp", "Où"], k=n)
            text = "".join(w + RANDOM.choice([" ", " ", " ", ", ", "  ", ". ", "! ", " - "]) for w in words)
            tests.append({"capitalized": capitalized, "text": text, "names": tagged(of_word, capitalized, text)})
    return {"of_word": of_word, "tests": tests}


ASKED = ["who", "where", "what", "how"]


def answered(idf, context, candidates, question):
    kind = next((w for w, _, _ in cut(question.lower()) if w in ASKED), None)
    asked = set(w.lower() for w, _, _ in cut(question))
    places = [(m.start(), m.end()) for m in re.finditer(r"[^ .!][^.!]*[.!]", context)]
    found = []
    for at, (start, end) in enumerate(places):
        there = set(w.lower() for w, _, _ in cut(context[start:end]))
        score = sum(idf(w) for w in sorted(asked & there))
        for candidate in candidates:
            inside = start <= candidate[0] and candidate[1] <= end
            new = any(w.lower() not in asked for w, _, _ in cut(context[candidate[0]:candidate[1]]))
            if inside and new and kind in (None, candidate[2]):
                found.append((-score, at, candidate))
    scores = sorted(set(score for score, _, _ in found))
    if any(b - a < 1e-9 for a, b in zip(scores, scores[1:])):
        return "too close"
    return min(found)[2] if found else None


def answers():
    people, places, things = ["Ada", "Ben Miller", "Cleo", "Rose"], ["the Old Mill", "Elm Lake", "Rose Hill"], ["a lamp", "the red pen", "a rose"]
    numbers = ["two", "seven"]
    verbs, texts, tests = ["carried", "found", "lost", "painted", "left"], [], []
    for _ in range(12):
        texts.append(f"{RANDOM.choice(people)} {RANDOM.choice(verbs)} {RANDOM.choice(things)} near {RANDOM.choice(places)}. It was late.")
    n = len(texts)
    count = lambda word: sum(word in {w.lower() for w, _, _ in cut(t)} for t in texts)
    idf = lambda word: log((1 + n) / (1 + count(word))) + 1
    while len(tests) < 90:
        context, candidates = "", []
        for _ in range(RANDOM.randint(1, 5)):
            parts = [RANDOM.choice(people), RANDOM.choice(verbs), RANDOM.choice(things), "near", RANDOM.choice(numbers + ["quietly"]), RANDOM.choice(places)]
            RANDOM.shuffle(parts)
            for part in parts:
                kind = next((k for k, all in zip(ASKED, (people, places, things, numbers)) if part in all), None)
                if kind:
                    candidates.append([len(context), len(context) + len(part), kind])
                context += part + " "
            context = context[:-1] + RANDOM.choice([". ", "! "])
        asks = RANDOM.choice(["Who", "Where", "What", "Tell me who", "How many", "When", "When"])
        question = f"{asks} {RANDOM.choice(verbs)} {RANDOM.choice(people + things)} near {RANDOM.choice(places + things)}?"
        answer = answered(idf, context, candidates, question)
        if answer != "too close":
            tests.append({"context": context, "candidates": candidates, "question": question, "answer": answer})
    return {"texts": texts, "tests": tests}


STOP = {"the", "a", "and", "was"}


def summarized(text, n):
    places = [m.group() for m in re.finditer(r"[^ .!][^.!]*[.!]", text)]
    contents = [[w.lower() for w, _, _ in cut(s) if w.lower() not in STOP] for s in places]
    everything = sum(contents, [])
    p = {w: Fraction(everything.count(w), len(everything)) for w in everything}
    chosen = []
    while len(chosen) < min(n, len(places)):
        scores = {i: sum((p[w] for w in c), Fraction(0)) / max(len(c), 1) for i, c in enumerate(contents) if i not in chosen}
        top = max(scores.values())
        best = [i for i in scores if top - scores[i] < 1e-9]
        if any(contents[i] != contents[best[0]] for i in best):
            return None  # rounding would decide
        for w in set(contents[best[0]]):
            p[w] *= p[w]
        chosen.append(best[0])
    return [places[i] for i in sorted(chosen)]


def summaries():
    tests = []
    while len(tests) < 40:
        sentences = []
        for _ in range(RANDOM.randint(1, 8)):
            words = text(RANDOM.randint(1, 7), WORDS[:9] + ["the", "a", "and", "was"], skew=0.5).split()
            sentences.append(" ".join(words).capitalize() + RANDOM.choice(".!"))
        sentences += RANDOM.choices(sentences, k=RANDOM.randint(0, 1))
        whole, n = " ".join(sentences), RANDOM.randint(1, 4)
        summary = summarized(whole, n)
        if summary is not None:
            tests.append({"text": whole, "n_sentences": n, "summary": summary})
    return tests


def main():
    koehn = [("the house", "das haus"), ("the book", "das buch"), ("a book", "ein buch")]
    golden = {
        "bayes": [bayes(2, [9, 5], (1, 9)), bayes(3, [4, 11, 7], (2, 6))],
        "idf": idf(),
        "ibm1": [ibm1("koehn", koehn, 1), ibm1("koehn", koehn, 4)]
        + [ibm1("tongue", pairs, rounds) for pairs in [translations()] for rounds in (1, 2, 9)]
        + [ibm1("repeated", [("cat cat dog", "mio mio vau"), ("dog", "vau vau"), ("cat", "mio")], rounds) for rounds in (1, 3)],
        "tags": tags(),
        "answers": answers(),
        "summaries": summaries(),
        "metrics": metrics(),
    }
    out = json.dumps(golden, separators=(",", ":"))
    # One example a line, so that a change can be read.
    out = re.sub(r"(?<=[\]}]),(?=[\[{\"])", ",\n", out)
    Path(__file__).with_name("golden.json").write_text(out + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
