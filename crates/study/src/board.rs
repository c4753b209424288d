//! The score board, and how a check is shown everywhere else.

use std::fmt::Write;

use grading::{CheckResult, Sheet, Status};
use lessons::LessonDir;
use owo_colors::OwoColorize;

use crate::grader::{Graded, Outcome, Scored};

const BAR: usize = 20;

/// How much of what the learner's code printed is worth showing.
const PRINTED_LINES: usize = 30;

/// Points by step and lesson, then every check of the lessons that were asked for or begun.
pub fn board(graded: &[Graded], named: bool) -> String {
    let mut out = String::new();
    let width = graded.iter().map(|g| g.lesson.name.len()).max().unwrap_or(0);
    let mut step = "";
    for Graded { lesson, outcome } in graded {
        if lesson.step != step {
            step = &lesson.step;
            let _ = writeln!(out, "{}", lesson.step_title().bold());
        }
        let shown = match outcome {
            Outcome::Scored(scored) => bar(scored.sheet.points, scored.sheet.max_points),
            Outcome::Broken(_) => "does not compile yet".red().to_string(),
        };
        let _ = writeln!(out, "  {:width$}  {shown}", lesson.name);
    }
    for graded in graded {
        if let Some(scored) = graded.scored().filter(|scored| named || is_begun(&scored.sheet)) {
            details(&mut out, &graded.lesson, scored);
        }
    }
    out.push('\n');
    out.push_str(&summary(graded));
    out
}

/// `████░░░░  8/16`, from the color of a beginning to that of full score.
fn bar(points: u32, max: u32) -> String {
    let filled = BAR * points as usize / max.max(1) as usize;
    let text = format!("{}{}", "█".repeat(filled), "░".repeat(BAR - filled));
    let score = format!("{points:>3}/{max}");
    match points {
        p if p == max => format!("{} {}", text.green(), score.green().bold()),
        0 => format!("{} {score}", text.dimmed()),
        _ => format!("{} {score}", text.yellow()),
    }
}

fn is_begun(sheet: &Sheet) -> bool {
    let full = sheet.points == sheet.max_points;
    !full && sheet.checks.iter().any(|check| check.status != Status::Unfinished)
}

fn details(out: &mut String, lesson: &LessonDir, scored: &Scored) {
    let _ = writeln!(out, "\n{} {}", scored.listing.title.bold(), lesson.name.dimmed());
    let width = scored.sheet.checks.iter().map(|check| points(check).len()).max().unwrap_or(0);
    for check in &scored.sheet.checks {
        let points = format!("{:>width$}", points(check));
        let _ = write!(out, "  {} {} {}", mark(check.status), points.dimmed(), check.title);
        if check.status == Status::Unfinished {
            let _ = write!(out, " {}", format!("· {}", unfinished(lesson, check)).dimmed());
        }
        out.push('\n');
        if !matches!(check.status, Status::Passed | Status::Unfinished) {
            out.push_str(&problem(lesson, check));
        }
    }
    printed(out, &scored.printed);
}

/// One character a status.
pub fn mark(status: Status) -> String {
    match status {
        Status::Passed => "✓".green().to_string(),
        Status::Failed => "✗".red().bold().to_string(),
        Status::Unfinished => "○".dimmed().to_string(),
        Status::Timeout => "◷".red().bold().to_string(),
        Status::Unavailable => "–".yellow().to_string(),
    }
}

/// `0/3` or `3/3`: a check gives all of its points or none.
pub fn points(check: &CheckResult) -> String {
    let got = if check.status == Status::Passed { check.points } else { 0 };
    format!("{got}/{}", check.points)
}

/// Message, section and hint of a check that failed.
pub fn problem(lesson: &LessonDir, check: &CheckResult) -> String {
    let mut out = String::new();
    for line in check.message.iter().flat_map(|message| message.lines()) {
        let _ = writeln!(out, "      {line}");
    }
    let _ = writeln!(out, "      {} {}", "read".dimmed(), section(lesson, check).cyan());
    let hint = format!("cargo study hint {} {}", lesson.name, check.name);
    let _ = writeln!(out, "      {} {}", "hint".dimmed(), hint.cyan());
    out
}

