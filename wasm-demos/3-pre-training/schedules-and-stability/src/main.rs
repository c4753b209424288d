//! The page's WebAssembly module; natively its stills.

page::lesson_page!(schedules_and_stability, schedules_and_stability_demos);
