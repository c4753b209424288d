//! The page's WebAssembly module; natively its stills.

page::lesson_page!(roberta_and_xlnet, roberta_and_xlnet_demos);
