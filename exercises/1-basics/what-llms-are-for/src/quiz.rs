//! Questions whose answers the reference computes.

use grading::{Failure, Keys, pick, position};

use crate::solution::{answer, classify, count_classes, tag_entities};
use crate::{
    Asked, Candidate, Idf, Pair, TagCounts, em_round, lower_words, summarize, translate,
    uniform_table,
};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("one-unseen-word", || {
            let examples = [("boring never good", 0), ("good good never", 1), ("good good", 1)];
            let counts = count_classes(&examples, 2)?;
            let text = "good good good never boring";
            let product = |c: usize| -> u64 {
                lower_words(text).iter().map(|word| counts.of_word[word][c]).product()
            };
            let (bad, good) = (product(0), product(1));
            // With smoothing the text is good, so it is the zero that decides.
            let decided_by_zero = classify(&counts, text)[1] > 0.5 && good == 0 && bad > 0;
            pick([good > bad, decided_by_zero, good + bad == 0])
        })
        .key("not-boring", || {
            let examples = [("not good", 0), ("boring", 0), ("good", 1), ("not boring at all", 1)];
            let gain = |examples: &[(&str, usize)]| {
                let counts = count_classes(examples, 2)?;
                let good = |text| classify(&counts, text)[1];
                Ok::<f64, Failure>(good("not boring, good") - good("boring, not good"))
            };
            // Also trained on the opposite moods.
            let gains = [gain(&examples)?, gain(&examples.map(|(text, mood)| (text, 1 - mood)))?];
            let better = gains.map(|gain| gain > 1e-9);
            let same = gains.iter().all(|gain| gain.abs() < 1e-9);
            pick([better == [true; 2], same, better[0] != better[1]])
        })
        .key("two-names", || {
            let of_word = ["Ada", "Rose", "Miller"].map(|word| (word.to_owned(), [0, 3, 0, 0]));
            let counts = TagCounts { of_word: of_word.into(), ..TagCounts::default() };
            position(&[1, 2, 3], &tag_entities(&counts, "Ada, Rose Miller").len())
        })
        .key("who-likes", || {
            let context = "Ada likes tea. Ben saw Ada.";
            let idf = Idf::fit(["Ada likes tea.", "Ben saw Ada."]);
            let candidate = |start| Candidate { start, end: start + 3, asked: Asked::Who };
            let found = answer(&idf, context, &[0, 15, 23].map(candidate), "Who saw Ada?");
            position(&[Some(15), Some(23), None], &found.map(|c| c.start))
        })
        .key("word-order", || {
            let pairs = [Pair::new("red kite", "toko nipe"), Pair::new("red owl", "mupo nipe")];
            let mut table = uniform_table(&pairs);
            for _ in 0..8 {
                table = em_round(&pairs, &table);
            }
            let got = translate(&table, &lower_words("red kite")).join(" ");
            position(&["nipe nipe", "toko nipe", "nipe toko"], &got.as_str())
        })
        .key("typical-is-short", || {
            let sentences = ["Rain.", "Rain fell on the town all day long.", "The sun was gone."];
            position(&sentences, &summarize(&sentences.join(" "), 1)?.concat().as_str())
        })
}
