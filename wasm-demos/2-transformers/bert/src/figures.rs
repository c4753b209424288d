//! The figures of the page.

use bert::Config;
use bert::gap::{EXAMPLE, Pairs, Sides, TRAINING, spelled, split};
use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Layers};
use demo::format::percent;
use grading::numbers::{count, settled};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let base = Config::bert(12, 12, 768);
    #[cfg_attr(target_family = "wasm", expect(unused_mut, reason = "figures are drawn natively"))]
    let mut all = vec![gap(), encoder(&base), tables(), road(), padded()];
    #[cfg(not(target_family = "wasm"))]
    all.extend(crate::trained::learning());
    all
}

/// A hidden word, from one side and from both.
fn gap() -> Figure {
    const SHOWN: usize = 4;
    let pairs = Pairs::tinytown(TRAINING);
    let words = split(EXAMPLE);
    let (left, hidden, right) = (words[1].as_str(), words[2].as_str(), words[3].as_str());
    let mut drawing = Drawing::new(232.0);
    let mut told = Vec::new();
    let mut top = 0.0;
    for (sides, known) in
        [(Sides::Left, format!("… {left} ▢")), (Sides::Both, format!("… {left} ▢ {right} …"))]
    {
        drawing.text((2.0, top + 13.0), Anchor::Start, &known, Ink::Plain);
        let guess = pairs.guess(Some(left), Some(right), sides);
        let most = settled(guess[0].1);
        let mut bars = Vec::new();
        for (i, (word, share)) in guess.iter().take(SHOWN).enumerate() {
            let (y, share) = (top + 20.0 + 22.0 * i as f64, settled(*share));
            let ink = if *word == hidden { Ink::Marked } else { Ink::Quiet };
            let text = if *word == hidden { Ink::Marked } else { Ink::Plain };
            let word = spelled(word);
            drawing.text((86.0, y + 13.0), Anchor::End, word, text);
            drawing.filled((92.0, y + 3.0), (92.0 + 200.0 * (share / most), y + 16.0), ink);
            let shown = percent(share);
            let end = 98.0 + 200.0 * share / most;
            drawing.text((end, y + 13.0), Anchor::Start, &shown, Ink::Plain);
            bars.push(format!("{word} {shown}"));
        }
        told.push(format!("with “{known}”: {}", bars.join(", ")));
        top += 120.0;
    }
    Figure {
        name: "gap",
        caption: "The likeliest words for the gap, by counted pairs in Tinytown's stories: from \
                  the word before it, and from the words on both sides."
            .into(),
        text: format!("Bars, {}.", told.join("; ")),
        drawing,
    }
}

/// All of BERT base, with shapes.
fn encoder(base: &Config) -> Figure {
    const SEQ: usize = 7;
    let Config { num_hidden_layers: blocks, num_attention_heads: heads, .. } = *base;
    let (n, inner) = (base.hidden_size, base.intermediate_size);
    let shape = |last: usize| format!("({SEQ}, {})", count(last as u64));
    let rows = |rows: usize| format!("{} rows", count(rows as u64));
    let per_head = format!("({heads}, {SEQ}, {})", n / heads);
    let layers = Layers::new()
        .boxes(&[("ids", &format!("({SEQ})"))])
        .boxes(&[
            ("word", &rows(base.vocab_size)),
            ("position", &rows(base.max_position_embeddings)),
            ("token_type", &rows(base.type_vocab_size)),
        ])
        .link("sum")
        .boxes(&[("norm", &shape(n))])
        .boxes(&[("query, key, value", &format!("3 × {}", shape(n)))])
        .boxes(&[("attention", &per_head)])
        .mark(0)
        .note("all see all")
        .boxes(&[("heads merged, output", &shape(n))])
        .link("+ what went in")
        .boxes(&[("norm", &shape(n))])
        .boxes(&[("intermediate, GELU", &shape(inner))])
        .mark(0)
        .note("each by itself")
        .boxes(&[("output", &shape(n))])
        .link("+ what went in")
        .boxes(&[("norm", &shape(n))])
        .boxes(&[("the same again", &format!("{blocks} blocks in all"))])
        .note("hidden states");
    Figure {
        name: "encoder",
        caption: format!(
            "BERT base reads {SEQ} tokens: what each part makes, and its shape. Sizes: Devlin and \
             others, 2018."
        ),
        text: format!(
            "From top to bottom: {SEQ} ids; a row of the table word, one of position, one of \
             token_type, {n} numbers each, added; a norm. Then a block: queries, keys and values \
             of {n} numbers; {heads} heads of {} numbers attend, all tokens see all; heads are \
             merged and go through output; what went in is added; a norm. Then intermediate and \
             GELU make {} numbers of each token by itself, output makes {n} again, what went in \
             is added; a norm. {blocks} blocks in all, and what comes out are the hidden states.",
            n / heads,
            count(inner as u64)
        ),
        drawing: layers.into(),
    }
}

