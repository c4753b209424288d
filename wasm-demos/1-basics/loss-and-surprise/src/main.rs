//! The page's WebAssembly module; natively its stills.

page::lesson_page!(loss_and_surprise, loss_and_surprise_demos);
