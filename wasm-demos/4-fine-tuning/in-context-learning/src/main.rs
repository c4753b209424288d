//! The page's WebAssembly module; natively its stills.

page::lesson_page!(in_context_learning, in_context_learning_demos);
