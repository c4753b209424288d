//! The page's WebAssembly module; natively its stills.

page::plain_page!(kernel_threads_demos);
