//! The page's WebAssembly module; natively its stills.

page::lesson_page!(review, review_demos);
