//! A lesson: its checks for every subject, its quiz and its worked numbers.

use crate::{Check, Quiz, Worked};

/// A lesson crate, as the grader, the book and the tests see it.
#[derive(Clone)]
pub struct Lesson {
    /// The crate's name, e.g. `softmax-sampling`.
    pub name: &'static str,
    /// The folder of its step, e.g. `1-basics`.
    pub step: &'static str,
    /// As in the table of contents.
    pub title: &'static str,
    /// Changes when the checks change, so an old score is not taken for a new one.
    pub hash: u64,
    /// The checks on the learner's code; `None` in a build without the `exercise` feature.
    pub exercise: Option<&'static [Check]>,
    /// The checks on the reference.
    pub reference: &'static [Check],
    /// Wrong solutions; empty in a build without the `mutants` feature.
    pub mutants: Vec<Mutant>,
    /// Questions whose answers are computed by the lesson's own code.
    pub quiz: fn() -> Quiz,
    /// Numbers for the page, computed by the lesson's own code.
    pub worked: fn() -> Worked,
}

/// A wrong solution that the checks must reject.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// Its module, e.g. `no_max_subtraction`.
    pub name: &'static str,
    /// The check that names its bug and must fail, instantiated for it.
    pub killed_by: &'static Check,
}

/// The part of a lesson that a kernel lab needs.
#[derive(Clone, Copy)]
pub struct KernelLab {
    /// [`Lesson::name`].
    pub lesson: &'static str,
    /// [`Lesson::hash`].
    pub hash: u64,
    /// The checks that judge a kernel.
    pub checks: &'static [Check],
}

/// Tells versions of the checks apart, whatever the order of their files; not for security.
///
/// Σ FNV-1a(text) mod 2⁶⁴
pub const fn content_hash(texts: &[&str]) -> u64 {
    let mut sum = 0_u64;
    let mut i = 0;
    while i < texts.len() {
        sum = sum.wrapping_add(fnv_1a(texts[i].as_bytes()));
        i += 1;
    }
    sum
}

const fn fnv_1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x100_0000_01b3);
        i += 1;
    }
    hash
}

/// Wires the files of a lesson together; the last item of its `lib.rs`.
///
/// ```text
/// grading::lesson! {
///     step: "1-basics",
///     title: "Softmax and sampling",
///     checks: { softmax, filters },
///     mutants: {
///         no_max_subtraction => large_logits_stay_finite,
///     }
/// }
/// ```
///
/// `checks` may be left out; it names files of `src/checks/`, which hold the functions of a table
/// in `checks.rs` that has too many for one file.
///
/// It expects `exercise`, `solution`, `mutants` and `checks.rs`, a function `quiz::quiz` and a
/// function `worked::worked`, and makes `pub fn lesson() -> grading::Lesson`
/// and `pub fn kernel_lab() -> grading::KernelLab`.
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the lesson's own modules are meant")]
macro_rules! lesson {
    (step: $step:literal, title: $title:literal, $(checks: { $($part:ident),+ $(,)? },)?
     mutants: { $($mutant:ident => $killed_by:ident),+ $(,)? } $(,)?) => {
        macro_rules! checks_of_subject {
            () => {
                include!("checks.rs");
                $($(include!(concat!("checks/", stringify!($part), ".rs"));)+)?
            };
        }

        #[cfg(feature = "exercise")]
        #[allow(unused)]
        mod for_exercise {
            use crate::exercise as subject;
            checks_of_subject! {}
        }
        // Under `cargo test` only the learner's code is judged; the reference and the mutants
        // are judged by `cargo study test`.
        #[cfg(not(test))]
        mod for_reference {
            use crate::solution as subject;
            checks_of_subject! {}
        }
        #[cfg(all(feature = "mutants", not(test)))]
        #[allow(unused)]
        mod for_mutants {
            $(pub mod $mutant {
                use crate::mutants::$mutant as subject;
                checks_of_subject! {}
            })+
        }

        #[cfg(not(test))]
        const HASH: u64 = $crate::content_hash(&[
            include_str!("checks.rs"),
            $($(include_str!(concat!("checks/", stringify!($part), ".rs"))),+)?
        ]);

        /// The lesson as the grader, the book and the tests see it.
        #[cfg(not(test))]
        pub fn lesson() -> $crate::Lesson {
            $crate::Lesson {
                name: env!("CARGO_PKG_NAME"),
                step: $step,
                title: $title,
                hash: HASH,
                #[cfg(feature = "exercise")]
                exercise: Some(for_exercise::CHECKS),
                #[cfg(not(feature = "exercise"))]
                exercise: None,
                reference: for_reference::CHECKS,
                #[cfg(feature = "mutants")]
                mutants: vec![$($crate::Mutant {
                    name: stringify!($mutant),
                    killed_by: &for_mutants::$mutant::each::$killed_by,
                }),+],
                #[cfg(not(feature = "mutants"))]
                mutants: Vec::new(),
                quiz: quiz::quiz,
                worked: worked::worked,
            }
        }

        /// The part of the lesson that a kernel lab needs.
        #[cfg(not(test))]
        pub fn kernel_lab() -> $crate::KernelLab {
            $crate::KernelLab {
                lesson: env!("CARGO_PKG_NAME"),
                hash: HASH,
                checks: for_reference::KERNEL_CHECKS,
            }
        }
    };
}

/// Declares mutants, each with what it gets wrong; the rest is the solution's. What stands beside
/// the declarations is known in all of them.
///
/// ```text
/// grading::mutants! {
///     /// A mean where a sum belongs.
///     divides_by_count {
///         pub fn softmax(x: &Tensor, dim: usize) -> Result<Tensor> { … }
///     }
/// }
/// ```
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the lesson's own solution is meant")]
macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident { $($item:item)+ })+) => {
        $($(#[$doc])* pub mod $name {
            #[allow(unused_imports)]
            use super::*;
            pub use crate::solution::*;
            $($item)+
        })+
    };
}
