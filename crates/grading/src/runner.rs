//! Runs checks natively: one thread and one time limit a check, panics caught.

use std::cell::RefCell;
use std::io::Write;
use std::panic;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::{Check, CheckResult, Failure, Lesson, Listing, Outcome, Part, Sheet, Status};

/// How long one check may take: far more than a right answer needs.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long the others may take once one has not ended in time: what hangs in one check mostly
/// hangs in those that build on it, too, and nobody wants to wait for all of them.
pub const TIME_LIMIT_AFTER_TIMEOUT: Duration = Duration::from_secs(5);

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Waits for a future on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    pollster::block_on(future)
}

/// Runs a check as a `#[test]`: a panic stays a panic.
pub fn run_check(check: &Check) -> Outcome {
    block_on(check.run())
}

/// Runs every check of one subject, in order, and tells `each` as soon as a result is in.
///
/// A check that does not end in time is given up; its thread lives until the process ends.
fn run_all(
    checks: &'static [Check],
    mut limit: Duration,
    mut each: impl FnMut(&CheckResult),
) -> Vec<CheckResult> {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        let place =
            info.location().map(|l| format!("{}:{}: ", l.file(), l.line())).unwrap_or_default();
        PANIC.set(Some(format!("{place}{message}")));
    }));
    checks
        .iter()
        .map(|check| {
            let result = run_one(check, limit);
            if result.status == Status::Timeout {
                limit = limit.min(TIME_LIMIT_AFTER_TIMEOUT);
            }
            each(&result);
            result
        })
        .collect()
}

fn run_one(check: &'static Check, limit: Duration) -> CheckResult {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(move || {
            let caught = panic::catch_unwind(|| block_on(check.run()));
            let _ = sender.send(caught.map_err(|_| PANIC.take().unwrap_or_default()));
        })
        .expect("the system can start a thread");
    match receiver.recv_timeout(limit) {
        Ok(Ok(outcome)) => CheckResult::new(check, &outcome),
        Ok(Err(message)) => {
            // `todo!()` and `unimplemented!()` are the two ways to say "not yet".
            let unfinished =
                message.contains("not yet implemented") || message.contains("not implemented");
            let status = if unfinished { Status::Unfinished } else { Status::Failed };
            CheckResult::ended(check, status, Some(message))
        }
        Err(_) => {
            let limit = limit.as_secs_f32();
            let message = format!("not done after {limit} s: is there a loop that never ends?");
            CheckResult::ended(check, Status::Timeout, Some(message))
        }
    }
}

/// The `main` of a lesson's grader; [`grader!`](crate::grader) calls it with the lesson.
///
/// Prints one JSON line a result, then the sheet as the last line; `cargo study grade` reads them.
/// The first argument names the subject: `exercise` (the default), `reference`, or a mutant, which
/// is judged by the one check that must reject it. The second is the number of checks to skip, and the third the seconds a check may take: after a
/// crash or a timeout `cargo study` starts the grader again behind it. `--list` prints a
/// [`Listing`] and runs nothing.
pub fn runner_main(lesson: Lesson) -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let subject = arguments.next().unwrap_or_else(|| "exercise".into());
    if subject == "--list" {
        println!("{}", serde_json::to_string(&Listing::from(&lesson)).unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    let checks = match subject.as_str() {
        "exercise" => lesson.exercise,
        "reference" => Some(lesson.reference),
        name => {
            let mutant = lesson.mutants.iter().find(|mutant| mutant.name == name);
            mutant.map(|mutant| std::slice::from_ref(mutant.killed_by))
        }
    };
    let Some(checks) = checks else {
        eprintln!("{}: this build has no subject `{subject}`", lesson.name);
        return ExitCode::from(2);
    };
    let skip = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(0);
    let limit = arguments.next().and_then(|seconds| seconds.parse().ok());
    let limit = limit.map_or(TIME_LIMIT, Duration::from_secs);
    let checks = checks.get(skip..).unwrap_or_default();
    let mut out = std::io::stdout();
    let results = run_all(checks, limit, |result| {
        let _ = writeln!(out, "{}", serde_json::to_string(result).unwrap_or_default());
        let _ = out.flush();
    });
    let sheet = Sheet::new(lesson.name, Part::Checks, lesson.hash, results);
    let line = serde_json::to_string(&sheet).unwrap_or_default();
    println!("{line}");
    // A kernel or a thread that never ends must not keep the process alive.
    std::process::exit(i32::from(sheet.points < sheet.max_points))
}

impl From<&Failure> for Status {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Wrong(_) => Status::Failed,
            Failure::Unavailable(_) => Status::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;

    const fn check(name: &'static str, run: fn() -> Outcome) -> Check {
        Check { name, title: "A check", points: 1, section: "", hints: &[], run: Run::Cpu(run) }
    }

    fn hangs() -> Outcome {
        loop {
            thread::park();
        }
    }

    #[test]
    fn what_hangs_panics_or_is_not_written_counts_for_its_check_only() {
        static CHECKS: [Check; 4] = [
            check("hangs", hangs),
            check("panics", || panic!("off by one")),
            check("is_not_written", || todo!("softmax")),
            check("passes", || Ok(())),
        ];
        let results = run_all(&CHECKS, Duration::from_millis(200), |_| ());
        let statuses: Vec<Status> = results.iter().map(|result| result.status).collect();
        use Status::{Failed, Passed, Timeout, Unfinished};
        assert_eq!(statuses, [Timeout, Failed, Unfinished, Passed]);
        let message = |i: usize| results[i].message.as_deref().unwrap_or_default();
        assert!(message(0).starts_with("not done after 0.2 s"), "{}", message(0));
        assert!(message(1).contains("runner.rs:"), "{}", message(1));
    }
}
