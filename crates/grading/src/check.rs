//! A check: a name, points, hints, the section that teaches it, and code that passes or explains.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// What a check returns: nothing, or what went wrong.
pub type Outcome = Result<(), Failure>;

/// Why a check did not pass. Any error converts into a `Failure` with `?`, so a check may call
/// fallible code directly.
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
        Self::Wrong(message)
    }
}

/// A check of a WGSL kernel: the kernel's source in, an outcome out. Asynchronous, since a page
/// may not block on its GPU.
pub type KernelCheck = fn(String) -> Pin<Box<dyn Future<Output = Outcome>>>;

/// How a check runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// Calls the subject's Rust functions.
    Cpu(fn() -> Outcome),
    /// Runs a WGSL kernel of the subject on the GPU.
    Kernel {
        /// The function of the subject that returns the kernel's source, e.g. `softmax_wgsl`.
        kernel: &'static str,
        /// Returns the subject's own source.
        source: fn() -> String,
        /// Judges any source: the subject's, or the one a reader typed into the page.
        check: KernelCheck,
    },
}

/// One graded check.
#[derive(Clone, Copy)]
pub struct Check {
    /// The name of its `#[test]`, e.g. `every_axis_matches_pytorch`.
    pub name: &'static str,
    /// One sentence for the score board.
    pub title: &'static str,
    /// What it is worth.
    pub points: u32,
    /// The anchor of the section on the lesson's page that teaches it.
    pub section: &'static str,
    /// From a nudge to almost the answer.
    pub hints: &'static [&'static str],
    /// The code.
    pub run: Run,
}

impl Check {
    /// Runs the check on its own subject.
    pub async fn run(&self) -> Outcome {
        match self.run {
            Run::Cpu(check) => check(),
            Run::Kernel { source, check, .. } => check(source()).await,
        }
    }
}

/// Declares the checks of a lesson, at the top of its `checks.rs`. The functions follow as plain
/// Rust; the table says what each is worth and what helps a learner who fails it.
///
/// ```text
/// grading::checks! {
///     "Rows along every axis sum to one" => rows_sum_to_one {
///         points: 2, section: "the-formula", hints: ["…", "…", "…"]
///     }
///     "The kernel is right at odd sizes" => kernel_odd_sizes(softmax_wgsl) {
///         points: 3, section: "the-kernel", hints: ["…", "…"]
///     }
/// }
/// fn rows_sum_to_one() -> Outcome { … }
/// async fn kernel_odd_sizes(wgsl: String) -> Outcome { … }
/// ```
#[macro_export]
macro_rules! checks {
    ($($title:literal => $name:ident $(($kernel:ident))? {
        points: $points:literal, section: $section:literal, hints: [$($hint:literal),+ $(,)?] $(,)?
    })+) => {
        /// The checks of this lesson, in the order of the page.
        pub const CHECKS: &[$crate::Check] = &[$(each::$name),+];

        /// The checks by name. Of a mutant only the check that must reject it is used, and so only
        /// that one is compiled to machine code.
        #[allow(non_upper_case_globals)]
        pub mod each {
            $(pub const $name: $crate::Check = $crate::Check {
                name: stringify!($name),
                title: $title,
                points: $points,
                section: $section,
                hints: &[$($hint),+],
                run: $crate::checks!(@run (super) $name $(, $kernel)?),
            };)+
        }

        /// Those of them that judge a kernel. A constant of its own, so that a page with a kernel
        /// lab does not download what only the other checks need.
        pub const KERNEL_CHECKS: &[$crate::Check] = &[$($($crate::Check {
            name: stringify!($name),
            title: $title,
            points: $points,
            section: $section,
            hints: &[],
            run: $crate::checks!(@run (self) $name, $kernel),
        },)?)+];

        #[cfg(test)]
        mod graded {
            $(#[test]
            fn $name() -> $crate::Outcome {
                $crate::run_check(&super::CHECKS.iter().find(|c| c.name == stringify!($name)).unwrap())
            })+
        }
    };
    (@run ($module:ident) $name:ident) => { $crate::Run::Cpu($module::$name) };
    (@run ($module:ident) $name:ident, $kernel:ident) => {
        $crate::Run::Kernel {
            kernel: stringify!($kernel),
            source: $module::subject::$kernel,
            check: |wgsl| Box::pin($module::$name(wgsl)),
        }
    };
}
