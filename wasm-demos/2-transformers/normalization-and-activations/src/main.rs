//! The page's WebAssembly module; natively its stills.

page::lesson_page!(normalization_and_activations, normalization_and_activations_demos);
