//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/corpora.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade corpora`.
//! - Stuck? `cargo study hint corpora` gives one hint at a time.

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
    todo!("c4_clean")
}

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
    todo!("gopher_rules")
}

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
    todo!("openwebtext_keep")
}

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
    todo!("bookcorpus_chunks")
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
    todo!("pile_mixture")
}
