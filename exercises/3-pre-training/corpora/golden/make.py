"""Golden values of the lesson, by Python's standard library alone (3.11 or later).

    python make.py

Writes golden.json: pages and documents with the reasons for which they are dropped, by regular
expressions and counters; links by urllib; mixtures by exact fractions, one source at a time.
"""

import json
import random
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

rng = random.Random(3)

CITATION = re.compile(r"\[[0-9]*\]|\[edit\]|\[citation needed\]")
POLICY = re.compile(
    "terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
)
POLICIES = POLICY.pattern.split("|")
SENTENCE = re.compile(r"[.!?][\"”'’)]*(?=\s|$)")


def lines_of(text):
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def clean(page, blocklist):
    lines, kept = [], []
    for line in lines_of(page):
        line = CITATION.sub("", line).strip()
        words = re.findall(r"\S+", line)
        found = set(POLICY.findall(line.lower()))
        if not re.search("[.!?\"”]$", line) or re.search(r"\.\.\.$", line):
            reason = "NoEndMark"
        elif len(words) < 5:
            reason = f"TooFewWords {{ words: {len(words)} }}"
        elif re.search("javascript", line, re.I):
            reason = "Javascript"
        elif found:
            phrase = next(p for p in POLICIES if p in line.lower())
            reason = f'Policy {{ phrase: "{phrase}" }}'
        else:
            reason = ""
            kept.append(line)
        lines.append(("" if reason else line, reason))
    blocked = [w for w in re.findall(r"[^\W_]+", page.lower()) if w in blocklist]
    sentences = len(SENTENCE.findall("\n".join(kept)))
    if re.search("lorem ipsum", page, re.I):
        reason = "LoremIpsum"
    elif "{" in page:
        reason = "CurlyBracket"
    elif blocked:
        reason = f'BlockedWord {{ word: "{blocked[0]}" }}'
    elif sentences < 3:
        reason = f"TooFewSentences {{ sentences: {sentences} }}"
    else:
        reason = ""
    return {
        "page": page,
        "blocklist": blocklist,
        "lines": lines,
        "text": "" if reason else "\n".join(kept),
        "reason": reason,
    }


LINES = [
    "Home | News | Contact",
    "The mill at the river stood still for eleven years.",
    "Then Otto found its wheel[1] in a barn.[citation needed]",
    "\u201cIt only needed some oil,\u201d he said. \u201cThat was all.\u201d",
    'She asked: "Who would have thought so?"',
    "It turned!",
    "Now it grinds corn.[22]",
    "So it grinds corn.[2 2] again",
    "Nobody had seen that for years!!! Nobody at all?!",
    "This page uses cookies and more cookies.",
    "You accept the Terms of Use and the Privacy Policy of this site.",
    "Without JAVASCRIPT this page stays empty, sadly.",
    "Read on about the mills of the north...",
    "And then they waited for a long time\u2026",
    "History[edit]",
    "\u041e\u043d\u0430 \u043f\u0440\u0438\u0448\u043b\u0430 \u0434\u043e\u043c\u043e\u0439 \u043e\u0447\u0435\u043d\u044c \u043f\u043e\u0437\u0434\u043d\u043e.",
    "\u5f7c\u5973\u306f\u5bb6\u306b\u5e30\u3063\u305f\u3002",
    "  It\u00a0has\u00a0no-break\u00a0spaces\u00a0inside and around.\u00a0",
    "",
    "   ",
    "Mr. Otto and Mrs. Rosa met at 5 p.m. at the mill.",
    "One (and only one) wheel was new (they said.)",
]
RARE = ["Lorem IPSUM dolor sit amet, and so on.", "if (x) { y(); }", "They drank Grog, and more grog.",
        "The grogshop was closed for the winter.", "A sex-linked trait of cats is their color."]


def c4_cases():
    cases = []
    for _ in range(60):
        lines = [rng.choice(LINES) for _ in range(rng.randint(0, 8))]
        if rng.random() < 0.4:
            lines.insert(rng.randint(0, len(lines)), rng.choice(RARE))
        end = rng.choice(["\n", "\n", "\r\n"])
        page = end.join(lines) + rng.choice(["", end])
        cases.append(clean(page, rng.choice([[], ["grog", "sex"], ["otto"]])))
    return cases


