//! The page's WebAssembly module; natively its stills.

page::plain_page!(tinytown_demos);
