//! The page's WebAssembly module; natively its stills.

page::lesson_page!(soft_prompts, soft_prompts_demos);
