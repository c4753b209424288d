//! The page's WebAssembly module; natively its stills.

page::lesson_page!(other_tokenizers, other_tokenizers_demos);