STOP = ["the", "be", "to", "of", "and", "that", "have", "with"]


def judge(document):
    words = document.split()
    n = len(words)
    size = sum(map(len, words))
    lines = [line.strip() for line in document.split("\n")]
    lines = [line for line in lines if line]
    ellipsis = re.compile(r"\u2026|\.\.\.")

    def reason(name, **fields):
        return name + " { " + ", ".join(f"{k}: {v}" for k, v in fields.items()) + " }"

    if n < 50 or n > 100_000:
        return reason("Words", words=n)
    if not 3 <= Fraction(size, n) <= 10:
        return reason("WordLength", characters=size, words=n)
    if Fraction(document.count("#"), n) > Fraction(1, 10):
        return reason("Hashes", hashes=document.count("#"), words=n)
    found = len(ellipsis.findall(document))
    if Fraction(found, n) > Fraction(1, 10):
        return reason("Ellipses", ellipses=found, words=n)
    bullets = sum(line[0] in "\u2022-*" for line in lines)
    if Fraction(bullets, len(lines)) > Fraction(9, 10):
        return reason("Bullets", bullets=bullets, lines=len(lines))
    ends = sum(bool(re.search(r"(\u2026|\.\.\.)$", line)) for line in lines)
    if Fraction(ends, len(lines)) > Fraction(3, 10):
        return reason("EllipsisLines", ellipses=ends, lines=len(lines))
    letters = sum(any(c.isalpha() for c in word) for word in words)
    if Fraction(letters, n) < Fraction(8, 10):
        return reason("Alphabetic", alphabetic=letters, words=n)
    bare = {re.sub(r"^[\W_]+|[\W_]+$", "", word).lower() for word in words}
    stop = len(bare & set(STOP))
    if stop < 2:
        return reason("StopWords", found=stop)
    again = sum(count - 1 for count in Counter(lines).values())
    if Fraction(again, len(lines)) > Fraction(3, 10):
        return reason("DuplicateLines", duplicates=again, lines=len(lines))
    for k, share in [(2, 20), (3, 18), (4, 16)]:
        grams = [tuple(words[i : i + k]) for i in range(n - k + 1)]
        counts = Counter(grams)
        most = max(counts.values())
        best = 0
        for gram, count in counts.items():
            if count == most and most > 1:
                inside = {i + j for i, g in enumerate(grams) if g == gram for j in range(k)}
                best = max(best, sum(len(words[i]) for i in inside))
        if Fraction(best, size) > Fraction(share, 100):
            return reason("TopNgram", n=k, covered=best, characters=size)
    return ""


NOUNS = "mill river wheel baker kite garden market bridge letter winter story apple".split()


def gopher_cases():
    cases = []
    for case in range(60):
        n = rng.choice([48, 49, 50, 51, 60, 80, 100, 120])
        pool = [rng.choice(NOUNS) + rng.choice(["", "s", ",", "."]) for _ in range(n)]
        words = [rng.choice(STOP).capitalize() if rng.random() < 0.15 else w for w in pool]
        dirt = rng.choice([None, "#", "...", "\u2026", "12", "a", "internationalization", "run", "line"])
        rate = rng.choice([0.08, 0.15, 0.3, 0.7])
        if dirt == "run":
            start, phrase = rng.randint(0, 20), words[: rng.randint(1, 4)]
            for i in range(int(rate * n)):
                words[(start + i) % n] = phrase[i % len(phrase)]
        elif dirt and dirt != "line":
            words = [dirt if rng.random() < rate else w for w in words]
        per_line = rng.choice([5, 8, 10, 30])
        lines = [" ".join(words[i : i + per_line]) for i in range(0, n, per_line)]
        if dirt == "line":
            lines = [lines[0] if rng.random() < rate else line for line in lines]
        if rng.random() < 0.3:
            lines = [rng.choice(["- ", "* ", "\u2022"]) + line for line in lines]
        if rng.random() < 0.3:
            lines = [line + rng.choice(["", "", "...", "\u2026"]) for line in lines]
        document = rng.choice(["\n", "\n\n", "\r\n"]).join(lines)
        cases.append({"document": document, "reason": judge(document)})
    return cases


