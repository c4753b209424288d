//! A check: a name, points, hints, the section that teaches it, and code that passes or explains.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use scores::{CheckResult, ListedCheck, Status};

use crate::judged;

/// What a check returns: nothing, or what went wrong.
pub type Outcome = Result<(), Failure>;

/// Why a check did not pass. Any error converts into a `Failure` with `?`, so a check may call
/// fallible code directly; an error of the lesson is told as one that the learner's function
/// returned.
///
/// ```
/// use grading::Outcome;
///
/// fn is_a_number(text: &str) -> Outcome {
///     text.parse::<u32>()?;
///     Ok(())
/// }
/// assert!(is_a_number("7").is_ok());
/// assert_eq!(is_a_number("7x").unwrap_err().message(), "invalid digit found in string");
/// ```
#[derive(Clone, PartialEq)]
pub enum Failure {
    /// The answer is wrong: what was expected, what came, where, and by how much.
    Wrong(String),
    /// The check could not run here, for example because the machine has no GPU driver.
    Unavailable(String),
}

impl Failure {
    /// A wrong answer.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self::Wrong(message.into())
    }

    /// Something this machine lacks; the message says what to install.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::Unavailable(message.into())
    }

    /// The message for the learner.
    pub fn message(&self) -> &str {
        match self {
            Self::Wrong(m) | Self::Unavailable(m) => m,
        }
    }
}

/// `cargo test` prints an error with `Debug`, so `Debug` is the learner's message.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            source = cause.source();
        }
        Self::Wrong(judged::introduced::<E>(message))
    }
}

/// A check of a WGSL kernel: the kernel's source in, an outcome out. Asynchronous, since a page
/// may not block on its GPU.
pub type KernelCheck = fn(String) -> Pin<Box<dyn Future<Output = Outcome>>>;

/// What is known of a check without running it.
#[derive(Clone, Copy, Debug)]
pub struct CheckInfo {
    /// The name of its function and its `#[test]`, e.g. `every_axis_matches_pytorch`.
    pub name: &'static str,
    /// One sentence for the score board.
    pub title: &'static str,
    /// The function it judges, e.g. `softmax`; of a kernel the one that returns its source.
    pub function: &'static str,
    /// Whether it judges a kernel.
    pub is_kernel: bool,
    /// What it is worth.
    pub points: u32,
    /// The anchor of the section on the lesson's page that teaches it.
    pub section: &'static str,
    /// From a nudge to almost the answer.
    pub hints: &'static [&'static str],
}

impl CheckInfo {
    /// The result of a check that ran to its end.
    pub fn result(&self, outcome: &Outcome) -> CheckResult {
        let (status, message) = match outcome {
            Ok(()) => (Status::Passed, None),
            Err(Failure::Wrong(message)) => (Status::Failed, Some(message.clone())),
            Err(Failure::Unavailable(message)) => (Status::Unavailable, Some(message.clone())),
        };
        CheckResult::new(&self.into(), status, message)
    }

    /// The result of a check that ended in some other way.
    pub fn ended(&self, status: Status, message: String) -> CheckResult {
        CheckResult::new(&self.into(), status, Some(message))
    }
}

impl From<&CheckInfo> for ListedCheck {
    fn from(check: &CheckInfo) -> Self {
        Self {
            name: check.name.into(),
            title: check.title.into(),
            function: check.function.into(),
            is_kernel: check.is_kernel,
            points: check.points,
            section: check.section.into(),
            hints: check.hints.iter().map(|&hint| hint.into()).collect(),
        }
    }
}

/// How a check runs on answers of type `A`.
pub enum Run<A> {
    /// Calls Rust functions.
    Cpu(fn(&A) -> Outcome),
    /// Runs a WGSL kernel on the GPU.
    Kernel {
        /// The kernel's source among the answers.
        source: fn(&A) -> &'static str,
        /// Judges any source: that of the answers, or the one a reader typed into the page.
        check: KernelCheck,
    },
}

/// One graded check of answers of type `A`, a lesson's `Answers`.
pub struct Check<A> {
    /// What is known of it.
    pub info: CheckInfo,
    /// The code.
    pub run: Run<A>,
}

impl<A> Check<A> {
    /// Judges answers.
    pub async fn judge(&self, answers: &A) -> Outcome {
        match self.run {
            Run::Cpu(check) => judged::during::<A, _>(self.info.function, || check(answers)),
            Run::Kernel { source, check } => check(source(answers).to_owned()).await,
        }
    }
}

