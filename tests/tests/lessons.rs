//! Every lesson's reference passes every check; the stub fails them all; every mutant fails the
//! check that names its bug; every quiz is in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use book_tests::{site, solved};
use grading::{Check, Failure, Lesson, Outcome, Sheet, Status, run_check};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// A right answer is far faster; a mutant that never ends is caught, too.
const TIME_LIMIT: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for lesson in study_demos::lessons() {
        trials.extend(references(&lesson));
        trials.extend(mutants(&lesson));
        let name = lesson.name;
        trials.push(Trial::ignorable_test(format!("{name}::stub"), move || stub(name)));
        trials.push(Trial::test(format!("{name}::solved"), move || full_points(name)));
        trials.push(Trial::test(format!("{name}::quiz"), move || quiz(&lesson)));
    }
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    // A check that never ends must not keep the process alive.
    std::process::exit(i32::from(conclusion.has_failed()))
}

fn references(lesson: &Lesson) -> Vec<Trial> {
    let name = lesson.name;
    let trial = |check: &'static Check| {
        Trial::test(format!("{name}::reference::{}", check.name), move || {
            run(check).map_err(|failure| failure.message().to_owned().into())
        })
    };
    lesson.reference.iter().map(trial).collect()
}

fn mutants(lesson: &Lesson) -> Vec<Trial> {
    let name = lesson.name;
    let trial = |mutant: &grading::Mutant| {
        let mutant = *mutant;
        Trial::test(format!("{name}::mutant::{}", mutant.name), move || {
            let killer = mutant.killed_by;
            match run(killer) {
                Err(Failure::Wrong(message)) if message.trim().is_empty() => {
                    Err(format!("{} rejects it without a word", killer.name).into())
                }
                Err(Failure::Wrong(_)) => Ok(()),
                Err(Failure::Unavailable(message)) => Err(message.into()),
                Ok(()) => Err(format!("{} accepts it", killer.name).into()),
            }
        })
    };
    lesson.mutants.iter().map(trial).collect()
}

/// A panic and an endless loop are wrong answers.
fn run(check: &'static Check) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| run_check(check)));
        let _ = sender.send(outcome.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied());
            Err(Failure::wrong(format!("panicked: {}", text.unwrap_or("without a message"))))
        }));
    };
    thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(work)
        .map_err(|e| Failure::wrong(e.to_string()))?;
    let limit = TIME_LIMIT.as_secs();
    receiver
        .recv_timeout(TIME_LIMIT)
        .unwrap_or_else(|_| Err(Failure::wrong(format!("not done after {limit} s"))))
}

/// Every check fails on the file that a learner starts with, as `cargo study grade` runs it.
fn stub(name: &str) -> Result<Completion, Failed> {
    let text = |error: anyhow::Error| Failed::from(format!("{error:#}"));
    let lesson = lessons::find(site::root(), name).map_err(text)?;
    let files = lessons::stub_files(&lesson).map_err(text)?;
    if files.iter().any(|file| file.state != lessons::FileState::InSync) {
        return Ok(Completion::ignored_with("there is no stub: somebody did the exercise"));
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(site::root()).stdin(Stdio::null());
    let sheet = grade(cargo, name)?;
    let passed: Vec<&str> = sheet
        .checks
        .iter()
        .filter(|c| c.status == Status::Passed)
        .map(|c| c.name.as_str())
        .collect();
    if passed.is_empty() {
        return Ok(Completion::Completed);
    }
    Err(format!("checks that pass before anything is written: {}", passed.join(", ")).into())
}

/// A learner who has written what the solution says gets every point.
fn full_points(name: &str) -> Result<(), Failed> {
    let cargo = solved::command("cargo").map_err(|error| format!("{error:#}"))?;
    let sheet = grade(cargo, name)?;
    if sheet.points == sheet.max_points {
        return Ok(());
    }
    let failed = sheet.checks.iter().filter(|check| check.status != Status::Passed);
    let failed: Vec<String> = failed.map(|c| format!("{}: {:?}", c.name, c.message)).collect();
    Err(format!("{} of {}: {}", sheet.points, sheet.max_points, failed.join("; ")).into())
}

/// Runs the grader of a lesson, as `cargo study grade` does.
fn grade(mut cargo: Command, name: &str) -> Result<Sheet, Failed> {
    let output = cargo.args(["run", "--quiet", "--package", name]).output()?;
    let lines = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(lines.lines().last().unwrap_or_default())
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn quiz(lesson: &Lesson) -> Result<(), Failed> {
    let quiz = (lesson.quiz)();
    let count = quiz.questions.len();
    if !(3..=6).contains(&count) {
        return Err(format!("a quiz has three to six questions, not {count}").into());
    }
    let mut ids: Vec<&str> = quiz.questions.iter().map(|question| question.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != count {
        return Err("two questions have one id".into());
    }
    for question in &quiz.questions {
        let id = question.id;
        if let Err(failure) = &question.answer {
            return Err(format!("{id}: {}", failure.message()).into());
        }
        if question.choices.len() < 2 || question.choices.iter().any(|c| c.why.trim().is_empty()) {
            return Err(format!("{id}: every choice needs a reason, and there must be two").into());
        }
    }
    Ok(())
}
