//! The page's WebAssembly module; natively its stills.

page::lesson_page!(scaling_laws, scaling_laws_demos);
