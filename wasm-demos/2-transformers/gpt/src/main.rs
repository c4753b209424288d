//! The page's WebAssembly module; natively its stills.

page::lesson_page!(gpt, gpt_demos);
