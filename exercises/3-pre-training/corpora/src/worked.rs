//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};

use crate::solution::{bookcorpus_chunks, c4_clean, gopher_rules, openwebtext_keep, pile_mixture};
use crate::town::{Page, pages, stages, tally};
use crate::{C4Rules, GopherReason, PageReason, Source, Submission, pile, sample};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    newspaper(worked);
    town(worked);
    let link = |url: &str, karma| Submission { url: url.into(), karma };
    let links = [
        link("https://mill.example/wheel", 2),
        link("http://www.mill.example/wheel/", 5),
        link("https://mill.example/wheel#photos", 40),
        link("https://en.wikipedia.org/wiki/Mill", 90),
    ];
    for (at, verdict) in openwebtext_keep(&links).iter().enumerate() {
        let told = verdict.as_ref().map_or_else(ToString::to_string, |()| "taken".into());
        worked.set(&format!("link-{at}"), told);
    }
    let books = ["word ".repeat(20_000), "word ".repeat(20_500)];
    let chunks = bookcorpus_chunks(&books, 20_000, 512)?;
    worked.set("book-chunks", chunks.len());
    let last = chunks.last().map_or(0, |chunk| chunk.range.len() / 5);
    worked.set("book-last", last);
    // Fifty words of five letters on average, a 2-gram among them six times.
    let word = |i: usize| match i % 8 {
        0 if i < 48 => "mill".to_owned(),
        1 if i < 48 => "wheels".to_owned(),
        _ => {
            ["the", "and"].get(i.wrapping_sub(48)).map_or(format!("abc{i:02}"), ToString::to_string)
        }
    };
    let text: Vec<String> = (0..50).map(word).collect();
    if let Err(GopherReason::TopNgram { covered, characters, .. }) = gopher_rules(&text.join(" ")) {
        worked.set("row-share", percent(covered as f64 / characters as f64, 0));
    }
    mixtures(worked)
}

/// The page that the lesson begins with, and one that says the same again and again.
fn newspaper(worked: &mut Worked) {
    let cleaned = c4_clean(sample::PAGE, &C4Rules::default());
    let kept = cleaned.lines.iter().flatten().count();
    worked.set("sample-lines", cleaned.lines.len());
    worked.set("sample-kept", kept);
    worked.set("sample-story", sample::STORY.len());
    let good = (0..cleaned.lines.len()).map(|at| sample::STORY.contains(&at)).collect();
    let tally = tally(&[Page { text: sample::PAGE.into(), good }], &C4Rules::default());
    worked.set("sample-precision", percent(tally.precision(), 0));
    worked.set("sample-recall", percent(tally.recall(), 0));
    let any_end = C4Rules { end_marks: false, ..C4Rules::default() };
    let without = c4_clean(sample::PAGE, &any_end).lines.iter().flatten().count();
    worked.set("sample-back", without - kept);
    if let Err(GopherReason::Words { words }) = gopher_rules(&cleaned.text.unwrap_or_default()) {
        worked.set("sample-words", words);
    }
    let ad = "Buy two of the pies today and get a third one for free!";
    let page = [ad; 5].join("\n");
    worked.set("ad", ad);
    let lines = c4_clean(&page, &C4Rules::default()).text.unwrap_or_default();
    worked.set("ad-c4", format!("all {}", lines.lines().count()));
    if let Err(reason) = gopher_rules(&page) {
        worked.set("ad-gopher", reason);
    }
}

/// Tinytown's stories among menus and notices.
fn town(worked: &mut Worked) {
    let pages = pages(500);
    worked.set("pages", pages.len());
    worked.set("lines", count(pages.iter().map(|page| page.good.len() as u64).sum()));
    for (name, rules) in stages() {
        let tally = tally(&pages, &rules);
        let name = name.replace(' ', "-");
        worked.set(&format!("precision-{name}"), percent(tally.precision(), 1));
        worked.set(&format!("recall-{name}"), percent(tally.recall(), 1));
        worked.set(&format!("dropped-{name}"), tally.pages_dropped);
    }
    let curly = |page: &&Page| {
        c4_clean(&page.text, &C4Rules::default()).text == Err(PageReason::CurlyBracket)
    };
    worked.set("dropped-curly", pages.iter().filter(curly).count());
    let raw = pages.iter().filter(|page| gopher_rules(&page.text).is_ok()).count();
    worked.set("gopher-raw", percent(raw as f64 / pages.len() as f64, 0));
}

fn mixtures(worked: &mut Worked) -> Outcome {
    let tokens = [600, 100, 20];
    let sources = [0, 1, 2].map(|i| Source { tokens: tokens[i], weight: [6, 3, 1][i] });
    for budget in [300, 900] {
        for (name, (given, tokens)) in ["web", "books", "wiki"]
            .iter()
            .zip(pile_mixture(&sources, 4, budget)?.iter().zip(tokens))
        {
            worked.set(&format!("{name}-{budget}"), given);
            worked.set(&format!("{name}-{budget}-epochs"), short(*given as f64 / tokens as f64, 2));
        }
    }
    worked.set("rest-900", 900 - pile_mixture(&sources, 4, 900)?[2]);
    // The Pile, read once as published and then for longer.
    let sources = pile::sources();
    let size: u64 = sources.iter().map(|source| source.tokens).sum();
    worked.set("pile-size", short(size as f64 / 100.0, 0));
    let published: u64 =
        pile::TABLE.iter().map(|&(_, size, epochs, _)| size * u64::from(epochs)).sum::<u64>() / 10;
    worked.set("pile-read", count(published / 100));
    let wiki = pile::TABLE.iter().position(|row| row.0 == "Wikipedia (en)").unwrap_or(0);
    let share = |part: u64, whole: u64| percent(part as f64 / whole as f64, 1);
    worked.set("wiki-size", share(sources[wiki].tokens, size));
    let given = pile_mixture(&sources, 100, published)?;
    worked.set("wiki-share", share(given[wiki], published));
    // Twice as long, with a cap.
    let given = pile_mixture(&sources, 4, 2 * published)?;
    let full = |(given, source): (&u64, &Source)| *given == 4 * source.tokens;
    worked.set("uncapped", given.iter().zip(&sources).filter(|&pair| !full(pair)).count());
    worked.set("cc-double", short(given[0] as f64 / sources[0].tokens as f64, 2));
    worked.set("pile-double", 2 * (published / 100));
    // And without one.
    let given = pile_mixture(&sources, 100, 2 * published)?;
    for (name, source) in
        [("wiki-double", "Wikipedia (en)"), ("gutenberg-double", "Gutenberg (PG-19)")]
    {
        let at = pile::TABLE.iter().position(|row| row.0 == source).unwrap_or(0);
        worked.set(name, short(given[at] as f64 / sources[at].tokens as f64, 0));
    }
    Ok(())
}
