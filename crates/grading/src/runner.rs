//! Runs checks natively: one thread and one time limit a check, panics caught.

use std::cell::RefCell;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use scores::{CheckResult, Listing, Place, Status, TIME_LIMIT, TIME_LIMIT_AFTER_TIMEOUT};

use crate::judge::forbidden;
use crate::{Check, Lesson, Outcome};

/// What a panic said, and where.
type Panic = (String, Option<Place>);

thread_local! {
    static PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Waits for a future on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    pollster::block_on(future)
}

/// Runs a check as a `#[test]`: a panic stays a panic.
///
/// # Panics
/// If the lesson has no check of this name.
pub fn run_check<A>(lesson: &Lesson<A>, name: &str, answers: &A) -> Outcome {
    let check = lesson.check(name).unwrap_or_else(|| panic!("there is no check `{name}`"));
    block_on(check.judge(answers))
}

/// Runs every check on the answers, in order, and tells `each` as soon as a result is in.
///
/// A check that does not end in time is given up; its thread lives until the process ends.
fn run_all<A: Copy + Send + 'static>(
    checks: &'static [Check<A>],
    answers: A,
    mut limit: Duration,
    mut each: impl FnMut(&CheckResult),
) -> Vec<CheckResult> {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        let place = info.location().map(|l| Place { file: l.file().into(), line: l.line() });
        PANIC.set(Some((message.into(), place)));
    }));
    checks
        .iter()
        .map(|check| {
            let result = run_one(check, answers, limit);
            if result.status == Status::Timeout {
                limit = limit.min(TIME_LIMIT_AFTER_TIMEOUT);
            }
            each(&result);
            result
        })
        .collect()
}

fn run_one<A: Copy + Send + 'static>(
    check: &'static Check<A>,
    answers: A,
    limit: Duration,
) -> CheckResult {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(move || {
            let judge = AssertUnwindSafe(|| block_on(check.judge(&answers)));
            let caught = panic::catch_unwind(judge);
            let _ = sender.send(caught.map_err(|_| PANIC.take().unwrap_or_default()));
        })
        .expect("the system can start a thread");
    match receiver.recv_timeout(limit) {
        Ok(Ok(outcome)) => check.info.result(&outcome),
        Ok(Err((message, place))) => {
            // `todo!()` and `unimplemented!()` are the two ways to say "not yet".
            let unfinished = message.starts_with("not yet implemented")
                || message.starts_with("not implemented");
            let status = if unfinished { Status::Unfinished } else { Status::Failed };
            CheckResult { place, ..check.info.ended(status, message) }
        }
        Err(_) => {
            let limit = limit.as_secs_f32();
            let message = format!("not done after {limit} s: is there a loop that never ends?");
            check.info.ended(Status::Timeout, message)
        }
    }
}

/// The `main` of a lesson's grader; [`grader!`](crate::grader) calls it with the lesson and the
/// learner's answers.
///
/// With `--list` it prints a [`Listing`] and runs nothing. Otherwise it reads a line from standard
/// input, a secret, and prints a line for each result: the secret, and the [`CheckResult`] as JSON.
/// What the learner's code prints cannot be taken for a result, since it does not know the secret.
/// A line of its own on standard error, the secret alone, ends what was printed there before it.
/// The arguments are the number of checks to skip, the seconds a check may take and how many checks
/// to run at most: after a crash or a timeout `cargo study` starts the grader again behind it.
pub fn runner_main<A: Copy + Send + 'static>(
    lesson: &Lesson<A>,
    answers: Option<A>,
    source: &str,
) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(answers) = answers.filter(|_| arguments.first().is_none_or(|a| a != "--list")) else {
        println!("{}", serde_json::to_string(&Listing::from(lesson)).unwrap_or_default());
        return ExitCode::SUCCESS;
    };
    let number = |i: usize| arguments.get(i).and_then(|number| number.parse::<u64>().ok());
    let skip = number(0).unwrap_or(0) as usize;
    let limit = number(1).map_or(TIME_LIMIT, Duration::from_secs);
    let mut secret = String::new();
    let _ = std::io::stdin().read_line(&mut secret);
    let secret = secret.trim();
    let checks = lesson.checks.get(skip..).unwrap_or_default();
    let most = number(2).map_or(checks.len(), |most| checks.len().min(most as usize));
    let checks = &checks[..most];
    let tell = |result: &CheckResult| {
        let json = serde_json::to_string(result).unwrap_or_default();
        let _ = writeln!(std::io::stderr().lock(), "\n{secret}");
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "\n{secret}{json}");
        let _ = out.flush();
    };
    let results = match forbidden(source, lesson.name) {
        None => run_all(checks, answers, limit, tell),
        Some((line, word)) => {
            let message = format!(
                "line {line} of your file names `{word}`: your answer may not ask the book's own"
            );
            let failed =
                checks.iter().map(|check| check.info.ended(Status::Failed, message.clone()));
            failed.inspect(tell).collect()
        }
    };
    let passed = results.iter().all(|result| result.status == Status::Passed);
    // A kernel or a thread that never ends must not keep the process alive.
    std::process::exit(i32::from(!passed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckInfo, Run};

    const fn check(name: &'static str, run: fn(&()) -> Outcome) -> Check<()> {
        let info = CheckInfo {
            name,
            title: "A check",
            function: "f",
            is_kernel: false,
            points: 1,
            section: "",
            hints: &[],
        };
        Check { info, run: Run::Cpu(run) }
    }

    fn hangs(_: &()) -> Outcome {
        loop {
            thread::park();
        }
    }

    #[test]
    fn what_hangs_panics_or_is_not_written_counts_for_its_check_only() {
        static CHECKS: [Check<()>; 4] = [
            check("hangs", hangs),
            check("panics", |_| panic!("off by one")),
            check("is_not_written", |_| todo!("softmax")),
            check("passes", |_| Ok(())),
        ];
        let results = run_all(&CHECKS, (), Duration::from_millis(200), |_| ());
        let statuses: Vec<Status> = results.iter().map(|result| result.status).collect();
        use Status::{Failed, Passed, Timeout, Unfinished};
        assert_eq!(statuses, [Timeout, Failed, Unfinished, Passed]);
        let message = |i: usize| results[i].message.as_deref().unwrap_or_default();
        assert!(message(0).starts_with("not done after 0.2 s"), "{}", message(0));
        assert_eq!(message(1), "off by one");
        let place = results[1].place.as_ref().unwrap();
        assert!(place.file.ends_with("runner.rs") && place.line > 0, "{place:?}");
    }
}
