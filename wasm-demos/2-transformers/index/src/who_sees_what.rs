//! One sentence through the three families: which token may look at which.

use demo::control::{Slider, Text, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};

use crate::family::{Family, Tokens};

/// More words would not fit into a grid on a phone.
const MOST: usize = 10;
/// Letters of a word.
const LONGEST: usize = 14;

const INPUT: Text = Text::new("input", "A sentence", "the keys on the table are old", 400);
const OUTPUT: Text =
    Text::new("output", "Its translation, as far as it is written", "die Schlüssel auf", 400);
const PLACE: Slider = Slider {
    name: "place",
    label: "The word that looks",
    default: 2.0,
    min: 1.0,
    max: MOST as f64,
    step: 1.0,
};

pub fn demo() -> Demo {
    Demo {
        name: "who-sees-what",
        title: "Who sees what",
        lesson: "transformers-index",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![INPUT.control(), OUTPUT.control(), PLACE.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (input, is_cut) = words(&cx.get(&INPUT)?);
    let (output, is_cut_too) = words(&cx.get(&OUTPUT)?);
    if input.is_empty() {
        return Err(DemoError::input(INPUT.name, "There are no words yet: type some."));
    }
    let (input, output): (Vec<&str>, Vec<&str>) = (borrowed(&input), borrowed(&output));
    let tokens = Tokens { input: &input, output: &output };
    let place = cx.get(&PLACE)? as usize - 1;
    // A slider that points behind the last word points at the last.
    let at = place.min(input.len() - 1);

    let mut views = Vec::new();
    let mut rows = Vec::new();
    for family in Family::ALL {
        let its = family.tokens(&tokens);
        let looking = if family == Family::EncoderDecoder && !output.is_empty() {
            input.len() + place.min(output.len() - 1)
        } else {
            at
        };
        let seen = seen(family, &its, looking);
        let word = its.all()[looking];
        let pairs = family.pairs(&tokens);
        rows.push(vec![
            Cell::from(family.name()),
            Cell::from(format!("“{word}” sees: {seen}")),
            Cell::Number(pairs.to_string()),
        ]);
        let text = format!(
            "A row for each word that looks, a column for each that is looked at. {}",
            alternative(family, &its)
        );
        views.push(View::drawing(title(family), text, family.grid(&tokens, looking)));
    }
    let columns = ["Family", "What the word sees", "Pairs"];
    let label = "What one word sees".into();
    views.push(View::Table { label, columns: columns.map(String::from).into(), rows });
    if is_cut || is_cut_too {
        let note =
            format!("Shown are the first {MOST} words of a text, and {LONGEST} letters of a word.");
        views.push(View::Prose(vec![note]));
    }
    let summary = format!(
        "“{}”, word {} of {}, sees {} in an encoder and {} in a decoder.",
        input[at],
        at + 1,
        input.len(),
        counted(input.len(), "word"),
        at + 1
    );
    cx.show(summary, &views);
    Ok(())
}

/// The first words of a text, and whether anything is left out.
fn words(text: &str) -> (Vec<String>, bool) {
    let shorten = |word: &str| match word.chars().count() > LONGEST {
        true => word.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => word.to_owned(),
    };
    let shown: Vec<String> = text.split_whitespace().take(MOST).map(shorten).collect();
    let is_cut = !text.split_whitespace().eq(shown.iter());
    (shown, is_cut)
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn title(family: Family) -> &'static str {
    match family {
        Family::Encoder => "Encoder-only: each word sees all words",
        Family::Decoder => "Decoder-only: each word sees itself and those before it",
        Family::EncoderDecoder => {
            "Encoder-decoder: the input sees itself; the output sees the input, and itself so far"
        }
    }
}

/// The words that one of them sees.
fn seen(family: Family, tokens: &Tokens, from: usize) -> String {
    let all = tokens.all();
    let sees = |&(to, _): &(usize, &&str)| family.sees(tokens.input.len(), from, to);
    let words: Vec<&str> = all.iter().enumerate().filter(sees).map(|(_, &word)| word).collect();
    words.join(" ")
}

/// The grid in words.
fn alternative(family: Family, tokens: &Tokens) -> String {
    let all = tokens.all();
    let row = |from: usize| format!("{} sees {}.", all[from], seen(family, tokens, from));
    (0..all.len()).map(row).collect::<Vec<_>>().join(" ")
}
