//! The page's WebAssembly module; natively its stills.

page::lesson_page!(hard_prompts, hard_prompts_demos);
