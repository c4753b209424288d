//! The score board, and how a check is shown everywhere else.

use std::fmt::Write;

use lessons::LessonDir;
use owo_colors::OwoColorize;
use scores::{CheckResult, Status};

use crate::graded::Graded;
use crate::links;
use crate::place::shown;
use crate::text::{lines, paragraph};

const BAR: usize = 20;

/// How many lines that the learner's code printed during a check are worth showing; more where that
/// check is all there is.
const PRINTED_LINES: usize = 12;
const PRINTED_LINES_OF_ONE: usize = 200;

/// Points by step and lesson, then every check of the lessons that were asked for or begun.
pub fn board(graded: &[Graded], named: bool) -> String {
    let mut out = String::new();
    let width = graded.iter().map(|g| g.lesson.name.len()).max().unwrap_or(0);
    let mut step = "";
    for Graded { lesson, sheet, broken, .. } in graded {
        if lesson.step != step {
            step = &lesson.step;
            let _ = writeln!(out, "{}", lesson.step_title().bold());
        }
        let _ = write!(out, "  {:width$}  {}", lesson.name, bar(sheet.points, sheet.max_points));
        if broken.is_some() {
            let _ = write!(out, " {}", "· does not compile yet".red());
        }
        out.push('\n');
    }
    for graded in graded.iter().filter(|graded| graded.broken.is_none()) {
        if named || is_begun(graded) {
            details(&mut out, graded);
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

fn is_begun(graded: &Graded) -> bool {
    let written = |check: &CheckResult| check.status != Status::Unfinished;
    !graded.is_full() && graded.sheet.checks.iter().any(written)
}

fn details(out: &mut String, graded: &Graded) {
    let Graded { lesson, listing, sheet, .. } = graded;
    let name = format!("({})", lesson.name);
    let _ = writeln!(out, "\n{} {}", listing.title.bold(), name.dimmed());
    let width = sheet.checks.iter().map(|check| points(check).len()).max().unwrap_or(0);
    let most = if sheet.checks.len() == 1 { PRINTED_LINES_OF_ONE } else { PRINTED_LINES };
    for (i, check) in sheet.checks.iter().enumerate() {
        let points = format!("{:>width$}", points(check));
        let _ = write!(out, "  {} {} ", mark(check.status), points.dimmed());
        headline(out, width + 5, check);
        if !matches!(check.status, Status::Passed | Status::Unfinished) {
            let before = sheet.checks[..i].iter().find(|other| is_same_problem(other, check));
            match before {
                Some(other) => {
                    let same = format!("the same as for “{}”", other.title);
                    paragraph(out, 6, "", &same, str::to_owned);
                }
                None => out.push_str(&problem(lesson, check)),
            }
        }
        if let Some(lines) = graded.printed.get(i) {
            printed(out, lines, most);
        }
    }
}

/// The title of a check behind `used` characters, and where it is to be written if it is not yet.
fn headline(out: &mut String, used: usize, check: &CheckResult) {
    let title = lines(&check.title, used, used);
    let gap = " ".repeat(used);
    out.push_str(&title.join(&format!("\n{gap}")));
    if check.status == Status::Unfinished {
        let used = used + title.last().map_or(0, |line| line.chars().count());
        let todo = format!("· {}", unfinished(check));
        if lines(&todo, used + 1, 0).len() == 1 {
            let _ = write!(out, " {}", todo.dimmed());
        } else {
            let _ = write!(out, "\n{gap}{}", todo.dimmed());
        }
    }
    out.push('\n');
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
    format!("{}/{}", check.points, check.max_points)
}

/// Message, section and hint of a check that failed.
pub fn problem(lesson: &LessonDir, check: &CheckResult) -> String {
    let mut out = String::new();
    for line in message(check).lines() {
        paragraph(&mut out, 6, "", line, str::to_owned);
    }
    paragraph(&mut out, 6, "read", &links::section(lesson, &check.section), cyan);
    let hint = format!("cargo study hint {} {}", lesson.name, check.name);
    paragraph(&mut out, 6, "hint", &hint, cyan);
    out
}

/// Whether two checks failed with the same words, as all of a kernel do if it does not compile.
fn is_same_problem(one: &CheckResult, other: &CheckResult) -> bool {
    let is_told = matches!(one.status, Status::Failed | Status::Unavailable);
    is_told && one.status == other.status && message(one) == message(other)
}

/// What can be opened or typed.
pub fn cyan(text: &str) -> String {
    text.cyan().to_string()
}

/// What went wrong, after the place of the panic if it was one.
pub fn message(check: &CheckResult) -> String {
    let message = check.message.as_deref().unwrap_or_default();
    match &check.place {
        Some(place) => format!("{}: {message}", shown(place)),
        None => message.to_owned(),
    }
}

/// `not written yet: exercises/1-basics/tokenization/src/exercise.rs:42`.
fn unfinished(check: &CheckResult) -> String {
    match &check.place {
        None => "not written yet".into(),
        Some(place) => format!("not written yet: {}", shown(place)),
    }
}

/// A line that must not be missed, in as many as it takes.
pub fn alert(text: &str) -> String {
    let broken = text.lines().flat_map(|line| lines(line, 0, 0));
    broken.collect::<Vec<_>>().join("\n").yellow().bold().to_string()
}

fn printed(out: &mut String, lines: &[String], most: usize) {
    if lines.is_empty() {
        return;
    }
    let left_out = lines.len().saturating_sub(most);
    let _ = writeln!(out, "      {}", "printed by your code".dimmed());
    for line in &lines[..lines.len() - left_out] {
        let line = anstream::adapter::strip_str(line).to_string();
        paragraph(out, 8, "", &line, str::to_owned);
    }
    if left_out > 0 {
        let _ = writeln!(out, "        {}", format!("… and {left_out} more lines").dimmed());
    }
}

fn summary(graded: &[Graded]) -> String {
    let points: u32 = graded.iter().map(|graded| graded.sheet.points).sum();
    let max: u32 = graded.iter().map(|graded| graded.sheet.max_points).sum();
    let score = format!("{points} of {max} points").bold().to_string();
    let next = match (points == max, graded) {
        (_, [one]) if one.is_part() => {
            format!("the whole lesson: cargo study grade {}", one.lesson.name)
        }
        (true, [one]) => format!("compare: cargo study solution {}", one.lesson.name),
        (true, _) => "all of them".into(),
        (false, [one]) => format!("what to do now: cargo study next {}", one.lesson.name),
        (false, _) => "what to do now: cargo study next".into(),
    };
    format!("{score} · {next}\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use scores::{ListedCheck, Listing, Part, Place, Sheet};

    use super::*;
    use crate::broken::Broken;

    fn graded(statuses: &[(Status, &str)]) -> Graded {
        let check = |(i, (status, message)): (usize, &(Status, &str))| CheckResult {
            name: format!("check_{i}"),
            title: format!("Check {i}"),
            status: *status,
            points: if *status == Status::Passed { 2 } else { 0 },
            max_points: 2,
            section: "idea".into(),
            message: (!message.is_empty()).then(|| message.to_string()),
            place: (*status == Status::Unfinished).then(|| Place {
                file: "exercises/1-basics/alpha/src/exercise.rs".into(),
                line: 7,
            }),
        };
        let results: Vec<CheckResult> = statuses.iter().enumerate().map(check).collect();
        let listing = Listing {
            name: "alpha".into(),
            step: "1-basics".into(),
            title: "Alpha".into(),
            hash: "0".into(),
            checks: Vec::<ListedCheck>::new(),
        };
        let sheet = Sheet::new("alpha", Part::Checks, 0, results);
        let lesson = LessonDir::new(Path::new("/book"), "1-basics", "alpha");
        let printed = vec![Vec::new(), vec!["x = 3".into()]];
        Graded { lesson, listing, sheet, printed, broken: None }
    }

    #[test]
    fn the_board_says_what_failed_where_to_read_and_what_is_left() {
        let todo = "not yet implemented: sum";
        let graded = graded(&[
            (Status::Passed, ""),
            (Status::Failed, "sum: expected 3, got 2"),
            (Status::Unfinished, todo),
        ]);
        let text = anstream::adapter::strip_str(&board(&[graded], false)).to_string();
        let expected = "\
1-basics
  alpha  ██████░░░░░░░░░░░░░░   2/6

Alpha (alpha)
  ✓ 2/2 Check 0
  ✗ 0/2 Check 1
      sum: expected 3, got 2
      read src/1-basics/alpha.md#idea
      hint cargo study hint alpha check_1
      printed by your code
        x = 3
  ○ 0/2 Check 2 · not written yet: exercises/1-basics/alpha/src/exercise.rs:7

2 of 6 points · what to do now: cargo study next alpha
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_lesson_not_begun_takes_one_line() {
        let text = board(&[graded(&[(Status::Unfinished, "")])], false);
        assert!(!text.contains("Check 0"), "{text}");
    }

    #[test]
    fn a_lesson_that_does_not_compile_keeps_its_points_in_the_total() {
        let whole = graded(&[(Status::Passed, "")]);
        let broken = Some(Broken::default());
        let broken = Graded { broken, ..graded(&[(Status::Failed, "no")]) };
        let text = board(&[whole, broken], true);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.contains("0/2 · does not compile yet"), "{text}");
        assert!(text.contains("2 of 4 points"), "{text}");
    }

    #[test]
    fn lines_fit_the_narrowest_terminal() {
        let long = "expected the share 0.25 of each of the four, got ".repeat(4);
        let mut graded = graded(&[(Status::Failed, long.as_str()), (Status::Unfinished, "")]);
        graded.printed = vec![vec!["x".repeat(300)]];
        for check in &mut graded.sheet.checks {
            check.title = "Shares of equal numbers are equal, and they sum to 1, whatever".into();
        }
        let text = anstream::adapter::strip_str(&board(&[graded], true)).to_string();
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(crate::text::WIDTH), "{text}");
        assert!(text.contains("\n        · not written yet: exercises/"), "{text}");
    }
}
