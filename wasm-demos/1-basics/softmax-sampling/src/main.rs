//! The page's WebAssembly module; natively its stills.

page::lesson_page!(softmax_sampling, softmax_sampling_demos);
