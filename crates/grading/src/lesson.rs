//! A lesson: what a learner writes, the checks on it, its quiz and its worked numbers.

use scores::{ListedCheck, Listing};

use crate::{Check, CheckInfo, KernelCheck, Keys, Worked};

/// A lesson crate, as the grader, the book and the tests see it; `A` is its `Answers`.
pub struct Lesson<A: 'static> {
    /// The crate's name, e.g. `softmax-sampling`.
    pub name: &'static str,
    /// The folder of its step, e.g. `1-basics`.
    pub step: &'static str,
    /// As in the table of contents.
    pub title: &'static str,
    /// Changes when the checks change, so an old score is not taken for a new one.
    pub hash: u64,
    /// In the order of the page.
    pub checks: &'static [Check<A>],
    /// The reference.
    pub solution: A,
    /// The right choices of the quiz, computed by the lesson's own code.
    pub quiz: fn() -> Keys,
    /// Numbers for the page, computed by the lesson's own code.
    pub worked: fn() -> Worked,
}

impl<A> Lesson<A> {
    /// The check of this name.
    pub fn check(&self, name: &str) -> Option<&'static Check<A>> {
        self.checks.iter().find(|check| check.info.name == name)
    }
}

impl<A> From<&Lesson<A>> for Listing {
    fn from(lesson: &Lesson<A>) -> Self {
        Self {
            name: lesson.name.into(),
            step: lesson.step.into(),
            title: lesson.title.into(),
            hash: format!("{:016x}", lesson.hash),
            checks: lesson.checks.iter().map(|check| ListedCheck::from(&check.info)).collect(),
        }
    }
}

/// The part of a lesson that a kernel lab needs.
#[derive(Clone, Copy)]
pub struct KernelLab {
    /// [`Lesson::name`].
    pub lesson: &'static str,
    /// [`Lesson::hash`].
    pub hash: u64,
    /// The checks that judge a kernel.
    pub checks: &'static [(CheckInfo, KernelCheck)],
}

/// Declares what the learner of a lesson writes: a struct of function pointers. A kernel is a
/// function that returns its source, `fn() -> &'static str`.
///
/// ```standalone_crate
/// mod solution {
///     pub fn mean(x: &[f64]) -> f64 { x.iter().sum::<f64>() / x.len() as f64 }
/// }
/// mod exercise {
///     pub fn mean(x: &[f64]) -> f64 { x[0] }
/// }
/// grading::answers! {
///     /// What a learner writes.
///     pub struct Answers {
///         pub mean: fn(&[f64]) -> f64,
///     }
/// }
/// # fn main() {
/// assert_eq!((SOLUTION.mean)(&[1.0, 3.0]), 2.0);
/// assert_eq!((answers!(crate, exercise).mean)(&[1.0, 3.0]), 1.0);
/// # }
/// ```
///
/// It makes `SOLUTION`, the functions of the module `solution`, and the macro
/// `answers!(crate, module)`, which takes the functions of those names from any other module.
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the lesson's own solution is meant")]
macro_rules! answers {
    ($(#[$meta:meta])* pub struct Answers { $($(#[$doc:meta])* pub $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct Answers { $(
            #[doc = concat!("See [`solution::", stringify!($field), "`](crate::solution::", stringify!($field), ").")]
            $(#[$doc])*
            pub $field: $ty
        ),+ }

        /// The reference.
        pub const SOLUTION: Answers = Answers { $($field: crate::solution::$field),+ };

        $crate::answers! { @from ($) $($field)+ }
    };
    (@from ($d:tt) $($field:ident)+) => {
        /// The answers in a module, what a learner wrote or a mutant: `answers!(crate, module)`.
        #[macro_export]
        macro_rules! answers {
            ($d lesson:ident, $d($d module:ident)::+) => {
                $d lesson::Answers { $($field: $d($d module)::+::$field),+ }
            };
        }
    };
}

/// Wires the modules of a lesson together: `solution`, `checks`, a function `quiz::keys` and a
/// function `worked::worked`. Makes `LESSON` and `KERNEL_LAB`.
///
/// ```text
/// grading::lesson! { step: "1-basics", title: "Softmax and sampling" }
/// ```
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the lesson's own modules are meant")]
macro_rules! lesson {
    (step: $step:literal, title: $title:literal $(,)?) => {
        const HASH: u64 = $crate::hash_of_checks!();

        /// The lesson as the grader, the book and the tests see it.
        pub static LESSON: $crate::Lesson<Answers> = $crate::Lesson {
            name: env!("CARGO_PKG_NAME"),
            step: $step,
            title: $title,
            hash: HASH,
            checks: checks::CHECKS,
            solution: SOLUTION,
            quiz: quiz::keys,
            worked: worked::worked,
        };

        /// The part of the lesson that a kernel lab needs.
        pub const KERNEL_LAB: $crate::KernelLab = $crate::KernelLab {
            lesson: env!("CARGO_PKG_NAME"),
            hash: HASH,
            checks: checks::KERNEL_CHECKS,
        };
    };
}
