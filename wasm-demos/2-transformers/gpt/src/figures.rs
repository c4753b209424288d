//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Layers};
use gpt::solution::parameters;
use gpt::{Config, published};
use grading::numbers::{count, percent};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let small = &published()[1].config;
    vec![road(small), machine(small), three(), padded(), places(small)]
}

/// Where the road is, and where its exits end.
const ROAD: f64 = 66.0;
const NORM: f64 = 112.0;
const PART: f64 = 182.0;
const END: f64 = 322.0;

/// The residual stream of one token.
fn road(small: &Config) -> Figure {
    let mut drawing = Drawing::new(286.0);
    drawing.text(
        (ROAD + 12.0, 14.0),
        Anchor::Start,
        "a token's vector, its position added",
        Ink::Plain,
    );
    drawing.arrow((ROAD, 4.0), (ROAD, 214.0), Ink::Marked);
    for (y, part, detail) in [
        (44.0, "attention", "takes from other tokens"),
        (114.0, "feed-forward network", "works on this token alone"),
    ] {
        drawing.arrow((ROAD, y), (NORM, y), Ink::Plain);
        drawing.boxed((NORM, y - 11.0), (NORM + 46.0, y + 11.0), 3.0, Ink::Plain);
        drawing.text((NORM + 23.0, y + 4.0), Anchor::Middle, "norm", Ink::Plain);
        drawing.arrow((NORM + 46.0, y), (PART, y), Ink::Plain);
        drawing.boxed((PART, y - 11.0), (END, y + 11.0), 3.0, Ink::Marked);
        drawing.text(((PART + END) / 2.0, y + 4.0), Anchor::Middle, part, Ink::Plain);
        let back = y + 36.0;
        let x = (PART + END) / 2.0;
        drawing.line(&[(x, y + 11.0), (x, back)], Ink::Plain);
        drawing.arrow((x, back), (ROAD + 7.0, back), Ink::Plain);
        drawing.text((x - 6.0, back - 6.0), Anchor::End, detail, Ink::Quiet);
        drawing.circle((ROAD, back), 7.0, Ink::Marked);
        drawing.text((ROAD, back + 4.0), Anchor::Middle, "+", Ink::Plain);
    }
    drawing.text((ROAD - 14.0, 82.0), Anchor::End, "block 1", Ink::Plain);
    let again = format!("… and {} blocks more, each with two exits", small.n_layer - 1);
    drawing.text((ROAD + 12.0, 186.0), Anchor::Start, &again, Ink::Plain);
    drawing.boxed((ROAD - 23.0, 214.0), (ROAD + 23.0, 236.0), 3.0, Ink::Plain);
    drawing.text((ROAD, 229.0), Anchor::Middle, "norm", Ink::Plain);
    drawing.arrow((ROAD, 236.0), (ROAD, 258.0), Ink::Plain);
    drawing.boxed((ROAD - 23.0, 258.0), (ROAD + 23.0, 280.0), 3.0, Ink::Plain);
    drawing.text((ROAD, 273.0), Anchor::Middle, "logits", Ink::Plain);
    drawing.text((ROAD + 34.0, 273.0), Anchor::Start, "for the next token", Ink::Quiet);
    Figure {
        name: "road",
        caption: format!(
            "The residual stream of one token, in color, through the {} blocks of GPT-2 small. \
             What an exit brings back is added; nothing on the road is replaced.",
            small.n_layer
        ),
        text: format!(
            "A road leads down from a token's vector to the logits. In each of {} blocks it has \
             two exits. The first leads through a norm to attention, which takes from other \
             tokens, and back to the road, where its result is added. The second leads through a \
             norm to a feed-forward network, which works on this token alone, and back in the same \
             way. Only behind the last block a norm stands on the road itself.",
            small.n_layer
        ),
        drawing,
    }
}

