//! The page's WebAssembly module; natively its stills.

page::lesson_page!(neural_language_model, neural_language_model_demos);
