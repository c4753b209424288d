//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: the demo counts, and candle's product of matrices is more than the page
/// may weigh.
mod published {
    #[cfg(target_family = "wasm")]
    use palm::Answers;
    #[cfg(not(target_family = "wasm"))]
    pub use palm::LESSON;
    #[cfg(not(target_family = "wasm"))]
    pub use palm::SOLUTION;

    #[cfg(target_family = "wasm")]
    pub const SOLUTION: Answers = Answers {
        swiglu_mlp: |_, _| no_tensors(),
        multi_query_attention: |_, _, _, _, _| no_tensors(),
        palm_block: |_, _, _, _, _| no_tensors(),
        palm_forward: |_, _, _| no_tensors(),
        ..palm::SOLUTION
    };

    #[cfg(target_family = "wasm")]
    fn no_tensors<T>() -> Result<T, palm::PalmError> {
        Err(palm::PalmError::Config("the page only counts".into()))
    }
}

page::lesson_page!(published, palm_demos);
