//! The page's WebAssembly module; natively its stills, figures and numbers.

page::plain_page!(fine_tuning_index_demos, worked);
