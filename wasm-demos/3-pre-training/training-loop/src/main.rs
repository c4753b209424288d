//! The page's WebAssembly module; natively its stills.

page::lesson_page!(training_loop, training_loop_demos);
