//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: of what is graded, the page runs the buckets only.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use t5_and_bart::LESSON;
    pub use t5_and_bart::example::PUBLISHED as SOLUTION;
}

page::lesson_page!(published, t5_and_bart_demos);
