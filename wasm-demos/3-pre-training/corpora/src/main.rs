//! The page's WebAssembly module; natively its stills.

page::lesson_page!(corpora, corpora_demos);
