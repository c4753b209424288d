//! The page's WebAssembly module; natively its stills.

/// The lesson, for a reader: without files, since their JSON alone weighs as much as a small demo, and
/// no demo needs them.
mod published {
    #[cfg(not(target_family = "wasm"))]
    pub use training_loop::LESSON;
    use training_loop::{Answers, LoopError, State};

    pub const SOLUTION: Answers =
        Answers { checkpoint: no_file, restore: no_run, ..training_loop::SOLUTION };

    fn no_file(_: &State) -> Result<Vec<u8>, LoopError> {
        Err(LoopError::File { why: "the page writes none".into() })
    }

    fn no_run(_: &[u8]) -> Result<State, LoopError> {
        Err(LoopError::File { why: "the page reads none".into() })
    }
}

page::lesson_page!(published, training_loop_demos);
