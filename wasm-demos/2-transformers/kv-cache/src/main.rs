//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: a step goes number by number, since candle's products are more than the
/// page may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use kv_cache::LESSON;
    use kv_cache::{Answers, example};

    pub const SOLUTION: Answers =
        Answers { decode_step: example::step_by_numbers, ..kv_cache::SOLUTION };
}

page::lesson_page!(published, kv_cache_demos);
