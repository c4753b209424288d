//! The page's WebAssembly module; natively its stills.

page::lesson_page!(searching_for_text, searching_for_text_demos);