/// Three rows for every token.
fn tables() -> Figure {
    let tokens = ["[CLS]", "it", "rains", "[SEP]", "take", "it", "[SEP]"];
    let places: Vec<String> = (0..tokens.len()).map(|place| place.to_string()).collect();
    let first = tokens.iter().position(|&token| token == "[SEP]").unwrap_or(0);
    let types: Vec<&str> = (0..tokens.len()).map(|at| if at > first { "1" } else { "0" }).collect();
    fn row<'a>(cells: &[&'a str], ink: Ink) -> Vec<(&'a str, Ink)> {
        cells.iter().map(|&cell| (cell, ink)).collect()
    }
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    Figure {
        name: "tables",
        caption: "Two texts in one row. Each token gets three vectors, chosen by what stands in \
                  its column, and their sum goes on."
            .into(),
        text: format!(
            "Seven columns. Tokens: {}. Places: 0 to 6. Types: {}.",
            tokens.join(" "),
            types.join(" ")
        ),
        drawing: Cells::new()
            .row("token", row(&tokens, Ink::Plain))
            .row("place", row(&places, Ink::Marked))
            .row("type", row(&types, Ink::Marked))
            .into(),
    }
}

/// The road through a block, and where its norms stand.
fn road() -> Figure {
    let mut drawing = Drawing::new(214.0);
    let mut told = Vec::new();
    for (x, name, is_post) in [(36.0, "GPT-2", false), (222.0, "BERT", true)] {
        drawing.text((x, 12.0), Anchor::Middle, name, Ink::Plain);
        let mut from = 18.0;
        for (y, part) in [(36.0, "attention"), (122.0, "mlp")] {
            let (start, end) = (x + 28.0, x + 132.0);
            let (middle, back) = ((start + end) / 2.0, y + 32.0);
            drawing.arrow((x, y), (start, y), Ink::Plain);
            let label = if is_post { part.to_owned() } else { format!("norm, {part}") };
            drawing.boxed((start, y - 11.0), (end, y + 11.0), 3.0, Ink::Plain);
            drawing.text((middle, y + 4.0), Anchor::Middle, &label, Ink::Plain);
            drawing.line(&[(middle, y + 11.0), (middle, back)], Ink::Plain);
            drawing.arrow((middle, back), (x + 7.0, back), Ink::Plain);
            drawing.line(&[(x, from), (x, back - 7.0)], Ink::Marked);
            drawing.circle((x, back), 7.0, Ink::Marked);
            drawing.text((x, back + 4.0), Anchor::Middle, "+", Ink::Plain);
            from = back + 7.0;
            if is_post {
                drawing.line(&[(x, from), (x, from + 6.0)], Ink::Marked);
                from += 6.0;
                drawing.boxed((x - 22.0, from), (x + 22.0, from + 20.0), 3.0, Ink::Marked);
                drawing.text((x, from + 14.0), Anchor::Middle, "norm", Ink::Marked);
                from += 20.0;
            }
        }
        drawing.arrow((x, from), (x, 210.0), Ink::Marked);
        let place = if is_post { "on the road, after each sum" } else { "on the exits" };
        told.push(format!("in {name} the norms stand {place}"));
    }
    Figure {
        name: "road",
        caption: "A block of each; mlp is the feed-forward network. GPT-2's norms stand on the \
                  exits, BERT's on the road, so everything passes through them."
            .into(),
        text: format!("Two roads with two exits each: {}.", told.join("; ")),
        drawing,
    }
}

/// Two texts in one batch.
fn padded() -> Figure {
    let texts: [&[&str]; 2] =
        [&["[CLS]", "it", "rains", "again", "[SEP]"], &["[CLS]", "yes", "[SEP]"]];
    let longest = texts[0].len();
    let mut cells = Cells::new();
    for text in texts {
        let words: Vec<(&str, Ink)> = (0..longest)
            .map(|at| text.get(at).map_or(("[PAD]", Ink::Quiet), |&word| (word, Ink::Plain)))
            .collect();
        let mask: Vec<(&str, Ink)> = (0..longest)
            .map(|at| if at < text.len() { ("1", Ink::Marked) } else { ("0", Ink::Quiet) })
            .collect();
        cells = cells.add(("", Ink::Quiet), words, true).add(("is_token", Ink::Quiet), mask, false);
    }
    Figure {
        name: "padded",
        caption: "Two texts in one batch, and which places hold a token.".into(),
        text: "Five places. The first text fills all: 1, 1, 1, 1, 1. The second has three tokens, \
               then padding: 1, 1, 1, 0, 0."
            .into(),
        drawing: cells.into(),
    }
}
