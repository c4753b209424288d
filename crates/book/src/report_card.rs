//! Buddy's report card: the scores of every model of the book, recorded in `src/report-card.json`
//! by `cargo study report`.

use std::path::Path;

use anyhow::{Context, Result};
use maud::{Markup, html};
use serde::Deserialize;

/// The recorded scores.
const FILE: &str = "src/report-card.json";

/// The scores of all models, in the order of the book.
#[derive(Debug, Deserialize)]
struct ReportCard {
    models: Vec<Model>,
}

/// A model and its scores.
#[derive(Debug, Deserialize)]
struct Model {
    name: String,
    scores: Vec<Score>,
}

/// How well it does a task.
#[derive(Debug, Deserialize)]
struct Score {
    task: String,
    metric: String,
    value: f64,
    /// What a trivial guess reaches.
    floor: f64,
    /// Of how many examples it is the score.
    examples: usize,
    /// Whether the value is a share of one, read in percent.
    is_share: bool,
}

/// The table: a group of rows for each task and what is measured, a row a model. So it grows
/// downward with the models, and fits a phone.
pub fn table(root: &Path) -> Result<Markup> {
    let text = std::fs::read_to_string(root.join(FILE))
        .with_context(|| format!("{FILE} cannot be read: write it with `cargo study report`"))?;
    let card: ReportCard = serde_json::from_str(&text)
        .with_context(|| format!("{FILE} is no report card: write it with `cargo study report`"))?;
    let rows = rows(&card);
    Ok(html! {
        div.table-wrapper { table.report-card {
            thead { tr {
                th scope="col" { "Task and model" }
                th.points scope="col" { "Score" }
                td {}
            } }
            @for score in rows { tbody {
                tr.task {
                    th scope="rowgroup" colspan="3" {
                        (score.task) " "
                        small { (score.metric) ", " (examples(&card, score)) }
                    }
                }
                tr {
                    th scope="row" { "guessing" }
                    td.points { (shown(score.floor, score.is_share)) }
                    td {}
                }
                @for model in &card.models {
                    @if let Some(score) = same_task(model, score) { tr {
                        th scope="row" { (model.name) }
                        td.points { (shown(score.value, score.is_share)) }
                        td { (bar(score)) }
                    } }
                }
            } }
        } }
    })
}

/// One score for each task and metric, in the order of their first model.
fn rows(card: &ReportCard) -> Vec<&Score> {
    let mut rows: Vec<&Score> = Vec::new();
    for score in card.models.iter().flat_map(|model| &model.scores) {
        if !rows.iter().any(|row| row.task == score.task && row.metric == score.metric) {
            rows.push(score);
        }
    }
    rows
}

fn same_task<'m>(model: &'m Model, score: &Score) -> Option<&'m Score> {
    model.scores.iter().find(|other| other.task == score.task && other.metric == score.metric)
}

/// From the guess to the model, on a line from nothing to all; the numbers beside it say the same.
/// Of bits and perplexities less is better, and the guess is the end of the line.
fn bar(score: &Score) -> Markup {
    let scale = if score.is_share { 100.0 } else { 100.0 / score.floor };
    let at = |value: f64| (value * scale).clamp(0.0, 100.0);
    let (guess, model) = (at(score.floor), at(score.value));
    let is_better = (model > guess) == score.is_share;
    html! {
        svg.score viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="3" width="100" height="2" {}
            rect class=(if is_better { "gain" } else { "loss" })
                x=(format!("{:.1}", guess.min(model))) y="1"
                width=(format!("{:.1}", (guess - model).abs())) height="6" {}
            rect.guess x=(format!("{:.1}", (guess - 0.5).clamp(0.0, 99.0))) y="0" width="1" height="8" {}
        }
    }
}

/// Of how many examples the scores of a row are: a model with other tokens has another number of
/// them. Running text is judged token by token.
fn examples(card: &ReportCard, row: &Score) -> String {
    let counts = card.models.iter().filter_map(|model| same_task(model, row));
    let (least, most) = counts.fold((row.examples, row.examples), |(least, most), score| {
        (least.min(score.examples), most.max(score.examples))
    });
    let what = if row.is_share { "examples" } else { "tokens" };
    match (thousands(least), thousands(most)) {
        (least, most) if least == most => format!("{least} {what}"),
        (least, most) => format!("{least} to {most} {what}"),
    }
}

/// A count as people read it: 14,177.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn shown(value: f64, is_share: bool) -> String {
    match value {
        _ if is_share => format!("{:.1}%", 100.0 * value),
        100.0.. => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_a_row_for_each_model_that_does_it() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("src")).unwrap();
        let json = r#"{"models": [
            {"name": "A", "scores": [
                {"task": "T", "metric": "accuracy", "value": 0.755, "floor": 0.5, "examples": 9, "is_share": true}]},
            {"name": "B", "scores": [
                {"task": "T", "metric": "accuracy", "value": 0.25, "floor": 0.5, "examples": 12345, "is_share": true},
                {"task": "U", "metric": "bits", "value": 1.234, "floor": 8.0, "examples": 7, "is_share": false}]}]}"#;
        std::fs::write(root.path().join(FILE), json).unwrap();
        let html = table(root.path()).unwrap().into_string();
        let tags = regex::Regex::new("<svg.*?</svg>|<[^>]*>").unwrap();
        let rows: Vec<String> =
            html.split("</tr>").map(|row| tags.replace_all(row, "|").into()).collect();
        let cells = |row: &str| {
            row.split('|').filter(|c| !c.trim().is_empty()).collect::<Vec<_>>().join("; ")
        };
        let rows: Vec<String> = rows.iter().map(|row| cells(row)).collect();
        let want = [
            "Task and model; Score",
            "T ; accuracy, 9 to 12,345 examples",
            "guessing; 50.0%",
            "A; 75.5%",
            "B; 25.0%",
            "U ; bits, 7 tokens",
            "guessing; 8.00",
            "B; 1.23",
            "",
        ];
        assert_eq!(rows, want);
    }

    #[test]
    fn a_bar_goes_from_the_guess_to_the_model() {
        let score = |value, floor, is_share| Score {
            task: String::new(),
            metric: String::new(),
            value,
            floor,
            examples: 1,
            is_share,
        };
        let better = bar(&score(0.75, 0.5, true)).into_string();
        assert!(better.contains(r#"class="gain" x="50.0" y="1" width="25.0""#), "{better}");
        let worse = bar(&score(0.25, 0.5, true)).into_string();
        assert!(worse.contains(r#"class="loss" x="25.0" y="1" width="25.0""#), "{worse}");
        let fewer_bits = bar(&score(2.0, 8.0, false)).into_string();
        assert!(fewer_bits.contains(r#"class="gain" x="25.0" y="1" width="75.0""#), "{fewer_bits}");
    }

    #[test]
    fn without_a_record_the_error_says_how_to_make_one() {
        let root = tempfile::tempdir().unwrap();
        let error = format!("{:#}", table(root.path()).unwrap_err());
        assert!(error.contains("cargo study report"), "{error}");
    }
}
