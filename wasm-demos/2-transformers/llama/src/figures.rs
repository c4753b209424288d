//! The figures of the page.

use demo::figure::{Cells, Figure, Ink, Layers};
use llama::Exchanges;

use crate::picture;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![parts(), two_blocks(), distances()]
}

/// The step as one machine: where each lesson is.
fn parts() -> Figure {
    let layers = Layers::new()
        .boxes(&[("embeddings", "ids become vectors")])
        .boxes(&[("norm", "normalization")])
        .note("each by itself")
        .boxes(&[("q, k, v", "matrix multiplication")])
        .boxes(&[("turn q and k", "positions")])
        .boxes(&[("keys, values", "KV cache")])
        .boxes(&[("attention", "heads, flash")])
        .mark(0)
        .note("all together")
        .link("+ what went in")
        .boxes(&[("norm, feed-forward", "activations")])
        .mark(0)
        .note("each by itself")
        .link("+ what went in")
        .boxes(&[("the same again", "block by block")])
        .boxes(&[
            ("causal", "GPT, PaLM"),
            ("both sides", "BERT, XLNet"),
            ("both stacks", "T5, BART"),
        ])
        .boxes(&[("what it costs", "counting")]);
    Figure {
        name: "parts",
        caption: "The step as one machine, from ids to the three families. Under each name is the \
                  lesson, or the models, that it belongs to."
            .into(),
        text: "From top to bottom: embeddings; a norm; queries, keys and values, products of \
               matrices; queries and keys are turned by their positions; keys and values go into a \
               cache; attention in heads, computed as flash attention, all tokens together, and \
               what went in is added; a norm and a feed-forward network with its activation, \
               each token by itself, and what went in is added; the same again, block by block. \
               Then three ways: with a causal mask GPT and PaLM; with both sides BERT, RoBERTa and \
               XLNet; with both stacks T5 and BART. At the end, what it costs: counting."
            .into(),
        drawing: layers.into(),
    }
}

/// GPT's block and Llama's.
fn two_blocks() -> Figure {
    Figure {
        name: "two-blocks",
        caption:
            "GPT's block beside Llama's. At the left of each is the residual stream; in color \
                  what is exchanged."
                .into(),
        text: format!(
            "Two blocks. GPT. {}. Llama. {}. Exchanged are the norms, what turns queries and keys, \
             the shared keys and values, and the gate of the feed-forward network.",
            picture::told(Exchanges::NONE),
            picture::told(Exchanges::ALL)
        ),
        drawing: picture::draw(&[("GPT", Exchanges::NONE), ("Llama", Exchanges::ALL)]),
    }
}

/// A prompt with padding after it, and the token that is written next.
fn distances() -> Figure {
    let row = |cells: [(&'static str, Ink); 5]| cells;
    let (token, padding, new) = (Ink::Plain, Ink::Quiet, Ink::Marked);
    let cells = Cells::new()
        .add(
            ("text", Ink::Quiet),
            row([("Go", token), ("on", token), ("pad", padding), ("pad", padding), ("then", new)]),
            true,
        )
        .add(
            ("place", Ink::Quiet),
            row([("0", token), ("1", token), ("2", padding), ("3", padding), ("4", new)]),
            false,
        )
        .add(
            ("position", Ink::Quiet),
            row([("0", token), ("1", token), ("–", padding), ("–", padding), ("2", new)]),
            false,
        );
    Figure {
        name: "distances",
        caption: "A short text in a batch was filled up on the right; then a token was written. \
                  By places it is three away from “on”, by positions one."
            .into(),
        text: "Five places: Go at 0, on at 1, padding at 2 and 3, the new token “then” at 4. The \
               positions of the tokens are 0, 1 and 2; padding has none."
            .into(),
        drawing: cells.into(),
    }
}
