//! The quiz of the page; the lesson's code picks the right choices.

use std::fmt::Debug;

use grading::{Failure, Quiz};

use crate::models::{Asked, Candidate, Entity, Pair, Rarity, TagCounts, uniform_table};
use crate::solution::{
    answer, classify, count_classes, em_round, summarize, tag_entities, translate,
};
use crate::words::lower_words;

/// Six questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "one-unseen-word",
            "Naive Bayes has counted *boring* only in bad texts. Without smoothing, what does it say about *good good good, never boring*, when *never* and *good* were seen in both classes?",
            [
                ("Good: three words speak for it", "Without smoothing, P(*boring* | good) is 0, and a product with a zero is zero, whatever else is in it."),
                ("Good has probability 0", "One word that the class never had overrules all others. Adding one to each count keeps it possible."),
                ("It has no answer: 0 / 0", "Only if each class had a word that it never saw. Here the bad class is still possible."),
            ],
            // With smoothing the text is good, so it is the zero that decides.
            || {
                let examples = [("boring never good", 0), ("good good never", 1), ("good good", 1)];
                let counts = count_classes(&examples, 2)?;
                let text = "good good good never boring";
                let share = |c: usize| -> u64 {
                    lower_words(text).iter().map(|word| counts.of_word[word][c]).product()
                };
                let smoothed = classify(&counts, text)[1];
                match (share(0), share(1)) {
                    (0, 0) => Ok(2),
                    (_, 0) if smoothed > 0.5 => Ok(1),
                    other => Err(Failure::wrong(format!("{other:?}, smoothed {smoothed}"))),
                }
            },
        )
        .ask(
            "not-boring",
            "The same words in another order: *not boring, good* and *boring, not good*. What does naive Bayes make of them?",
            [
                ("The first is better", "It would be, for a reader. The model counts words and never looks at their order."),
                ("Exactly the same", "Each word adds its own logarithm, and a sum does not depend on the order."),
                ("It depends on what it was trained on", "The counts change both probabilities, but always both in the same way."),
            ],
            || {
                let examples = [("not good", 0), ("boring", 0), ("good", 1), ("not boring at all", 1)];
                let counts = count_classes(&examples, 2)?;
                let (a, b) = (classify(&counts, "not boring, good"), classify(&counts, "boring, not good"));
                Ok(if (a[0] - b[0]).abs() < 1e-12 { 1 } else { 0 })
            },
        )
        .ask(
            "two-names",
            "All of *Ada*, *Rose* and *Miller* were counted as people only. Which names does `tag_entities` find in “Ada, Rose Miller”?",
            [
                ("One: *Ada, Rose Miller*", "Between *Ada* and *Rose* there is more than a space, so a new name starts."),
                ("Two: *Ada* and *Rose Miller*", "Exactly one space stands between *Rose* and *Miller*: they are one name."),
                ("Three: each word is a name", "Then *Rose* would be another person than *Rose Miller*, and span F1 counts both as wrong."),
            ],
            || {
                let of_word = ["Ada", "Rose", "Miller"].map(|word| (word.to_owned(), [0, 3, 0, 0]));
                let counts = TagCounts { of_word: of_word.into(), ..TagCounts::default() };
                let names: Vec<Entity> = tag_entities(&counts, "Ada, Rose Miller");
                names.len().checked_sub(1).ok_or_else(|| Failure::wrong("no names"))
            },
        )
        .ask(
            "who-likes",
            "Context: *Ada likes tea. Ben saw Ada.* The candidates are *Ada*, *Ben* and *Ada*, all for *who*. What is the answer to *Who saw Ada?*",
            [
                ("Ben", "The second sentence shares two words with the question, and *Ben* is its only candidate that the question does not have."),
                ("Ada, from the second sentence", "*Ada* stands in the question, so as an answer it tells nothing."),
                ("None: no sentence has all words of the question", "Not all words have to be there: the sentence with the most telling ones is tried first."),
            ],
            || {
                let context = "Ada likes tea. Ben saw Ada.";
                let rarity = Rarity::fit(["Ada likes tea.", "Ben saw Ada."]);
                let candidate = |start| Candidate { start, end: start + 3, asked: Asked::Who };
                let found = answer(&rarity, context, &[0, 15, 23].map(candidate), "Who saw Ada?");
                position(&[Some(15), Some(23), None], &found.map(|c| c.start))
            },
        )
        .ask(
            "word-order",
            "IBM model 1 learns from *red kite* → *toko nipe* and *red owl* → *mupo nipe*. How does it translate *red kite* word by word?",
            [
                ("*nipe nipe*: *nipe* stands in both pairs", "In the first round perhaps; then *nipe* is explained by *red*, and *toko* is left for *kite*."),
                ("*toko nipe*", "This is the right order in Tinytongue. Word by word, the order of English stays."),
                ("*nipe toko*", "Both words are right. The table says what a word becomes, and nothing about where it goes."),
            ],
            || {
                let pairs = [Pair::new("red kite", "toko nipe"), Pair::new("red owl", "mupo nipe")];
                let mut table = uniform_table(&pairs);
                for _ in 0..8 {
                    table = em_round(&pairs, &table);
                }
                let got = translate(&table, &lower_words("red kite")).join(" ");
                position(&["nipe nipe", "toko nipe", "nipe toko"], &got.as_str())
            },
        )
        .ask(
            "typical-is-short",
            "Which sentence does `summarize` take first: *Rain. Rain fell on the town all day long. The sun was gone.*?",
            [
                ("*Rain.*", "Its only word is the most frequent one, so its mean cannot be beaten. Typical is not the same as informative."),
                ("*Rain fell on the town all day long.*", "It has the most words, but the score is a mean: every rare word pulls it down."),
                ("*The sun was gone.*", "None of its words that count stands in another sentence; *the* is a stop word."),
            ],
            || {
                let text = "Rain. Rain fell on the town all day long. The sun was gone.";
                let answers = ["Rain.", "Rain fell on the town all day long.", "The sun was gone."];
                position(&answers, &summarize(text, 1)?.first().copied().unwrap_or_default())
            },
        )
}

/// The index of what the code computed among the answers.
fn position<T: PartialEq + Debug>(answers: &[T], computed: &T) -> Result<usize, Failure> {
    let found = answers.iter().position(|answer| answer == computed);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed:?}")))
}
