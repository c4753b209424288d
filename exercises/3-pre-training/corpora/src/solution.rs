//! The reference: the rules by which five corpora were made.

use std::collections::{HashMap, HashSet};

use corpora::{
    BULLETS, C4Page, C4Rules, Chunk, CorpusError, GopherReason, LineReason, LinkReason, MIN_KARMA,
    POLICIES, PageReason, STOP_WORDS, Source, Submission, TOP_NGRAMS,
};

/// Cleans a page by the rules of C4, as far as `rules` has them on.
///
/// Lines are those of `str::lines`. From each, if `citations` is on, markers are taken out: `[` and
/// `]` with ASCII digits or nothing between them, `[edit]`, and `[citation needed]`, in one pass from
/// left to right: what closes up around a gap is not searched again. Then white space at both ends
/// is trimmed (`str::trim`). What is left is the text of the line. It is dropped for the first of
/// these reasons that holds:
///
/// 1. [`LineReason::NoEndMark`], if `end_marks` is on, unless it ends with `.`, `!`, `?`, `"` or `”`;
///    also if it ends with three dots, `...`.
/// 2. [`LineReason::TooFewWords`], if it has fewer than `min_words` words. Words are what white space
///    separates (`str::split_whitespace`).
/// 3. [`LineReason::Javascript`], if `javascript` is on and it has “javascript”.
/// 4. [`LineReason::Policy`], if `policies` is on and it has one of [`POLICIES`]; the first in the
///    order of that list.
///
/// The page is dropped for the first of these:
///
/// 1. [`PageReason::LoremIpsum`], if `lorem_ipsum` is on and the page, as given, has “lorem ipsum”.
/// 2. [`PageReason::CurlyBracket`], if `curly_brackets` is on and the page, as given, has `{`.
/// 3. [`PageReason::BlockedWord`], with the first word of the page, as given, that is in `blocklist`.
///    Here a word is a longest run of letters and digits (`char::is_alphanumeric`), in lower case.
/// 4. [`PageReason::TooFewSentences`], if the kept lines have fewer than `min_sentences` sentences.
///    Sentences are counted by the words that end one: without any of `"`, `”`, `'`, `’`, `)` at their
///    end, they end with `.`, `!` or `?`.
///
/// Phrases are looked for in lower case (`str::to_lowercase`). Lines are judged also if the page is
/// dropped. A kept page is the texts of its kept lines, joined by `\n`.
///
/// Source: Raffel and others, 2020, section 2.2; the order of the rules for lines and the phrases are
/// those of `clean_page` in TensorFlow Datasets.
pub fn c4_clean(page: &str, rules: &C4Rules) -> C4Page {
    // BEGIN ANSWER
    let lines: Vec<Result<String, LineReason>> =
        page.lines().map(|line| c4_line(line, rules)).collect();
    let lower = page.to_lowercase();
    let is_blocked = |word: &String| !word.is_empty() && rules.blocklist.contains(word);
    let mut words = page.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let kept: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
    let ends_sentence =
        |word: &&str| word.trim_end_matches(['"', '”', '\'', '’', ')']).ends_with(['.', '!', '?']);
    let sentences =
        kept.iter().flat_map(|line| line.split_whitespace()).filter(ends_sentence).count();
    let text = if rules.lorem_ipsum && lower.contains("lorem ipsum") {
        Err(PageReason::LoremIpsum)
    } else if rules.curly_brackets && page.contains('{') {
        Err(PageReason::CurlyBracket)
    } else if let Some(word) = words.find(is_blocked) {
        Err(PageReason::BlockedWord { word })
    } else if sentences < rules.min_sentences {
        Err(PageReason::TooFewSentences { sentences })
    } else {
        Ok(kept.join("\n"))
    };
    C4Page { lines, text }
    // END ANSWER
}

