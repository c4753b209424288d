//! The page's WebAssembly module; natively its stills.

page::plain_page!(transformers_index_demos);
