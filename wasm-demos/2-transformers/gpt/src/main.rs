//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: it computes number by number, since candle's product of matrices is
/// more than the page may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use gpt::LESSON;
    use gpt::{Answers, example};

    pub const SOLUTION: Answers = Answers {
        conv1d: example::conv1d,
        block: example::block,
        forward: example::no_forward,
        generate: example::no_generate,
        ..gpt::SOLUTION
    };
}

page::lesson_page!(published, gpt_demos);