// BEGIN ANSWER
/// The text of a line, or why it is dropped.
fn c4_line(line: &str, rules: &C4Rules) -> Result<String, LineReason> {
    let text = if rules.citations { without_citations(line) } else { line.to_owned() };
    let text = text.trim();
    let has_end = text.ends_with(['.', '!', '?', '"', '”']) && !text.ends_with("...");
    if rules.end_marks && !has_end {
        return Err(LineReason::NoEndMark);
    }
    let words = text.split_whitespace().count();
    if words < rules.min_words {
        return Err(LineReason::TooFewWords { words });
    }
    let lower = text.to_lowercase();
    if rules.javascript && lower.contains("javascript") {
        return Err(LineReason::Javascript);
    }
    let policy = POLICIES.into_iter().find(|phrase| lower.contains(phrase));
    if let Some(phrase) = policy.filter(|_| rules.policies) {
        return Err(LineReason::Policy { phrase });
    }
    Ok(text.to_owned())
}

/// A line without citation markers.
fn without_citations(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let named = ["edit]", "citation needed]"].into_iter().find(|name| rest.starts_with(name));
        if rest[digits..].starts_with(']') {
            rest = &rest[digits + 1..];
        } else if let Some(name) = named {
            rest = &rest[name.len()..];
        } else {
            text.push('[');
        }
    }
    text + rest
}
// END ANSWER

/// Judges a document by rules for quality and repetition that Gopher's training text was filtered by.
///
/// Words are what white space separates, lines are those of `str::lines`, trimmed, without empty
/// ones, and lengths are counted in `char`s. An ellipsis is `…` or `...`; six dots in a row are two,
/// four are one. The document is kept, or dropped for the first of these reasons:
///
/// 1. [`GopherReason::Words`], unless it has 50 to 100,000 words.
/// 2. [`GopherReason::WordLength`], unless words have 3 to 10 characters on average.
/// 3. [`GopherReason::Hashes`], if there are more than 0.1 `#` per word, wherever they stand.
/// 4. [`GopherReason::Ellipses`], if there are more than 0.1 ellipses per word.
/// 5. [`GopherReason::Bullets`], if more than 90% of the lines start with one of [`BULLETS`].
/// 6. [`GopherReason::EllipsisLines`], if more than 30% of the lines end with an ellipsis.
/// 7. [`GopherReason::Alphabetic`], if fewer than 80% of the words have a letter
///    (`char::is_alphabetic`).
/// 8. [`GopherReason::StopWords`], if fewer than two different [`STOP_WORDS`] are among the words, in
///    lower case and without what is not `char::is_alphanumeric` at both ends.
/// 9. [`GopherReason::DuplicateLines`], if more than 30% of the lines repeat an earlier one.
/// 10. [`GopherReason::TopNgram`], if for an `n` of [`TOP_NGRAMS`] the most frequent n-gram, `n` words
///     as they stand, covers more than its percentage of the characters of all words. If several are
///     equally frequent, take the one that covers the most; one that occurs only once covers nothing.
///     Occurrences may overlap, and a word inside several of them is covered once. The first such `n`
///     is named.
///
/// Source: Rae and others, 2021, appendix A, with table A1. How words are told apart, which bullets
/// there are, and what an n-gram covers is this lesson's choice.
pub fn gopher_rules(document: &str) -> Result<(), GopherReason> {
    // BEGIN ANSWER
    let all: Vec<&str> = document.split_whitespace().collect();
    let words = all.len();
    if !(50..=100_000).contains(&words) {
        return Err(GopherReason::Words { words });
    }
    let characters: usize = all.iter().map(|word| word.chars().count()).sum();
    if characters < 3 * words || characters > 10 * words {
        return Err(GopherReason::WordLength { characters, words });
    }
    let hashes = document.matches('#').count();
    if 10 * hashes > words {
        return Err(GopherReason::Hashes { hashes, words });
    }
    let ellipses = document.matches('…').count() + document.matches("...").count();
    if 10 * ellipses > words {
        return Err(GopherReason::Ellipses { ellipses, words });
    }
    let texts: Vec<&str> =
        document.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lines = texts.len();
    let bullets = texts.iter().filter(|line| line.starts_with(BULLETS)).count();
    if 10 * bullets > 9 * lines {
        return Err(GopherReason::Bullets { bullets, lines });
    }
    let ellipses = texts.iter().filter(|line| line.ends_with('…') || line.ends_with("...")).count();
    if 10 * ellipses > 3 * lines {
        return Err(GopherReason::EllipsisLines { ellipses, lines });
    }
    let alphabetic = all.iter().filter(|word| word.contains(char::is_alphabetic)).count();
    if 10 * alphabetic < 8 * words {
        return Err(GopherReason::Alphabetic { alphabetic, words });
    }
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let known: HashSet<String> = all.iter().map(bare).collect();
    let found = STOP_WORDS.iter().filter(|word| known.contains(**word)).count();
    if found < 2 {
        return Err(GopherReason::StopWords { found });
    }
    let duplicates = lines - texts.iter().collect::<HashSet<_>>().len();
    if 10 * duplicates > 3 * lines {
        return Err(GopherReason::DuplicateLines { duplicates, lines });
    }
    for (n, percent) in TOP_NGRAMS {
        let covered = top_ngram(&all, n);
        if 100 * covered > percent * characters {
            return Err(GopherReason::TopNgram { n, covered, characters });
        }
    }
    Ok(())
    // END ANSWER
}

