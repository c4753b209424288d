//! The page's WebAssembly module; natively its stills.

page::lesson_page!(kv_cache, kv_cache_demos);