/// Declares the checks of a lesson, at the top of its `checks.rs`. The functions are plain Rust,
/// there or in modules beside it; the table says what each judges, what it is worth, and what helps
/// a learner who fails it. `kernel:` instead of `function:` names a function that returns WGSL.
///
/// ```standalone_crate
/// use grading::{Outcome, Tolerance, expect, expect_close};
/// # mod solution {
/// #     pub fn softmax(x: &[f64]) -> Vec<f64> {
/// #         let weights: Vec<f64> = x.iter().map(|x| x.exp()).collect();
/// #         grading::numbers::shares(&weights)
/// #     }
/// #     pub fn softmax_wgsl() -> &'static str { "@compute @workgroup_size(1) fn main() {}" }
/// # }
/// # grading::answers! {
/// #     pub struct Answers {
/// #         pub softmax: fn(&[f64]) -> Vec<f64>,
/// #         pub softmax_wgsl: fn() -> &'static str,
/// #     }
/// # }
///
/// grading::checks! {
///     "Equal scores have equal shares" => equal_scores {
///         function: softmax, points: 2, section: "the-formula", hints: ["…", "…", "…"]
///     }
///     "The kernel has its entry point" => kernel_has_main {
///         kernel: softmax_wgsl, points: 3, section: "the-kernel", hints: ["…", "…"]
///     }
/// }
/// fn equal_scores(answers: &Answers) -> Outcome {
///     let shares = (answers.softmax)(&[7.0, 7.0]);
///     expect_close("the shares", &[], &shares, &[0.5, 0.5], Tolerance::F64)
/// }
/// async fn kernel_has_main(wgsl: String) -> Outcome {
///     expect(wgsl.contains("fn main"), || "there is no `fn main`".into())
/// }
/// # fn main() {
/// # assert_eq!((CHECKS[0].info.name, KERNEL_CHECKS[0].0.points), (names::equal_scores, 3));
/// # for check in CHECKS {
/// #     assert!(grading::block_on(check.judge(&SOLUTION)).is_ok());
/// # }
/// # }
/// ```
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the lesson's own answers are meant")]
macro_rules! checks {
    ($($title:literal => $name:ident {
        $kind:ident: $function:ident, points: $points:literal, section: $section:literal,
        hints: [$($hint:literal),+ $(,)?] $(,)?
    })+) => {
        /// The checks of this lesson, in the order of the page.
        pub const CHECKS: &[$crate::Check<crate::Answers>] = &[$($crate::Check {
            info: $crate::CheckInfo {
                name: stringify!($name),
                title: $title,
                function: stringify!($function),
                is_kernel: $crate::checks!(@is_kernel $kind),
                points: $points,
                section: $section,
                hints: &[$($hint),+],
            },
            run: $crate::checks!(@run $kind $name $function),
        }),+];

        /// Those of them that judge a kernel. A constant of its own, so that a page with a kernel
        /// lab does not download what only the other checks need.
        pub const KERNEL_CHECKS: &[($crate::CheckInfo, $crate::KernelCheck)] =
            $crate::checks!(@kernels [] $($kind $name $function $title, $points, $section;)+);

        /// The names, so that whoever writes a wrong one is told by the compiler.
        #[allow(non_upper_case_globals, missing_docs)]
        pub mod names {
            $(pub const $name: &str = stringify!($name);)+
        }

        $crate::checks! { @tests ($) $($name)+ }
    };
    (@is_kernel function) => { false };
    (@is_kernel kernel) => { true };
    (@run function $name:ident $function:ident) => { $crate::Run::Cpu($name) };
    (@run kernel $name:ident $function:ident) => {
        $crate::Run::Kernel {
            source: |answers| (answers.$function)(),
            check: |wgsl| Box::pin($name(wgsl)),
        }
    };
    (@kernels [$($made:tt)*]) => { &[$($made)*] };
    (@kernels [$($made:tt)*] function $name:ident $function:ident
     $title:literal, $points:literal, $section:literal; $($rest:tt)*) => {
        $crate::checks!(@kernels [$($made)*] $($rest)*)
    };
    (@kernels [$($made:tt)*] kernel $name:ident $function:ident
     $title:literal, $points:literal, $section:literal; $($rest:tt)*) => {
        $crate::checks!(@kernels [$($made)* (
            $crate::CheckInfo {
                name: stringify!($name),
                title: $title,
                function: stringify!($function),
                is_kernel: true,
                points: $points,
                section: $section,
                hints: &[],
            },
            |wgsl| Box::pin($name(wgsl)),
        ),] $($rest)*)
    };
    (@tests ($d:tt) $($name:ident)+) => {
        /// One `#[test]` a check: `as_tests!(LESSON, answers)`.
        #[macro_export]
        macro_rules! as_tests {
            ($d lesson:expr, $d answers:expr) => {
                $(#[test]
                fn $name() -> $crate::Outcome {
                    $crate::run_check(&$d lesson, stringify!($name), &$d answers)
                })+
            };
        }
    };
}
