//! The page's WebAssembly module; natively its stills.

page::lesson_page!(flash_attention, flash_attention_demos);