def links(submissions):
    seen, reasons = {}, []
    for at, (url, karma) in enumerate(submissions):
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        rest = (f":{parts.port}" if parts.port else "") + parts.path
        rest = (rest + (f"?{parts.query}" if parts.query else "")).rstrip("/")
        within = lambda domain: host.split(".")[-2:] == domain.split(".")
        if parts.scheme not in ("http", "https") or not host:
            reason = "NotWeb"
        elif within("reddit.com") or within("redd.it"):
            reason = "Internal"
        elif karma <= 2:
            reason = f"Karma {{ karma: {karma} }}"
        elif within("wikipedia.org"):
            reason = "Wikipedia"
        elif (host, rest) in seen:
            reason = f"Duplicate {{ of: {seen[host, rest]} }}"
        else:
            reason = ""
            seen[host, rest] = at
        reasons.append(reason)
    return {"submissions": submissions, "reasons": reasons}


def link_cases():
    hosts = ["news.example", "www.news.example", "News.Example", "mill.example", "en.wikipedia.org",
             "wikipedia.org", "notwikipedia.org", "wikipedia.org.example", "www.reddit.com",
             "old.reddit.com", "i.redd.it", "myreddit.com", "mill.example:8080"]
    paths = ["", "/", "/a", "/a/", "/a#top", "/A", "/a?id=1", "/a?id=2", "/b//", "?q=x", "#top"]
    cases = []
    for _ in range(12):
        submissions = []
        for _ in range(25):
            scheme = rng.choice(["http://", "https://", "https://", "HTTPS://", "ftp://", "mailto:"])
            url = scheme + rng.choice(hosts) + rng.choice(paths)
            submissions.append((url, rng.choice([-5, 0, 2, 3, 3, 4, 900])))
        cases.append(links(submissions))
    return cases


def mix(sources, max_epochs, budget):
    """One source at a time gets its cap: the one that reaches it first."""
    caps = [tokens * max_epochs if weight else 0 for tokens, weight in sources]
    open_ = [i for i, (_, weight) in enumerate(sources) if weight]
    shares, left = [Fraction(0)] * len(sources), Fraction(budget)
    while open_:
        total = sum(sources[i][1] for i in open_)
        first = min(open_, key=lambda i: Fraction(caps[i], sources[i][1]))
        if left * sources[first][1] / total <= caps[first]:
            for i in open_:
                shares[i] = left * sources[i][1] / total
            break
        shares[first] = Fraction(caps[first])
        left -= caps[first]
        open_.remove(first)
    tokens = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (int(shares[i]) - shares[i], i))
    for i in order[: budget - sum(tokens)]:
        tokens[i] += 1
    return {"sources": sources, "max_epochs": max_epochs, "budget": budget, "tokens": tokens}


def mixture_cases():
    cases = []
    for _ in range(40):
        big = rng.choice([10, 1000, 10**6, 2**60])
        sources = [
            (rng.randint(0, big), rng.choice([0, 1, 1, 2, 3, 7, 100, 2**32 - 1]))
            for _ in range(rng.randint(1, 7))
        ]
        epochs = rng.choice([1, 1, 2, 4])
        available = sum(tokens * epochs for tokens, weight in sources if weight)
        budget = min(available, 2**64 - 1)
        budget = rng.choice([budget, rng.randint(0, budget), budget * 2 // 3, budget // 10])
        cases.append(mix(sources, epochs, budget))
    return cases


golden = {
    "c4": c4_cases(),
    "gopher": gopher_cases(),
    "links": link_cases(),
    "mixtures": mixture_cases(),
}
counts = Counter(re.match(r"\w*", c["reason"])[0] for c in golden["gopher"])
counts += Counter(re.match(r"\w*", c["reason"])[0] for c in golden["c4"])
print(dict(counts))
path = Path(__file__).with_name("golden.json")
path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
