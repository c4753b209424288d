//! The page's WebAssembly module; natively its stills.

page::lesson_page!(attention, attention_demos);
