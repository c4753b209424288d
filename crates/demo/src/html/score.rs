//! What graded or compiled the reader's code: scores and errors.

use maud::{Markup, html};
use scores::{CheckResult, Sheet, Status};

use crate::format::counted;

use super::{and_more, figure, text};

/// A score board. A check's state is a word and a symbol, never colour alone.
pub fn score(sheet: &Sheet) -> Markup {
    let title = format!("{} of {}", sheet.points, counted(sheet.max_points as usize, "point"));
    figure(
        "score",
        &title,
        &html! {
            progress max=(sheet.max_points.max(1)) value=(sheet.points) aria-label="Points" { (title) }
            ul role="list" { @for check in &sheet.checks { (check_line(check)) } }
        },
    )
}

fn check_line(check: &CheckResult) -> Markup {
    let (class, symbol, word) = match check.status {
        Status::Passed => ("passed", "✓", "passed"),
        Status::Failed => ("failed", "✗", "failed"),
        Status::Unfinished => ("unfinished", "…", "unfinished"),
        Status::Timeout => ("failed", "⧗", "ran out of time"),
        Status::Unavailable => ("unavailable", "–", "cannot run here"),
    };
    let points = counted(check.max_points as usize, "point");
    html! {
        li class=(class) data-check=(check.name) {
            p {
                span class="mark" aria-hidden="true" { (symbol) }
                span class="title" { (text::clean(&check.title)) }
                " " span class="state" { (word) " · " (points) }
            }
            @if let Some(message) = &check.message {
                pre tabindex="0" { (text::long(message)) }
            }
            @if check.status != Status::Passed && !check.section.is_empty() {
                p class="section" { a href={ "#" (check.section) } { "The section that teaches it" } }
            }
        }
    }
}

/// More errors follow from the first ones.
const MAX_MESSAGES: usize = 20;

/// Errors; each place is a button that the page's script makes jump into the editor.
pub fn diagnostics(control: &str, messages: &[(u32, u32, String)]) -> Markup {
    let label = match messages.len() {
        0 => "No errors".to_owned(),
        1 => "1 error".to_owned(),
        n => format!("{n} errors"),
    };
    figure(
        "diagnostics",
        &label,
        &html! {
            ul role="list" {
                @for (line, column, message) in &messages[..messages.len().min(MAX_MESSAGES)] {
                    li {
                        // A message about the source as a whole has no place.
                        @if *line > 0 {
                            button type="button" data-jump=(control) data-line=(line) data-column=(column) {
                                "Line " (line) ", column " (column)
                            }
                            " "
                        }
                        pre tabindex="0" { (text::long(message)) }
                    }
                }
            }
            (and_more(messages.len().saturating_sub(MAX_MESSAGES), "error"))
        },
    )
}
