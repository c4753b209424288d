//! The page's WebAssembly module; natively its stills.

page::lesson_page!(tokenization, tokenization_demos);
