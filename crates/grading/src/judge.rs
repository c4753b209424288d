//! Judges wrong answers: each must be rejected by the check that names its bug.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::{Check, Failure, Lesson, Outcome, block_on};

/// A right answer is far faster; an answer that never ends is caught, too.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Fails unless the check rejects the answers, and says why.
///
/// # Panics
/// If it accepts them, rejects them without a word, or cannot run here.
pub fn mutant<A: Copy + Send + 'static>(lesson: &'static Lesson<A>, check: &str, answers: A) {
    let check = lesson.check(check).unwrap_or_else(|| panic!("there is no check `{check}`"));
    match judge(check, answers) {
        Err(Failure::Wrong(message)) => {
            assert!(!message.trim().is_empty(), "{} rejects it without a word", check.info.name);
        }
        Err(Failure::Unavailable(message)) => panic!("{message}"),
        Ok(()) => panic!("{} accepts it", check.info.name),
    }
}

/// Fails if a check accepts the file that a learner starts with. Where `found` is not that file,
/// somebody did the exercise, and nothing is judged.
///
/// # Panics
/// If a check accepts it.
pub fn stub<A: Copy + Send + 'static>(
    lesson: &'static Lesson<A>,
    answers: A,
    found: &str,
    stub: &str,
) {
    let code = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with("//!"));
        lines.map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    if code(found) != code(stub) {
        eprintln!("there is no stub: somebody did the exercise");
        return;
    }
    let passes = lesson.checks.iter().filter(|check| judge(check, answers).is_ok());
    let passes: Vec<&str> = passes.map(|check| check.info.name).collect();
    assert!(passes.is_empty(), "these pass before anything is written: {}", passes.join(", "));
}

/// A panic and an endless loop are wrong answers.
fn judge<A: Copy + Send + 'static>(check: &'static Check<A>, answers: A) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| block_on(check.judge(&answers))));
        let _ = sender.send(outcome.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied());
            Err(Failure::wrong(format!("panicked: {}", text.unwrap_or("without a message"))))
        }));
    };
    thread::Builder::new().stack_size(16 << 20).spawn(work)?;
    let limit = TIME_LIMIT.as_secs();
    receiver
        .recv_timeout(TIME_LIMIT)
        .unwrap_or_else(|_| Err(Failure::wrong(format!("not done after {limit} s"))))
}

/// Where an answer names the reference, its fast version or the golden values of its own lesson,
/// and the word: an answer that asks them is none. Those of other lessons may be used.
pub(crate) fn forbidden(source: &str, lesson: &str) -> Option<(usize, &'static str)> {
    let lesson = lesson.replace('-', "_");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (line, text) in (1..).zip(source.lines()) {
        let code = text.split("//").next().unwrap_or_default();
        for word in ["solution", "SOLUTION", "LESSON", "golden"] {
            for (at, _) in code.match_indices(word) {
                let (before, after) = (&code[..at], &code[at + word.len()..]);
                let is_whole = !before.ends_with(is_word) && !after.starts_with(is_word);
                let krate = before.strip_suffix("::").map(|path| {
                    path.rsplit(|c: char| !is_word(c) && c != ':').next().unwrap_or_default()
                });
                let is_other = krate.is_some_and(|path| {
                    !path.is_empty() && path.split("::").next() != Some(lesson.as_str())
                });
                if is_whole && !is_other {
                    return Some((line, word));
                }
            }
        }
        // Words that a learner may give to something else, too: only as paths.
        let names = |path: &str| {
            let mut found = code.match_indices(path);
            found.any(|(at, _)| !code[..at].ends_with(is_word))
        };
        let in_use = code.trim_start().starts_with("use ") && names(&format!("{lesson}::"));
        let is_listed = |word| code.split(|c| !is_word(c)).any(|one| one == word);
        if names(&format!("{lesson}::fast")) || in_use && is_listed("fast") {
            return Some((line, "fast"));
        }
        if names("fused::") {
            return Some((line, "fused"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reference_of_other_lessons_may_be_used() {
        let of = |source: &str| forbidden(source, "softmax-sampling");
        assert_eq!(
            of("use other_lesson::solution::fit;\n// the solution\nlet solutions = 1;"),
            None
        );
        assert_eq!(of("\nsoftmax_sampling::solution::softmax(x)"), Some((2, "solution")));
        assert_eq!(of("use softmax_sampling::{Sampling, SOLUTION};"), Some((1, "SOLUTION")));
        assert_eq!(of("include_str!(\"../golden/softmax.json\")"), Some((1, "golden")));
        assert_eq!(of("let fast = other_lesson::fast::softmax(x)?; let unfused = fast;"), None);
        assert_eq!(of("softmax_sampling::fast::softmax(x, dim)"), Some((1, "fast")));
        assert_eq!(of("use softmax_sampling::{Sampling, fast};"), Some((1, "fast")));
        assert_eq!(of("fused::softmax(x, dim)"), Some((1, "fused")));
    }
}
