//! The page's WebAssembly module; natively its stills.

page::lesson_page!(many_machines, many_machines_demos);