/// `not written yet: src/exercise.rs:42`, from the lesson's folder.
fn unfinished(lesson: &LessonDir, check: &CheckResult) -> String {
    let place = todo_place(check).unwrap_or_default();
    let folder = format!("{}/", lesson.shown(&lesson.path));
    match place.strip_prefix(&folder).unwrap_or(place) {
        "" => "not written yet".into(),
        place => format!("not written yet: {place}"),
    }
}

/// Where the `todo!()` is that a check reached: its panic says so.
pub fn todo_place(check: &CheckResult) -> Option<&str> {
    let message = check.message.as_deref().filter(|_| check.status == Status::Unfinished)?;
    message.split_once(": not ").map(|(place, _)| place)
}

/// `src/1-basics/tokenization.md#bytes`.
pub fn section(lesson: &LessonDir, check: &CheckResult) -> String {
    match check.section.as_str() {
        "" => lesson.page(),
        section => format!("{}#{section}", lesson.page()),
    }
}

/// A line that must not be missed.
pub fn alert(text: &str) -> String {
    text.yellow().bold().to_string()
}

fn printed(out: &mut String, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let left_out = lines.len().saturating_sub(PRINTED_LINES);
    let _ = writeln!(out, "  {}", "printed by your code".dimmed());
    for line in &lines[..lines.len() - left_out] {
        let _ = writeln!(out, "    {}", anstream::adapter::strip_str(line));
    }
    if left_out > 0 {
        let _ = writeln!(out, "    {}", format!("… and {left_out} more lines").dimmed());
    }
}

fn summary(graded: &[Graded]) -> String {
    let sheets: Vec<&Sheet> = graded.iter().filter_map(Graded::scored).map(|s| &s.sheet).collect();
    let points: u32 = sheets.iter().map(|sheet| sheet.points).sum();
    let max: u32 = sheets.iter().map(|sheet| sheet.max_points).sum();
    let broken = graded.len() - sheets.len();
    if sheets.is_empty() {
        return String::new();
    }
    let score = format!("{points} of {max} points").bold().to_string();
    let next = match (points == max && broken == 0, graded) {
        (true, [one]) => format!("compare: cargo study solution {}", one.lesson.name),
        (true, _) => "all of them".into(),
        (false, _) => "what to do now: cargo study next".into(),
    };
    format!("{score} · {next}\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use grading::{ListedCheck, Listing, Part};

    use super::*;

    fn graded(statuses: &[(Status, &str)]) -> Graded {
        let check = |(i, (status, message)): (usize, &(Status, &str))| CheckResult {
            name: format!("check_{i}"),
            title: format!("Check {i}"),
            status: *status,
            points: 2,
            section: "idea".into(),
            message: (!message.is_empty()).then(|| message.to_string()),
        };
        let results: Vec<CheckResult> = statuses.iter().enumerate().map(check).collect();
        let listing = Listing {
            name: "alpha".into(),
            step: "1-basics".into(),
            title: "Alpha".into(),
            hash: "0".into(),
            checks: Vec::<ListedCheck>::new(),
            mutants: Vec::new(),
        };
        let sheet = Sheet::new("alpha", Part::Checks, 0, results);
        let scored = Scored { listing, sheet, printed: vec!["x = 3".into()] };
        let lesson = LessonDir::new(Path::new("/book"), "1-basics", "alpha");
        Graded { lesson, outcome: Outcome::Scored(Box::new(scored)) }
    }

    #[test]
    fn the_board_says_what_failed_where_to_read_and_what_is_left() {
        let todo = "exercises/1-basics/alpha/src/exercise.rs:7: not yet implemented: sum";
        let graded = graded(&[
            (Status::Passed, ""),
            (Status::Failed, "sum: expected 3, got 2"),
            (Status::Unfinished, todo),
        ]);
        let text = anstream::adapter::strip_str(&board(&[graded], false)).to_string();
        let expected = "\
1-basics
  alpha  ██████░░░░░░░░░░░░░░   2/6

Alpha alpha
  ✓ 2/2 Check 0
  ✗ 0/2 Check 1
      sum: expected 3, got 2
      read src/1-basics/alpha.md#idea
      hint cargo study hint alpha check_1
  ○ 0/2 Check 2 · not written yet: src/exercise.rs:7
  printed by your code
    x = 3

2 of 6 points · what to do now: cargo study next
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_lesson_not_begun_takes_one_line() {
        let text = board(&[graded(&[(Status::Unfinished, "")])], false);
        assert!(!text.contains("Check 0"), "{text}");
    }
}
