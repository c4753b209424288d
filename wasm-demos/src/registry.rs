//! All lessons and all demos. `cargo study new` adds a line to each list.

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

/// Includes each demo once for the reference and, in a local build, once for the learner's code;
/// `subject` is what it finds the lesson's code under.
macro_rules! demos {
    ($($lesson:ident: $demo:ident $file:literal;)+) => {
        mod reference {
            $(pub mod $demo {
                #[allow(unused_imports)]
                use $lesson::solution as subject;
                include!($file);
            })+
        }
        #[cfg(feature = "yours")]
        mod yours {
            $(pub mod $demo {
                #[allow(unused_imports)]
                use $lesson::exercise as subject;
                include!($file);
            })+
        }

        /// The demos, in the order of the book. Without the feature `yours` there are none of
        /// the learner's.
        pub fn demos(subject: Subject) -> Vec<Demo> {
            match subject {
                Subject::Reference => vec![$(reference::$demo::demo()),+],
                #[cfg(feature = "yours")]
                Subject::Yours => vec![$(yours::$demo::demo()),+],
                #[cfg(not(feature = "yours"))]
                Subject::Yours => Vec::new(),
            }
        }
    };
}

/// The lessons in the order of the book.
pub fn lessons() -> Vec<Lesson> {
    vec![tokenization::lesson(), softmax_sampling::lesson()]
}

demos! {
    tokenization: merge_stepper "demos/merge_stepper.rs";
    tokenization: tokenizer "demos/tokenizer.rs";
    softmax_sampling: temperature_bars "demos/temperature_bars.rs";
    softmax_sampling: softmax_kernel_lab "demos/softmax_kernel_lab.rs";
}
