//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: a layer goes head by head, since candle's product of matrices is more
/// than the page may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use multi_head_attention::LESSON;
    use multi_head_attention::{Answers, example};

    pub const SOLUTION: Answers =
        Answers { forward: example::head_by_head, ..multi_head_attention::SOLUTION };
}

page::lesson_page!(published, multi_head_attention_demos);
