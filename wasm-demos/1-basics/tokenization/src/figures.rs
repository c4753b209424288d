//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Plot, Tree};
use tokenization::example::{CHARACTERS, MERGES, TEXT};
use tokenization::solution::{bpe_train, encode};
use tokenization::{
    BYTE_TOKENS, BpeError, PROSE, SAMPLE_VOCAB_SIZE, byte_id, pretokenize, sample_vocab,
};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [merge_tree(), Ok(bytes()), bytes_per_token()];
    figures.into_iter().flatten().collect()
}

/// The merges that the page makes by hand, over the letters of their text.
fn merge_tree() -> Result<Figure, BpeError> {
    let bpe = bpe_train(TEXT, BYTE_TOKENS + MERGES, &[])?;
    let visible = |id: u32| bpe.spelled(id).replace(' ', "␣");
    let letters: Vec<String> = TEXT.bytes().map(|byte| visible(byte_id(byte))).collect();
    let mut tree = Tree::new(&letters.iter().map(String::as_str).collect::<Vec<_>>());
    // Of each word the tokens left, each with its node.
    let mut nodes = 0..;
    let mut words: Vec<Vec<(u32, usize)>> = pretokenize(TEXT)
        .map(|word| word.bytes().map(byte_id).zip(nodes.by_ref()).collect())
        .collect();
    let mut told = Vec::new();
    for (id, &(left, right)) in (BYTE_TOKENS as u32..).zip(bpe.merges()) {
        let merge = told.len() + 1;
        let mut places = 0;
        for word in &mut words {
            let mut at = 0;
            while at + 1 < word.len() {
                let [(a, first), (b, second)] = [word[at], word[at + 1]];
                if (a, b) == (left, right) {
                    let node = tree.join(&[first, second], &visible(id), &merge.to_string());
                    word.splice(at..at + 2, [(id, node)]);
                    places += 1;
                }
                at += 1;
            }
        }
        let [left, right, joined] = [left, right, id].map(visible);
        told.push(format!(
            "merge {merge} joins “{left}” and “{right}” to “{joined}” in {places} places"
        ));
    }
    let left: usize = words.iter().map(Vec::len).sum();
    Ok(Figure {
        name: "merge-tree",
        caption: format!(
            "New signs, numbered in the order in which they were made: {} signs become {left}. \
             (␣ is a space.)",
            letters.len()
        ),
        text: format!(
            "Trees over the {} letters and spaces of “{TEXT}”: {}. {left} signs are left.",
            letters.len(),
            told.join("; ")
        ),
        drawing: tree.into(),
    })
}

/// Characters as bytes.
fn bytes() -> Figure {
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (_, text) in [("e", "e")].into_iter().chain(CHARACTERS) {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        let ink = |byte: u8| if byte.is_ascii() { Ink::Plain } else { Ink::Marked };
        let row = bytes.iter().zip(text.bytes()).map(|(shown, byte)| (shown.as_str(), ink(byte)));
        cells = cells.row(text, row);
        let what = match text.chars().count() {
            1 => text.to_owned(),
            n => format!("{text}, written as {n} characters,"),
        };
        told.push(format!("{what} is {}", bytes.join(" ")));
    }
    Figure {
        name: "bytes",
        caption: "Characters as bytes of UTF-8. A byte in color is only a part of its character."
            .into(),
        text: format!("Bytes of characters, in hexadecimal: {}.", told.join("; ")),
        drawing: cells.into(),
    }
}

/// How much of its training text a token of the demo's vocabulary holds, by the vocabulary's size.
fn bytes_per_token() -> Result<Figure, BpeError> {
    let mut points = Vec::new();
    for size in (BYTE_TOKENS..=SAMPLE_VOCAB_SIZE).step_by(64) {
        let tokens = encode(&sample_vocab(size)?, PROSE).len();
        points.push((size as f64, PROSE.len() as f64 / tokens as f64));
    }
    let doubled = |&(size, _): &(f64, f64)| (size as usize).is_power_of_two();
    let named: Vec<(f64, f64)> = points.iter().copied().filter(doubled).collect();
    let shown = |(size, ratio): (f64, f64)| (format!("{ratio:.2}"), format!("{size}"));
    let most = points.iter().map(|point| point.1).fold(1.0, f64::max).ceil();
    let told: Vec<String> = named
        .iter()
        .map(|&point| shown(point))
        .map(|(ratio, size)| format!("{ratio} with {size} tokens"))
        .collect();
    let mut plot = Plot::new(
        ("tokens in the vocabulary", BYTE_TOKENS as f64, SAMPLE_VOCAB_SIZE as f64),
        ("bytes per token", 1.0, most),
    )
    .curve("", points);
    // The first one is the bytes themselves.
    for &point in named.iter().skip(1) {
        let (ratio, size) = shown(point);
        plot = plot.point(point, &format!("{size}: {ratio}"));
    }
    Ok(Figure {
        name: "bytes-per-token",
        caption: "The first merges lengthen the tokens fast, later ones slowly.".into(),
        text: format!(
            "A curve that rises ever more slowly: bytes per token are {}.",
            told.join(", ")
        ),
        drawing: plot.into(),
    })
}
