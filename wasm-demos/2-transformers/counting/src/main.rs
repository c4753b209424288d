//! The page's WebAssembly module; natively its stills.

page::lesson_page!(counting, counting_demos);
