//! The page's WebAssembly module; natively its stills.

page::lesson_page!(batches, batches_demos);
