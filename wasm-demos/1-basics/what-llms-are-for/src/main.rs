//! The page's WebAssembly module; natively its stills.

page::lesson_page!(what_llms_are_for, what_llms_are_for_demos);
