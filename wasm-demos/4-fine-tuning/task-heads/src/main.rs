//! The page's WebAssembly module; natively its stills.

page::lesson_page!(task_heads, task_heads_demos);
