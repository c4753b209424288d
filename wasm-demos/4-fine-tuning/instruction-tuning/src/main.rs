//! The page's WebAssembly module; natively its stills.

page::lesson_page!(instruction_tuning, instruction_tuning_demos);
