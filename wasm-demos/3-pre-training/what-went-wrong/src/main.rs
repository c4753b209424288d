//! The page's WebAssembly module; natively its stills, figures and numbers.

page::plain_page!(what_went_wrong_demos, worked);
