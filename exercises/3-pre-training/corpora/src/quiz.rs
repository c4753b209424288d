//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::solution::{bookcorpus_chunks, c4_clean, openwebtext_keep, pile_mixture};
use crate::town::{pages, stages, tally};
use crate::{C4Rules, PageReason, Source, Submission};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("short-lines", || {
            let page = "It rained.\nOtto stayed home.\nThen he slept well.\n";
            let text = c4_clean(page, &C4Rules::default()).text;
            pick([
                text == Err(PageReason::TooFewSentences { sentences: 0 }),
                text.as_ref().is_ok_and(|text| text.lines().count() == 3),
                text.as_ref().is_ok_and(|text| text.lines().count() == 1),
            ])
        })
        .key("essex", || {
            let page = "The mill in Essex stood still.\nNow it grinds corn all day.\nNobody there had \
                        hoped for that.\n";
            let rules = C4Rules { blocklist: vec!["sex".into()], ..C4Rules::default() };
            let cleaned = c4_clean(page, &rules);
            let lines = cleaned.text.as_ref().map_or(0, |text| text.lines().count());
            pick([cleaned.text.is_err(), lines == 2, lines == 3])
        })
        .key("pages", || {
            let [.., (_, before), (_, all)] = stages();
            let pages = pages(500);
            let [before, after] = [before, all].map(|rules| tally(&pages, &rules));
            pick([
                after.recall() < before.recall(),
                after.recall() > before.recall(),
                after.recall() == before.recall(),
            ])
        })
        .key("twice", || {
            let link = |url: &str, karma| Submission { url: url.into(), karma };
            let links = [link("https://mill.example/a", 2), link("http://www.mill.example/a/", 3)];
            let kept: Vec<bool> = openwebtext_keep(&links).iter().map(Result::is_ok).collect();
            position(&[[true, true], [false, true], [false, false]].map(Vec::from), &kept)
        })
        .key("twenty-thousand", || {
            let book = "word ".repeat(20_000);
            let chunks = bookcorpus_chunks(&[book], 20_000, 512)?.len();
            pick([chunks == 40, chunks == 39, chunks == 0])
        })
        .key("cap", || {
            let [tokens, weights] = [[600, 100, 20], [6, 3, 1]];
            let source = |i: usize| Source { tokens: tokens[i], weight: weights[i] as u32 };
            let given = pile_mixture(&[0, 1, 2].map(source), 4, 900)?;
            position(&[90, 80, 20], &given[2])
        })
}