// BEGIN ANSWER
/// Characters that the most frequent n-gram covers.
fn top_ngram(words: &[&str], n: usize) -> usize {
    let mut starts: HashMap<&[&str], Vec<usize>> = HashMap::new();
    for (start, ngram) in words.windows(n).enumerate() {
        starts.entry(ngram).or_default().push(start);
    }
    let most = starts.values().map(Vec::len).max().unwrap_or(0);
    if most < 2 {
        return 0;
    }
    let covered = |starts: &Vec<usize>| {
        let mut end = 0;
        let mut characters = 0;
        for &start in starts {
            let fresh = &words[start.max(end)..start + n];
            characters += fresh.iter().map(|word| word.chars().count()).sum::<usize>();
            end = start + n;
        }
        characters
    };
    starts.values().filter(|starts| starts.len() == most).map(covered).max().unwrap_or(0)
}
// END ANSWER

/// Says of each link that was posted on Reddit whether OpenWebText takes its page.
///
/// An address begins with `http://` or `https://`, in any case of its letters. What follows, without
/// the first `#` and all after it, is the host, up to the first `/`, `?` or `:`, and the rest. The
/// host is put into lower case (ASCII), and a `www.` at its beginning is taken off, once; from the
/// end of the rest all `/` are taken off. Two links lead to the same page if host and rest are the
/// same. A link is dropped for the first of these reasons:
///
/// 1. [`LinkReason::NotWeb`], if it is no such address, or has an empty host (`www.` taken off).
/// 2. [`LinkReason::Internal`], if the host is `reddit.com` or `redd.it`, or ends with one of the two
///    after a dot.
/// 3. [`LinkReason::Karma`], if it got less than [`MIN_KARMA`].
/// 4. [`LinkReason::Wikipedia`], if the host is `wikipedia.org`, or ends with it after a dot.
/// 5. [`LinkReason::Duplicate`], if an earlier link that is kept leads to the same page.
///
/// Source: Radford and others, 2019, section 2.1, for links, karma and Wikipedia. When two addresses
/// are the same page is this lesson's choice, close to `normalize_url` of TensorFlow Datasets.
pub fn openwebtext_keep(submissions: &[Submission]) -> Vec<Result<(), LinkReason>> {
    // BEGIN ANSWER
    let is_of = |host: &str, domain: &str| {
        host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let mut kept = HashMap::new();
    let judge = |(at, submission): (usize, &Submission)| {
        let (host, rest) = parts(&submission.url).ok_or(LinkReason::NotWeb)?;
        let karma = submission.karma;
        if ["reddit.com", "redd.it"].into_iter().any(|domain| is_of(&host, domain)) {
            return Err(LinkReason::Internal);
        }
        if karma < MIN_KARMA {
            return Err(LinkReason::Karma { karma });
        }
        if is_of(&host, "wikipedia.org") {
            return Err(LinkReason::Wikipedia);
        }
        match *kept.entry((host, rest)).or_insert(at) {
            first if first < at => Err(LinkReason::Duplicate { of: first }),
            _ => Ok(()),
        }
    };
    submissions.iter().enumerate().map(judge).collect()
    // END ANSWER
}

// BEGIN ANSWER
/// Host and rest of an address of the web.
fn parts(url: &str) -> Option<(String, String)> {
    let (scheme, address) = url.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let address = address.split('#').next()?;
    let (host, rest) = address.split_at(address.find(['/', '?', ':']).unwrap_or(address.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| (host.to_owned(), rest.trim_end_matches('/').to_owned()))
}
// END ANSWER

/// Cuts books into chunks of `chunk` words, each a contiguous piece of one book.
///
/// Words are what white space separates. A book is used only if it has *more* than `over` words;
/// others have no chunks, but keep their number. The last chunk of a book has the words that are
/// left, from 1 to `chunk`. Nothing is lost: the chunks of a book that is used, one after the other,
/// are the book, byte by byte. White space belongs to the word before it, and what stands before the
/// first word to that word. A book without words has no chunks. Chunks are in the order of the books,
/// and within a book from its beginning.
///
/// # Errors
/// [`CorpusError::EmptyChunk`] if `chunk` is 0.
///
/// Source: Zhu and others, 2015, section 3, used books of more than 20,000 words.
pub fn bookcorpus_chunks(
    books: &[String],
    over: usize,
    chunk: usize,
) -> Result<Vec<Chunk>, CorpusError> {
    // BEGIN ANSWER
    if chunk == 0 {
        return Err(CorpusError::EmptyChunk);
    }
    let mut chunks = Vec::new();
    for (book, text) in books.iter().enumerate() {
        // Where each word begins.
        let begins: Vec<usize> = text
            .split_whitespace()
            .map(|word| word.as_ptr().addr() - text.as_ptr().addr())
            .collect();
        if begins.len() <= over {
            continue;
        }
        let mut cuts: Vec<usize> = begins.iter().copied().step_by(chunk).skip(1).collect();
        cuts.push(text.len());
        let mut start = 0;
        for end in cuts {
            chunks.push(Chunk { book, range: start..end });
            start = end;
        }
    }
    Ok(chunks)
    // END ANSWER
}

/// How many tokens of each source are read if `budget` tokens are read in all, and no source is read
/// more than `max_epochs` times.
///
/// The cap of a source is `max_epochs · tokens`, or 0 if its weight is 0. The budget is divided in
/// proportion to the weights. Sources whose share is more than their cap get their cap; what is left
/// is divided among the others in proportion to their weights, and so on, until no share is more than
/// a cap. Shares are exact fractions up to here. Then they are rounded down, and the tokens that are
/// left go, one each, to the largest fractional parts; of equal ones, to the source that comes first.
/// So the result adds up to `budget`. Any number may be 0 or the largest of its type: multiply in
/// `u128`.
///
/// # Errors
/// [`CorpusError::NotEnough`] if `budget` is more than all caps together, `available`.
///
/// Source: Gao and others, 2020, section 2, for weights and epochs; the caps are this lesson's, after
/// Muennighoff and others, 2023.
pub fn pile_mixture(
    sources: &[Source],
    max_epochs: u32,
    budget: u64,
) -> Result<Vec<u64>, CorpusError> {
    // BEGIN ANSWER
    let weights: Vec<u128> = sources.iter().map(|source| u128::from(source.weight)).collect();
    let total = u128::from(budget);
    let cap = |source: &Source| match source.weight {
        0 => 0,
        _ => (u128::from(source.tokens) * u128::from(max_epochs)).min(total),
    };
    let caps: Vec<u128> = sources.iter().map(cap).collect();
    let available: u128 = caps.iter().sum();
    if available < total {
        return Err(CorpusError::NotEnough { budget, available: available as u64 });
    }
    let mut open: Vec<usize> = (0..sources.len()).filter(|&i| weights[i] > 0).collect();
    let mut left = total;
    let mut given = vec![0; sources.len()];
    loop {
        let all: u128 = open.iter().map(|&i| weights[i]).sum();
        let (over, rest): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&i| left * weights[i] > caps[i] * all);
        if over.is_empty() {
            // Rounded down; then one more for the largest remainders.
            open.iter().for_each(|&i| given[i] = left * weights[i] / all);
            let missing = left - open.iter().map(|&i| given[i]).sum::<u128>();
            open.sort_by_key(|&i| std::cmp::Reverse(left * weights[i] % all));
            open.iter().take(missing as usize).for_each(|&i| given[i] += 1);
            break;
        }
        for i in over {
            given[i] = caps[i];
            left -= caps[i];
        }
        open = rest;
    }
    Ok(given.into_iter().map(|tokens| tokens as u64).collect())
    // END ANSWER
}
