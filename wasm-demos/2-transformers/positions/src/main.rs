//! The page's WebAssembly module; natively its stills.

page::lesson_page!(positions, positions_demos);
