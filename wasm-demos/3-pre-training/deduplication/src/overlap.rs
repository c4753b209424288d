//! What two texts share: their triples side by side, or a bar of three parts.

use deduplication::fingerprint;
use demo::figure::{Anchor, Drawing, Ink, WIDTH};

/// Words of a text, each with the text between it and the word before.
pub fn words(text: &str) -> Vec<(String, String)> {
    let (mut words, mut gap, mut word) = (Vec::new(), String::new(), String::new());
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            if !word.is_empty() {
                words.push((std::mem::take(&mut gap), std::mem::take(&mut word)));
            }
            gap.push(c);
        }
    }
    words
}

/// The runs of `n` words of a text, in their order, as text and as numbers.
pub fn runs(text: &str, n: usize) -> Vec<(String, u64)> {
    let words: Vec<String> =
        words(&text.to_lowercase()).into_iter().map(|(_, word)| word).collect();
    let n = n.min(words.len()).max(1);
    words.windows(n).map(|run| run.join(" ")).map(|run| (run.clone(), fingerprint(&run))).collect()
}

/// Two sets as boxes that overlap, with what is in each part.
pub fn boxes(names: [&str; 2], [a, both, b]: [&[String]; 3]) -> Drawing {
    const LINE: f64 = 17.0;
    let rows = a.len().max(both.len()).max(b.len()).max(1);
    let bottom = 24.0 + LINE * rows as f64 + 8.0;
    let mut drawing = Drawing::new(bottom + 2.0);
    let thirds = [0.0, WIDTH * 0.325, WIDTH * 0.675, WIDTH];
    drawing.boxed((1.0, 18.0), (thirds[2], bottom), 6.0, Ink::Curve(0));
    drawing.boxed((thirds[1], 20.0), (WIDTH - 1.0, bottom), 6.0, Ink::Curve(1));
    drawing.text((4.0, 12.0), Anchor::Start, names[0], Ink::Plain);
    drawing.text((WIDTH - 4.0, 12.0), Anchor::End, names[1], Ink::Plain);
    for (part, texts) in [a, both, b].into_iter().enumerate() {
        let middle = (thirds[part] + thirds[part + 1]) / 2.0;
        for (row, text) in texts.iter().enumerate() {
            let at = (middle, 36.0 + LINE * row as f64);
            drawing.text(at, Anchor::Middle, text, Ink::Plain);
        }
    }
    drawing
}

/// How many are in one, in both, in the other, as a bar of three parts.
pub fn bar([a, both, b]: [usize; 3]) -> Drawing {
    let all = (a + both + b).max(1) as f64;
    let mut drawing = Drawing::new(46.0);
    let mut left = 1.0;
    for (name, count, ink) in
        [("only A", a, Ink::Curve(0)), ("both", both, Ink::Curve(1)), ("only B", b, Ink::Curve(2))]
    {
        let right = left + (WIDTH - 2.0) * count as f64 / all;
        if count > 0 {
            drawing.filled((left, 2.0), ((right - 1.0).max(left + 0.5), 22.0), ink);
        }
        let (at, anchor) = match name {
            "only A" => (2.0, Anchor::Start),
            "both" => (WIDTH / 2.0, Anchor::Middle),
            _ => (WIDTH - 2.0, Anchor::End),
        };
        drawing.text((at, 39.0), anchor, &format!("{name}: {count}"), Ink::Plain);
        left = right;
    }
    drawing
}
