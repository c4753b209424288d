//! The page's WebAssembly module; natively its stills.

page::lesson_page!(what_an_llm_is, what_an_llm_is_demos);
