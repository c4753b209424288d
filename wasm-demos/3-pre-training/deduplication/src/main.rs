//! The page's WebAssembly module; natively its stills.

page::lesson_page!(deduplication, deduplication_demos);
