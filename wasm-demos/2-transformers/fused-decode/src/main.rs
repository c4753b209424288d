//! The page's WebAssembly module; natively its stills.

page::lesson_page!(fused_decode, fused_decode_demos);
