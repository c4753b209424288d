//! The page's WebAssembly module; natively its stills.

page::lesson_page!(@module@, @module@_demos);
