//! The page's WebAssembly module; natively its stills.

page::lesson_page!(embeddings, embeddings_demos);
