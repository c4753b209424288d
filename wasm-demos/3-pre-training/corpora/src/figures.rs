//! The figures of the page.

use corpora::solution::{c4_clean, pile_mixture};
use corpora::town::{pages, stages, tally};
use corpora::{C4Rules, pile, sample};
use demo::figure::{Bars, Figure};
use grading::numbers::percent;

use crate::verdicts::{Verdict, drawn, told};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![page(), cleaned(), town()];
    figures.extend(mixture());
    figures
}

/// The page as it comes.
fn page() -> Figure {
    let line = |text: &str| Verdict { text: text.into(), is_kept: false, note: String::new() };
    let lines: Vec<Verdict> = sample::PAGE.lines().map(line).collect();
    let texts: Vec<&str> = sample::PAGE.lines().collect();
    Figure {
        name: "page",
        caption: "A newspaper page once its HTML is gone.".into(),
        text: format!("Eleven lines: {}", texts.join("; ")),
        drawing: drawn(&lines),
    }
}

/// The same page by the rules of C4.
fn cleaned() -> Figure {
    let cleaned = c4_clean(sample::PAGE, &C4Rules::default());
    let verdict = |(line, text): (&Result<String, corpora::LineReason>, &str)| match line {
        Ok(text) => Verdict { text: text.clone(), is_kept: true, note: "kept".into() },
        Err(reason) => Verdict { text: text.into(), is_kept: false, note: reason.to_string() },
    };
    let lines: Vec<Verdict> = cleaned.lines.iter().zip(sample::PAGE.lines()).map(verdict).collect();
    Figure {
        name: "cleaned",
        caption: "The same page by C4's rules for lines: which are kept, and why the others are \
                  dropped."
            .into(),
        text: format!("{}.", told(&lines)),
        drawing: drawn(&lines),
    }
}

/// What each rule adds, on pages of Tinytown.
fn town() -> Figure {
    let pages = pages(500);
    let stages = stages();
    let tallies: Vec<_> = stages.iter().map(|(_, rules)| tally(&pages, rules)).collect();
    let names: Vec<&str> = stages.iter().map(|(name, _)| *name).collect();
    let shown = |share: f64| percent(share, 0);
    let [precision, recall] = [corpora::town::Tally::precision, corpora::town::Tally::recall]
        .map(|of| tallies.iter().map(of).collect::<Vec<f64>>());
    let line = |(at, name): (usize, &&str)| {
        format!("{name}: precision {}, recall {}", shown(precision[at]), shown(recall[at]))
    };
    let lines: Vec<String> = names.iter().enumerate().map(line).collect();
    Figure {
        name: "town",
        caption:
            "500 pages with stories of Tinytown, as rules are added from left to right: of the \
                  lines kept, how many are of a story (precision); of the stories' lines, how many \
                  are kept (recall)."
                .into(),
        text: format!("{}.", lines.join("; ")),
        drawing: Bars::new(&names)
            .series("precision", &precision, shown)
            .series("recall", &recall, shown)
            .into(),
    }
}

/// What the Pile has, and what is read of it.
fn mixture() -> Option<Figure> {
    const NAMES: [(&str, &str); 5] = [
        ("Pile-CC", "Pile-CC"),
        ("PubMed Central", "PubMed C."),
        ("Books3", "Books3"),
        ("GitHub", "GitHub"),
        ("Wikipedia (en)", "Wikipedia"),
    ];
    let sources = pile::sources();
    let size: u64 = sources.iter().map(|source| source.tokens).sum();
    let given = pile_mixture(&sources, 4, size).ok()?;
    let places = NAMES.map(|(name, _)| pile::TABLE.iter().position(|row| row.0 == name));
    let of = |tokens: &dyn Fn(usize) -> u64| {
        places.iter().flatten().map(|&at| tokens(at) as f64 / size as f64).collect::<Vec<f64>>()
    };
    let (has, read) = (of(&|at| sources[at].tokens), of(&|at| given[at]));
    let shown = |share: f64| percent(share, 1);
    let line = |(at, (name, _)): (usize, &(&str, &str))| {
        format!("{name}: {} of the bytes, {} of what is read", shown(has[at]), shown(read[at]))
    };
    let lines: Vec<String> = NAMES.iter().enumerate().map(line).collect();
    Some(Figure {
        name: "mixture",
        caption:
            "Five of the Pile's 22 sources: their share of its bytes, and of what a model reads \
                  at the published weights."
                .into(),
        text: format!("{}.", lines.join("; ")),
        drawing: Bars::new(&NAMES.map(|(_, name)| name))
            .series("has", &has, shown)
            .series("is read", &read, shown)
            .into(),
    })
}
