//! The figure of the page.

use demo::figure::{Figure, Layers};

/// The base model of Vaswani and others, 2017, table 3: layers, width, inner width, heads.
const LAYERS: usize = 6;
const D_MODEL: usize = 512;
const D_FF: usize = 2048;
const HEADS: usize = 8;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![block()]
}

/// What a token goes through.
fn block() -> Figure {
    let wide = format!("(seq, {D_MODEL})");
    let heads = format!("{HEADS} heads of {}", D_MODEL / HEADS);
    let inner = format!("{D_MODEL} → {D_FF} → {D_MODEL}");
    let layers = Layers::new()
        .boxes(&[("tokens", "(seq)")])
        .boxes(&[("embeddings and positions", &wide)])
        .boxes(&[("attention", &heads)])
        .mark(0)
        .note("all together")
        .link("+ what went in")
        .boxes(&[("feed-forward network", &inner)])
        .mark(0)
        .note("each by itself")
        .link("+ what went in")
        .boxes(&[("the same again", &format!("{LAYERS} blocks in all"))])
        .boxes(&[("logits", "(seq, vocab)")]);
    Figure {
        name: "block",
        caption: format!(
            "A block, tinted, is attention, where tokens exchange what they know, and a \
             feed-forward network; what went into each is added to what comes out. Sizes of the base model of Vaswani and others, 2017 (arXiv \
             1706.03762, table 3), whose encoder and decoder have {LAYERS} blocks each."
        ),
        text: format!(
            "From top to bottom: tokens; embeddings with positions, {D_MODEL} numbers a token; \
             attention in {HEADS} heads of {} numbers; a feed-forward network from {D_MODEL} to \
             {D_FF} numbers and back; {LAYERS} such blocks; logits, one for each token of the vocabulary.",
            D_MODEL / HEADS
        ),
        drawing: layers.into(),
    }
}
