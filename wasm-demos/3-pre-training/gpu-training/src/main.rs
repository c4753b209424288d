//! The page's WebAssembly module; natively its stills.

page::lesson_page!(gpu_training, gpu_training_demos);
