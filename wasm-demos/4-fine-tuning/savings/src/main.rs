//! The page's WebAssembly module; natively its stills.

page::lesson_page!(savings, savings_demos);
