//! The page's WebAssembly module; natively its stills.

page::lesson_page!(matrix_multiplication, matrix_multiplication_demos);
