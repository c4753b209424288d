//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: its attention goes score by score, since candle's product of matrices
/// is more than the page may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use kv_cache::LESSON;
    use kv_cache::{Answers, example};

    pub const SOLUTION: Answers =
        Answers { decode_step: example::step_by_scores, ..kv_cache::SOLUTION };
}

page::lesson_page!(published, kv_cache_demos);
