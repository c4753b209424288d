//! The page's WebAssembly module; natively its stills.

page::lesson_page!(optimizers, optimizers_demos);