/// All of GPT-2 small, with shapes.
fn machine(small: &Config) -> Figure {
    const SEQ: usize = 5;
    let Config { n_layer, n_head, n_embd, n_positions, vocab_size, .. } = *small;
    let shape = |last: usize| format!("({SEQ}, {})", count(last as u64));
    let table = |rows: usize| format!("{} rows of {n_embd}", count(rows as u64));
    let heads = format!("({n_head}, {SEQ}, {})", n_embd / n_head);
    let layers = Layers::new()
        .boxes(&[("ids", &format!("({SEQ})"))])
        .boxes(&[("wte", &table(vocab_size)), ("wpe", &table(n_positions))])
        .link("sum")
        .boxes(&[("norm, c_attn", &shape(3 * n_embd))])
        .note("q, k, v")
        .boxes(&[("attention", &heads)])
        .mark(0)
        .note("all together")
        .boxes(&[("heads merged, c_proj", &shape(n_embd))])
        .link("+ what went in")
        .boxes(&[("norm, c_fc, GELU", &shape(small.inner()))])
        .mark(0)
        .note("each by itself")
        .boxes(&[("c_proj", &shape(n_embd))])
        .link("+ what went in")
        .boxes(&[("the same again", &format!("{n_layer} blocks in all"))])
        .boxes(&[("norm, then wte again", &shape(vocab_size))])
        .note("logits");
    Figure {
        name: "machine",
        caption: format!(
            "GPT-2 small reads {SEQ} tokens: what each part makes, and its shape. Sizes: Radford \
             and others, 2019."
        ),
        text: format!(
            "From top to bottom: {SEQ} ids; a row of wte, a table of {} rows, and one of wpe, of \
             {}, {n_embd} numbers each, added. Then a block: a norm and c_attn make {} numbers a \
             token, queries, keys and values; {n_head} heads of {} numbers attend, all tokens \
             together; heads are merged, c_proj makes {n_embd} numbers, and what went in is added; \
             a norm, c_fc and GELU make {} numbers of each token by itself, c_proj {n_embd} again, \
             and what went in is added. {n_layer} blocks in all. Then a norm, and the product with \
             wte: {} logits a token.",
            count(vocab_size as u64),
            count(n_positions as u64),
            count(3 * n_embd as u64),
            n_embd / n_head,
            count(small.inner() as u64),
            count(vocab_size as u64)
        ),
        drawing: layers.into(),
    }
}

/// How queries, keys and values lie behind each other.
fn three() -> Figure {
    let cells = |part: &'static str, marked: bool| {
        let ink = if marked { Ink::Marked } else { Ink::Plain };
        [1, 1, 2, 2].map(|head| (format!("{part}{head}"), ink))
    };
    let all = [cells("q", true), cells("k", false), cells("v", true)].concat();
    let numbers: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    let row = all.iter().map(|(text, ink)| (text.as_str(), *ink));
    Figure {
        name: "three",
        caption: "What c_attn makes of one token if n_embd is 4 and there are two heads: q1 are \
                  numbers of the first head's query."
            .into(),
        text:
            "Twelve numbers: 0 and 1 are the query of head 1, 2 and 3 that of head 2; 4 to 7 are \
               the keys in the same way, 8 to 11 the values."
                .into(),
        drawing: Cells::new().head(numbers.iter().map(String::as_str)).row("", row).into(),
    }
}

/// Three texts in one batch, and the positions of their tokens.
fn padded() -> Figure {
    let texts: [&[&str]; 3] = [&["We", "saw", "it"], &["Go"], &["No", "light"]];
    let longest = 3;
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for text in texts {
        let padding = longest - text.len();
        let words = (0..padding).map(|_| ("pad", Ink::Quiet));
        let words: Vec<_> = words.chain(text.iter().map(|&word| (word, Ink::Plain))).collect();
        let places: Vec<String> = (0..longest)
            .map(|place| place.checked_sub(padding).map_or("–".into(), |p| p.to_string()))
            .collect();
        cells = cells.add(("", Ink::Quiet), words, true).add(
            ("position", Ink::Quiet),
            places.iter().map(|place| (place.as_str(), Ink::Marked)),
            false,
        );
        told.push(format!("{} has {padding} of padding before it", text.join(" ")));
    }
    Figure {
        name: "padded",
        caption:
            "Three texts in one batch, filled up on the left. A position counts tokens, so each \
                  text starts at 0."
                .into(),
        text: format!(
            "Three rows of three places: {}. In each, the first token is at position 0.",
            told.join("; ")
        ),
        drawing: cells.into(),
    }
}

/// Parameters by part.
fn places(small: &Config) -> Figure {
    let parameters = parameters(small);
    let total = parameters.total() as f64;
    let most = parameters.parts().iter().map(|(_, n)| *n).max().unwrap_or(1) as f64;
    let mut drawing = Drawing::new(5.0 * 36.0);
    let mut told = Vec::new();
    for (i, (name, n)) in parameters.parts().into_iter().enumerate() {
        let y = i as f64 * 36.0;
        let share = n as f64 / total;
        let share = percent(share, if share < 0.001 { 2 } else { 1 });
        drawing.text((2.0, y + 12.0), Anchor::Start, name, Ink::Plain);
        let number = format!("{}, {share}", count(n));
        drawing.text((358.0, y + 12.0), Anchor::End, &number, Ink::Plain);
        let end = 2.0 + 356.0 * (n as f64 / most).max(0.003);
        drawing.filled((2.0, y + 17.0), (end, y + 28.0), Ink::Marked);
        told.push(format!("{name} {number}"));
    }
    Figure {
        name: "places",
        caption: format!("The {} parameters of GPT-2 small.", count(parameters.total())),
        text: format!("Bars: {}.", told.join("; ")),
        drawing,
    }
}
