//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: its attention goes score by score, since candle's product of matrices
/// is more than the page may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use attention::LESSON;
    use attention::{Answers, example};

    pub const SOLUTION: Answers = Answers { sdpa: example::score_by_score, ..attention::SOLUTION };
}

page::lesson_page!(published, attention_demos);
