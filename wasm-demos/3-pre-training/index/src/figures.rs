//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Layers};
use tinytown::World;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [questions(), Some(step())].into_iter().flatten().collect()
}

/// A sentence of Tinytown's stories that is short enough for a phone.
fn sentence() -> Option<Vec<String>> {
    let story = |story: tinytown::Story| story.text;
    World::new(1).stories(0).map(story).take(200).find_map(|text| {
        let first = text.split_inclusive('.').next()?.trim().trim_end_matches('.').to_owned();
        let words: Vec<String> = first.split(' ').map(str::to_owned).collect();
        ((6..=7).contains(&words.len()) && first.len() <= 34).then_some(words)
    })
}

/// One sentence, three questions.
fn questions() -> Option<Figure> {
    let words = sentence()?;
    let n = words.len();
    let (hole, spans) = (n / 2, [1, n - 2]);
    let word = |at: usize| words[at].as_str();
    let gap = ("▢", Ink::Marked);
    let plain = |at: usize| (word(at), Ink::Plain);
    let causal: Vec<(&str, Ink)> = (0..hole).map(plain).chain([gap]).collect();
    let masked: Vec<(&str, Ink)> =
        (0..n).map(|at| if at == hole { gap } else { plain(at) }).collect();
    let in_span = |at: usize| (spans[1]..n).contains(&at);
    let mut spanned = Vec::new();
    for at in 0..n {
        match at {
            at if at == spans[0] => spanned.push(("<0>", Ink::Marked)),
            at if at == spans[1] => spanned.push(("<1>", Ink::Marked)),
            at if in_span(at) => {}
            at => spanned.push(plain(at)),
        }
    }
    let mut target = vec![("<0>", Ink::Marked), plain(spans[0]), ("<1>", Ink::Marked)];
    target.extend((spans[1]..n).map(plain));
    let told = |row: &[(&str, Ink)]| -> String {
        row.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(" ")
    };
    let text = format!(
        "What comes next, after “{}”? {}. What is hidden in “{}”? {}. What is missing in “{}”? {}.",
        told(&causal),
        word(hole),
        told(&masked),
        word(hole),
        told(&spanned),
        told(&target)
    );
    let answer = [(word(hole), Ink::Plain)];
    Some(Figure {
        name: "questions",
        caption:
            "A sentence of Tinytown, and how the three families of step 2 are asked: what comes \
                  next, what is hidden, what is missing in each gap. Nobody wrote an answer: the \
                  sentence has it."
                .into(),
        text,
        drawing: Cells::new()
            .rule("decoder: what comes next?")
            .row("read", causal)
            .row("say", answer)
            .rule("encoder: what is hidden?")
            .row("read", masked)
            .row("say", answer)
            .rule("encoder-decoder: what is missing?")
            .row("read", spanned)
            .row("say", target)
            .into(),
    })
}

/// What one step of training does.
fn step() -> Figure {
    let parts = [
        ("corpus", "cleaned text, no doubles"),
        ("objective", "questions and answers"),
        ("batch", "rows of one length"),
        ("model", "its guesses, as logits"),
        ("loss", "one number: how wrong"),
        ("gradient", "a slope for each weight"),
        ("optimizer", "all weights move a little"),
    ];
    let mut layers = Layers::new();
    for (at, part) in parts.iter().enumerate() {
        layers = layers.boxes(&[*part]);
        // What steps 1 and 2 have built already.
        if [3, 4, 5].contains(&at) {
            layers = layers.mark(0);
        }
    }
    let told: Vec<String> = parts.iter().map(|(name, what)| format!("{name}: {what}")).collect();
    Figure {
        name: "step",
        caption:
            "One step of training, again and again. The tinted parts you have built already: the \
                  others are the lessons of this step."
                .into(),
        text: format!("From top to bottom. {}.", told.join("; ")),
        drawing: layers.into(),
    }
}
