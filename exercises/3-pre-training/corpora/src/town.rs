//! Tinytown's stories as pages of the web: with menus, notices and code around them. Which lines are
//! of the story is known, so what a rule gets right can be counted.

use grading::random::seeded;
use rand::RngExt;
use tinytown::World;

use crate::solution::c4_clean;
use crate::{C4Page, C4Rules};

/// A page of which is known what is good.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its lines, joined.
    pub text: String,
    /// Whether each line is of the story.
    pub good: Vec<bool>,
}

/// Lines around a story, some of which no rule of C4 knows.
const DIRT: [&str; 14] = [
    "Home | News | Recipes | Contact",
    "Log in",
    "Share   Print",
    "The Tinytown Gazette since 1904",
    "More from our reporters",
    "This site uses cookies. Click to accept.",
    "By reading on you accept our terms of use and our privacy policy.",
    "Please enable JavaScript to see the comments.",
    "Read on: ten mills of the north...",
    "Thank you!",
    "Sign up now.",
    "Did you like this?",
    "Buy two pies today and get a third one for free!",
    "Follow us for more stories from the whole town.",
];
/// Lines of the story that a rule takes for dirt.
const GOOD: [&str; 6] = [
    "It rained.",
    "Nobody knew why.",
    "She laughed!",
    "\"Why not?\"",
    "On the market the baker uses cookies to pay for eggs.",
    "And then they waited, and waited...",
];
/// On one page in ten each, one of these.
const SPOILERS: [&str; 2] =
    ["<script> function show() { return 1; } </script>", "Lorem ipsum dolor sit amet."];

/// The first pages. The same each time.
pub fn pages(count: usize) -> Vec<Page> {
    let world = World::new(1);
    let mut rng = seeded(7);
    let page = |story: tinytown::Story| {
        let mut lines: Vec<(String, bool)> = Vec::new();
        let mut dirt = |lines: &mut Vec<(String, bool)>, most: usize| {
            for _ in 0..rng.random_range(0..=most) {
                lines.push((DIRT[rng.random_range(0..DIRT.len())].into(), false));
            }
            rng.random_range(0..20)
        };
        dirt(&mut lines, 5);
        for sentence in story.text.split_inclusive(". ") {
            lines.push((sentence.trim().into(), true));
            if let Some(line) =
                GOOD.get(dirt(&mut lines, 1)).filter(|_| lines.len().is_multiple_of(3))
            {
                lines.push(((*line).into(), true));
            }
        }
        if let Some(line) = SPOILERS.get(dirt(&mut lines, 5) / 2) {
            lines.push(((*line).into(), false));
        }
        let (text, good): (Vec<String>, Vec<bool>) = lines.into_iter().unzip();
        Page { text: text.join("\n"), good }
    };
    world.stories(0).take(count).map(page).collect()
}

/// Lines counted: which are kept, which are good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Good and kept.
    pub good_kept: usize,
    /// Good, but dropped.
    pub good_dropped: usize,
    /// Kept, but not good.
    pub bad_kept: usize,
    /// Dropped, and not good.
    pub bad_dropped: usize,
    /// Pages dropped as a whole.
    pub pages_dropped: usize,
}

impl Tally {
    /// Of the lines kept, the share that is good.
    pub fn precision(&self) -> f64 {
        self.good_kept as f64 / (self.good_kept + self.bad_kept) as f64
    }

    /// Of the good lines, the share that is kept.
    pub fn recall(&self) -> f64 {
        self.good_kept as f64 / (self.good_kept + self.good_dropped) as f64
    }
}

/// What these rules make of the pages.
pub fn tally(pages: &[Page], rules: &C4Rules) -> Tally {
    let mut tally = Tally::default();
    for page in pages {
        let C4Page { lines, text } = c4_clean(&page.text, rules);
        tally.pages_dropped += usize::from(text.is_err());
        for (line, good) in lines.iter().zip(&page.good) {
            match (line.is_ok() && text.is_ok(), good) {
                (true, true) => tally.good_kept += 1,
                (false, true) => tally.good_dropped += 1,
                (true, false) => tally.bad_kept += 1,
                (false, false) => tally.bad_dropped += 1,
            }
        }
    }
    tally
}

/// C4's rules, one after the other: what is added, and all up to it.
pub fn stages() -> [(&'static str, C4Rules); 5] {
    let none = C4Rules::none();
    let ends = C4Rules { citations: true, end_marks: true, ..none.clone() };
    let words = C4Rules { min_words: 5, ..ends.clone() };
    let notices = C4Rules { javascript: true, policies: true, ..words.clone() };
    [
        ("no rule", none),
        ("end mark", ends),
        ("5 words", words),
        ("notices", notices),
        ("pages", C4Rules::default()),
    ]
}
