//! What the programs of a page are made of.
//!
//! A page with demos is a package in `wasm-demos`: a library with `fn demos() -> Vec<Demo>` and
//! `fn figures() -> Vec<Figure>`, and programs of one line, [`lesson_page!`] or [`plain_page!`]. Compiled to WebAssembly such a
//! program answers the page's worker; natively it prints what the build puts into the page, and
//! runs demos on given inputs for the tests.

mod lab;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(not(target_family = "wasm"))]
mod run;
pub mod speed;
#[cfg(target_family = "wasm")]
mod worker;

pub use lab::Lab;
#[cfg(not(target_family = "wasm"))]
pub use native::{Contents, main};
#[cfg(not(target_family = "wasm"))]
pub use run::{Files, Offered, Shown, run_demo, run_demo_with};
#[cfg(target_family = "wasm")]
pub use worker::serve;

/// The program of a lesson's page: `page::lesson_page!(softmax_sampling, softmax_sampling_demos);`
/// names the lesson and the library with `fn demos(answers: Answers) -> Vec<Demo>` and
/// `fn figures() -> Vec<Figure>`.
///
/// With a module as third argument, `exercise`, the program offers the learner's code beside the
/// reference: what a local build serves.
#[macro_export]
macro_rules! lesson_page {
    ($lesson:ident, $demos:ident) => {
        #[cfg(target_family = "wasm")]
        fn main() {
            $crate::serve(|| $demos::demos($lesson::SOLUTION), Vec::new);
        }

        #[cfg(not(target_family = "wasm"))]
        fn main() -> ::std::process::ExitCode {
            let contents = $crate::Contents::lesson(&$lesson::LESSON, &$demos::figures());
            $crate::main(contents, &$demos::demos($lesson::SOLUTION))
        }
    };
    ($lesson:ident, $demos:ident, $exercise:ident) => {
        #[cfg(target_family = "wasm")]
        fn main() {
            $crate::serve(
                || $demos::demos($lesson::SOLUTION),
                || $demos::demos($lesson::answers!($lesson, $exercise)),
            );
        }

        #[cfg(not(target_family = "wasm"))]
        fn main() -> ::std::process::ExitCode {
            let contents = $crate::Contents::lesson(&$lesson::LESSON, &$demos::figures());
            $crate::main(contents, &$demos::demos($lesson::answers!($lesson, $exercise)))
        }
    };
}

/// The program of a page that is no lesson: `page::plain_page!(tinytown_demos);`
///
/// With `worked` as second argument the library also has `fn worked() -> Worked`: numbers for the
/// page, `{{#value PAGE NAME}}`.
#[macro_export]
macro_rules! plain_page {
    ($demos:ident) => {
        #[cfg(target_family = "wasm")]
        fn main() {
            $crate::serve($demos::demos, Vec::new);
        }

        #[cfg(not(target_family = "wasm"))]
        fn main() -> ::std::process::ExitCode {
            $crate::main($crate::Contents::plain(&$demos::figures()), &$demos::demos())
        }
    };
    ($demos:ident, worked) => {
        #[cfg(target_family = "wasm")]
        fn main() {
            $crate::serve($demos::demos, Vec::new);
        }

        #[cfg(not(target_family = "wasm"))]
        fn main() -> ::std::process::ExitCode {
            let contents = $crate::Contents::plain(&$demos::figures()).with(&$demos::worked());
            $crate::main(contents, &$demos::demos())
        }
    };
}
