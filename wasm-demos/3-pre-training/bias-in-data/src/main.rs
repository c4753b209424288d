//! The page's WebAssembly module; natively its stills.

page::lesson_page!(bias_in_data, bias_in_data_demos);
