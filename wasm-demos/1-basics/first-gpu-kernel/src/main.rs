//! The page's WebAssembly module; natively its stills.

page::lesson_page!(first_gpu_kernel, first_gpu_kernel_demos);
