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
            let recall = |rules| tally(&pages, rules).recall();
            let cleaner = pages.iter().any(|page| {
                let [before, after] = [&before, &all].map(|rules| c4_clean(&page.text, rules).text);
                after.is_ok() && after != before
            });
            pick([recall(&all) <= recall(&before), recall(&all) > recall(&before), cleaner])
        })
        .key("thrice", || {
            let link = |url: &str, karma| Submission { url: url.into(), karma };
            let links = [
                link("https://mill.example/a", 2),
                link("http://www.mill.example/a/", 7),
                link("https://mill.example/a#oil", 9),
            ];
            let kept: Vec<bool> = openwebtext_keep(&links).iter().map(Result::is_ok).collect();
            let options =
                [[false, false, true], [false, true, false], [false, false, false]].map(Vec::from);
            position(&options, &kept)
        })
        .key("chunks", || {
            let book = "word ".repeat(20_480);
            let chunks = bookcorpus_chunks(&[book], 20_000, 512)?.len();
            position(&[39, 40, 41], &chunks)
        })
        .key("cap", || {
            let sources = [50, 10].map(|tokens| Source { tokens, weight: 1 });
            position(&[30, 40, 50], &pile_mixture(&sources, 2, 60)?[0])
        })
}
