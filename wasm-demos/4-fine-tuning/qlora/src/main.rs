//! The page's WebAssembly module; natively its stills.

page::lesson_page!(qlora, qlora_demos);
