//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Layers, Plot};
use demo::format::{count, percent};
use review::example::{ORDERS, PROMPT, STORY, TOLD, buddy, by_order};
use review::solution::next_logits;
use review::{Buddy, BuddyError};
use tokenization::fast::Encoder;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    // A figure that is missing fails the build of the page, which names it.
    drawn().unwrap_or_default()
}

fn drawn() -> Result<Vec<Figure>, BuddyError> {
    let by_order = by_order()?;
    let new = by_order.iter().map(|[new, _]| *new);
    let Some((order, bits)) = ORDERS.into_iter().zip(new).min_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Err(BuddyError::NoOrders);
    };
    let mut buddy = buddy()?;
    buddy.ngram.set_order(order)?;
    Ok(vec![parts(&buddy, bits), orders(&by_order, order, bits), window(&buddy, order)])
}

/// From text to loss, part by part.
fn parts(buddy: &Buddy, bits: f64) -> Figure {
    let tokens = Encoder::new(&buddy.bpe).encode(PROMPT);
    let cut: Vec<String> = tokens.iter().map(|&token| spelled(buddy, token)).collect();
    let logits = (0..).zip(next_logits(buddy, &tokens));
    let (next, logit) = logits.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
    let text = format!("“{PROMPT}”: {} bytes", PROMPT.len());
    let cut = format!("{}: {} tokens", cut.join(" | "), tokens.len());
    let vocab = count(buddy.bpe.vocab_size());
    let likeliest =
        format!("likeliest: “{}”, {}", spelled(buddy, next), percent(f64::from(logit).exp()));
    let judged = format!("{bits:.3} bits per byte");
    let layers = Layers::new()
        .boxes(&[("text", &text)])
        .boxes(&[("tokenizer", &cut)])
        .mark(0)
        .boxes(&[("counts", "this Buddy"), ("embeddings, network", "the next")])
        .mark(0)
        .boxes(&[("logits", &format!("{vocab} scores"))])
        .boxes(&[("softmax", &format!("{vocab} probabilities"))])
        .boxes(&[("sampling", &likeliest), ("loss", &judged)]);
    Figure {
        name: "parts",
        caption: "The way of a text. The marked parts of this Buddy learn. In the next one a \
                  network takes the place of the counts, and backpropagation goes back along the \
                  arrows, from the loss to its parameters."
            .into(),
        text: format!(
            "From top to bottom: text, {text}; tokenizer, {cut}; then either counts, as in this \
             Buddy, or embeddings and a network, as in the next; logits, {vocab} scores; softmax, \
             {vocab} probabilities; from there two ways, to sampling, {likeliest}, and to the loss, \
             {judged} of text held out. Buddy learns in the tokenizer and in the counts."
        ),
        drawing: layers.into(),
    }
}

/// Surprise over the order, at text that was read and at text that was not.
fn orders(by_order: &[[f64; 2]], best: usize, bits: f64) -> Figure {
    let points =
        |of: usize| ORDERS.into_iter().zip(by_order).map(move |(n, at)| (n as f64, at[of]));
    let all = |of: usize| points(of).map(|(_, bits)| format!("{bits:.3}")).collect::<Vec<_>>();
    let most = by_order.iter().flatten().fold(0.0, |a: f64, &b| a.max(b));
    let plot = Plot::new(("order", 1.0, 6.0), ("bits per byte", 0.0, most.ceil()))
        .curve("text held out", points(0))
        .curve("training text", points(1))
        .point((best as f64, bits), &format!("best: order {best}"));
    Figure {
        name: "orders",
        caption: "On its own training text a longer memory always wins. On new text it soon helps \
                  no more: what it remembers does not come again."
            .into(),
        text: format!(
            "Two curves of bits per byte over the orders 1 to {}. Text held out: {}; the best is \
             order {best}. Training text: {}.",
            ORDERS.len(),
            all(0).join(", "),
            all(1).join(", "),
        ),
        drawing: plot.into(),
    }
}

/// What Buddy sees of a story when a color is to come.
fn window(buddy: &Buddy, order: usize) -> Figure {
    const A_ROW: usize = 7;
    let mut encoder = Encoder::new(&buddy.bpe);
    let told = encoder.encode(STORY[0].trim_end()).len();
    let color = encoder.encode(&format!(" {}", TOLD[0])).len();
    let tokens = encoder.encode(&format!("{}{}{}", STORY[0], TOLD[0], STORY[1]));
    let names: Vec<String> = tokens.iter().map(|&token| spelled(buddy, token)).collect();
    let seen = names.len().saturating_sub(order - 1);
    let ink = |i: usize| match i {
        _ if i >= seen => Ink::Marked,
        _ if (told..told + color).contains(&i) => Ink::Plain,
        _ => Ink::Quiet,
    };
    let inked: Vec<(&str, Ink)> = names.iter().enumerate().map(|(i, s)| (&**s, ink(i))).collect();
    let mut cells = Cells::new();
    for (row, inked) in inked[..seen].chunks(A_ROW).enumerate() {
        let is_told = (row * A_ROW..(row + 1) * A_ROW).contains(&told);
        cells = cells.row(if is_told { "told" } else { "" }, inked.iter().copied());
    }
    let question = [("?", Ink::Plain)];
    cells = cells.row("seen", inked[seen..].iter().copied().chain(question));
    let (story, context) = (names.concat(), names[seen..].concat());
    Figure {
        name: "window",
        caption: format!(
            "The story in tokens; ␣ is a space. At order {order} Buddy sees the marked ones only. \
             “{}” is long out of sight.",
            TOLD[0],
        ),
        text: format!(
            "The story in tokens: {story}. Of these {} tokens, Buddy sees the last {} when it \
             guesses the next: {context}. The color is token {}.",
            names.len(),
            order - 1,
            told + 1,
        ),
        drawing: cells.into(),
    }
}

/// A token with its spaces to be seen.
fn spelled(buddy: &Buddy, token: u32) -> String {
    buddy.bpe.spelled(token).replace(' ', "␣").replace('\n', "↵")
}
