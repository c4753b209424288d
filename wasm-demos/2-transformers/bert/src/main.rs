//! The page's WebAssembly module; natively its stills.

page::lesson_page!(bert, bert_demos);
