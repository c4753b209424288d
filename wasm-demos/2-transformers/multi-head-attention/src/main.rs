//! The page's WebAssembly module; natively its stills.

page::lesson_page!(multi_head_attention, multi_head_attention_demos);
