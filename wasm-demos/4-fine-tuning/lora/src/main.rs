//! The page's WebAssembly module; natively its stills.

page::lesson_page!(lora, lora_demos);
