//! The page's WebAssembly module; natively its stills.

page::lesson_page!(backpropagation, backpropagation_demos);
