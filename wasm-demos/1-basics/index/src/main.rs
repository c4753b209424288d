//! The page's WebAssembly module; natively its stills.

page::plain_page!(basics_index_demos);
