//! The page's WebAssembly module; natively its stills.

page::lesson_page!(objectives, objectives_demos);
