//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: the demo counts, and candle's product of matrices is more than the page
/// may weigh.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use llama::LESSON;
    #[cfg(not(target_family = "wasm"))]
    pub use llama::SOLUTION;
    #[cfg(target_family = "wasm")]
    use llama::{Answers, LlamaError};

    #[cfg(target_family = "wasm")]
    pub const SOLUTION: Answers = Answers {
        rope_at: |_, _, _| no_tensors(),
        llama_attention: |_, _, _, _, _, _| no_tensors(),
        llama_block: |_, _, _, _, _, _| no_tensors(),
        llama_forward: |_, _, _, _| no_tensors(),
        continue_texts: |_, _, _, _| no_tensors(),
    };

    #[cfg(target_family = "wasm")]
    fn no_tensors<T>() -> Result<T, LlamaError> {
        Err(LlamaError::Config("the page only counts".into()))
    }
}

page::lesson_page!(published, llama_demos);
