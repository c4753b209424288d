//! The checks of a lesson out of its sources: they count also while the learner's code does not
//! compile and no grader can be asked.

use std::fs;

use anyhow::{Context, Result};
use grading::{ListedCheck, Listing, content_hash};
use lessons::LessonDir;

use crate::tokens::{Token, Tokens};

/// What the lesson's grader would list; its mutants are left out.
pub fn listing(lesson: &LessonDir) -> Result<Listing> {
    let lib = fs::read_to_string(lesson.path.join("src/lib.rs")).unwrap_or_default();
    let texts = lesson.checks()?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(Listing {
        name: lesson.name.clone(),
        step: lesson.step.clone(),
        title: title(&lib).unwrap_or_else(|| lesson.name.clone()),
        hash: format!("{:016x}", content_hash(&texts)),
        checks: checks_of(texts[0]).with_context(|| {
            let shown = lesson.shown(&lesson.path.join("src/checks.rs"));
            format!("{shown} does not begin with a table `grading::checks!`")
        })?,
        mutants: Vec::new(),
    })
}

/// The `title: "…"` of `grading::lesson!`.
fn title(lib: &str) -> Option<String> {
    let mut tokens = Tokens::after(lib, "lesson!")?;
    while tokens.next()? != Token::Word("title".into()) {}
    tokens.marks(":")?;
    tokens.text()
}

/// The table `grading::checks!`; `None` if it does not have the form that the macro demands.
fn checks_of(source: &str) -> Option<Vec<ListedCheck>> {
    let mut tokens = Tokens::after(source, "checks!")?;
    tokens.marks("{")?;
    let mut checks = Vec::new();
    loop {
        let title = match tokens.next()? {
            Token::Text(title) => title,
            Token::Mark('}') => return Some(checks),
            _ => return None,
        };
        tokens.marks("=>")?;
        let name = tokens.word()?;
        let mut kernel = None;
        if tokens.next()? == Token::Mark('(') {
            kernel = Some(tokens.word()?);
            tokens.marks("){")?;
        }
        tokens.field("points")?;
        let points = tokens.word()?.replace('_', "").parse().ok()?;
        tokens.marks(",")?;
        tokens.field("section")?;
        let section = tokens.text()?;
        tokens.marks(",")?;
        tokens.field("hints")?;
        tokens.marks("[")?;
        let hints = hints(&mut tokens)?;
        if tokens.next()? == Token::Mark(',') {
            tokens.marks("}")?;
        }
        checks.push(ListedCheck { name, title, points, section, hints, kernel });
    }
}

/// `"…", "…"]`
fn hints(tokens: &mut Tokens) -> Option<Vec<String>> {
    let mut hints = Vec::new();
    loop {
        match tokens.next()? {
            Token::Text(hint) => hints.push(hint),
            Token::Mark(',') => {}
            Token::Mark(']') => return Some(hints),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_as_the_macro_reads_it() {
        let source = r##"
use grading::Outcome;

grading::checks! {
    // Comments are none of it.
    "Rows \"sum\" to one" => rows_sum {
        points: 2, section: "idea", hints: [
            "One \
             line", r#"a "raw" one"#,
        ]
    }
    "The kernel" => kernel_is_right(sum_wgsl) { points: 1_0, section: "", hints: ["é\u{e9}\n"], }
}
fn rows_sum() -> Outcome {}
"##;
        let checks = checks_of(source).unwrap();
        assert_eq!(checks.len(), 2);
        assert_eq!((checks[0].title.as_str(), checks[0].points), ("Rows \"sum\" to one", 2));
        assert_eq!(checks[0].hints, ["One line", "a \"raw\" one"]);
        assert_eq!((checks[1].name.as_str(), checks[1].points), ("kernel_is_right", 10));
        assert_eq!(checks[1].kernel.as_deref(), Some("sum_wgsl"));
        assert_eq!(checks[1].hints, ["éé\n"]);
        assert_eq!(checks_of("grading::checks! { \"A\" => a }"), None);
    }

    #[test]
    fn every_lesson_of_the_book_can_be_read() {
        let root = lessons::workspace_root().unwrap();
        for lesson in lessons::find_all(&root).unwrap() {
            let listing = listing(&lesson).unwrap();
            assert_ne!(listing.title, lesson.name);
            let source = lesson.checks().unwrap().concat();
            let tested: Vec<bool> = listing
                .checks
                .iter()
                .map(|check| source.contains(&format!("fn {}(", check.name)))
                .collect();
            assert!(!tested.is_empty() && tested.iter().all(|tested| *tested), "{listing:?}");
            assert!(listing.checks.iter().all(|c| c.points > 0 && !c.hints.is_empty()));
        }
    }
}
