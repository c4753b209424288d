//! All lessons and all demos. `cargo study new` adds a line.

use demo::Demo;
use grading::Lesson;

/// Whose code a demo runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The lesson's solution.
    Reference,
    /// The learner's file; only in a local build.
    Yours,
}

/// Lists the lessons, and pages that are none, with the demos on each.
///
/// A demo's file is included once for the reference and, in a local build, once for the learner's
/// code; `subject` is what it finds the lesson's code under. Each lesson and page gets a function
/// in [`modules`], from which `src/bin/demos-<name>.rs` makes a WebAssembly module: a reader
/// downloads the code of the page that is open, not of the whole book.
macro_rules! registry {
    (lessons { $($lesson:ident: $($demo:ident),+;)+ } pages { $($page:ident: $($shown:ident),+;)* }) => {
        mod reference {
            $(pub mod $lesson {
                $(pub mod $demo {
                    #[allow(unused_imports)]
                    use $lesson::solution as subject;
                    include!(concat!("demos/", stringify!($demo), ".rs"));
                })+
            })+
            $(pub mod $page {
                $(pub mod $shown {
                    include!(concat!("demos/", stringify!($shown), ".rs"));
                })+
            })*
        }
        #[cfg(feature = "yours")]
        mod yours {
            $(pub mod $lesson {
                $(pub mod $demo {
                    #[allow(unused_imports)]
                    use $lesson::exercise as subject;
                    include!(concat!("demos/", stringify!($demo), ".rs"));
                })+
            })+
        }

        /// The demos of each lesson and page. Without the feature `yours` there are none of the
        /// learner's.
        pub mod modules {
            use demo::Demo;

            use super::*;

            $(#[doc = concat!("Demos of the lesson `", stringify!($lesson), "`.")]
            pub fn $lesson(subject: Subject) -> Vec<Demo> {
                match subject {
                    Subject::Reference => vec![$(reference::$lesson::$demo::demo()),+],
                    #[cfg(feature = "yours")]
                    Subject::Yours => vec![$(yours::$lesson::$demo::demo()),+],
                    #[cfg(not(feature = "yours"))]
                    Subject::Yours => Vec::new(),
                }
            })+
            $(#[doc = concat!("Demos of the page `", stringify!($page), "`.")]
            pub fn $page(subject: Subject) -> Vec<Demo> {
                match subject {
                    Subject::Reference => vec![$(reference::$page::$shown::demo()),+],
                    Subject::Yours => Vec::new(),
                }
            })*
        }

        /// The lessons in the order of the book.
        pub fn lessons() -> Vec<Lesson> {
            vec![$($lesson::lesson()),+]
        }

        /// All demos: those of lessons in the order of the book, then those of other pages.
        pub fn demos(subject: Subject) -> Vec<Demo> {
            let modules: &[fn(Subject) -> Vec<Demo>] =
                &[$(modules::$lesson,)+ $(modules::$page,)*];
            modules.iter().flat_map(|demos| demos(subject)).collect()
        }
    };
}

registry! {
    lessons {
        what_an_llm_is: babbler;
        what_llms_are_for: task_switchboard;
        tokenization: merge_stepper, tokenizer;
        other_tokenizers: three_tokenizers, segmentation_lattice, segmentation_sampler;
        embeddings: word_map;
        softmax_sampling: temperature_bars, beam_tree, softmax_kernel_lab;
        loss_and_surprise: surprise_meter, cross_entropy_kernel_lab;
        backpropagation: backprop_graph, xor_net;
        review: first_buddy;
    }
    pages {
        tinytown: tinytown_walk, tinytown_sample;
    }
}
