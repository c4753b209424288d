//! Makes a module a mutant: the solution with an edit, and what is built on the edited function.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use stubs::Item;

use crate::parse::{Bug, Declaration, Edit, declarations, located};
use crate::{Problem, edit, lesson_folder, read};

pub fn expand(input: TokenStream) -> Result<TokenStream, Problem> {
    let (lesson, mutants) = declarations(input)?;
    let folder = lesson_folder()?;
    let source = read(&folder.join("src/solution.rs"))?;
    let items = stubs::items(&source);
    let stub = stubs::stub(&source, "").map_err(|error| Problem::new(error.to_string()))?;
    let all = module("solved", &lesson, &items, |_| true);
    let frame = format!(
        "const _: &[u8] = include_bytes!(\"../src/solution.rs\");
         {all}
         #[path = \"../src/exercise.rs\"] #[allow(unused)] mod exercise;
         mod reference {{ {lesson}::as_tests!({lesson}::LESSON, {lesson}::answers!({lesson}, super::solved)); }}
         #[test]
         fn the_stub_fails_every_check() {{
             let found = include_str!(\"../src/exercise.rs\");
             ::grading::judge::stub(
                 &{lesson}::LESSON, {lesson}::answers!({lesson}, exercise), found, {stub:?});
         }}"
    );
    let mut made = Problem::parse(&frame)?;
    for mutant in mutants {
        made.extend(mutant_tokens(&lesson, &items, mutant)?);
    }
    Ok(made)
}

fn mutant_tokens(
    lesson: &str,
    items: &[Item],
    mutant: Declaration,
) -> Result<TokenStream, Problem> {
    let Declaration { docs, name, span, check, check_span, bug } = mutant;
    let mut made = TokenStream::new();
    let answers = match bug {
        Bug::Edits { function, span, edits } => {
            let text = edited_module(&name, lesson, items, &function, span, &edits)?;
            let blamed = edits.first().map_or(span, |edit| edit.span);
            let parsed = text.parse().map_err(|error| {
                Problem::at(blamed, format!("the edited function cannot be parsed: {error}"))
            })?;
            made.extend(located(parsed, blamed));
            Problem::parse(&format!("{lesson}::answers!({lesson}, {name})"))?
        }
        Bug::Answers(tokens) => tokens,
    };
    let mut body = Problem::parse("let check: &str =")?;
    body.extend(located(Problem::parse(&format!("{lesson}::checks::names::{check}"))?, check_span));
    body.extend(Problem::parse(&format!("; let answers: {lesson}::Answers ="))?);
    body.extend(answers);
    body.extend(Problem::parse(&format!(
        "; ::grading::judge::mutant(&{lesson}::LESSON, check, answers);"
    ))?);
    made.extend(docs);
    made.extend(Problem::parse("#[test] fn")?);
    made.extend([TokenTree::from(Ident::new(&name, span))]);
    made.extend(Problem::parse("()")?);
    made.extend([TokenTree::from(Group::new(Delimiter::Brace, body))]);
    Ok(made)
}

/// A module with the edited function, what is built on it, and what is private; the rest is the
/// solution's.
fn edited_module(
    name: &str,
    lesson: &str,
    items: &[Item],
    function: &str,
    span: Span,
    edits: &[Edit],
) -> Result<String, Problem> {
    let Some(at) = items.iter().position(|item| item.name == Some(function)) else {
        return Err(Problem::at(span, format!("src/solution.rs has no function `{function}`")));
    };
    let mut items = items.to_vec();
    items[at].text = edited(&items[at].text, edits)?;
    let mut changed = vec![function.to_owned()];
    // Who calls a changed function is changed as well.
    loop {
        let before = changed.len();
        for item in items.iter().filter(|item| !item.is_use) {
            let Some(its) = item.name else { continue };
            if !changed.iter().any(|name| name == its)
                && changed.iter().any(|name| mentions(&item.text, name))
            {
                changed.push(its.to_owned());
            }
        }
        if changed.len() == before {
            break;
        }
    }
    let is_in = |item: &Item| {
        !item.is_pub || item.name.is_some_and(|name| changed.iter().any(|c| c == name))
    };
    Ok(module(name, lesson, &items, is_in))
}

fn module(name: &str, lesson: &str, items: &[Item], is_in: impl Fn(&Item) -> bool) -> String {
    let kept = items.iter().filter(|item| item.is_use || is_in(item));
    let text: String = kept.map(|item| item.text.as_str()).collect();
    format!(
        "#[allow(warnings, clippy::all)] mod {name} {{
             pub use {lesson}::solution::*;
             {text}
         }}"
    )
}

/// The function with its edits, or with its kernel edited.
fn edited(function: &str, edits: &[Edit]) -> Result<String, Problem> {
    let kernel = kernel_file(function);
    let mut text = match kernel {
        Some(file) => read(&lesson_folder()?.join("src").join(file))?,
        None => without_comments(function),
    };
    for Edit { from, to, span } in edits {
        text = edit::replace(&text, from, to)
            .map_err(|problem| Problem::at(*span, format!("{problem}: {from:?}")))?;
    }
    Ok(match kernel {
        Some(file) => function.replace(&format!("include_str!({file:?})"), &format!("{text:?}")),
        None => text,
    })
}

/// The path in `include_str!("….wgsl")`.
fn kernel_file(function: &str) -> Option<&str> {
    let (_, rest) = function.split_once("include_str!(\"")?;
    let (file, _) = rest.split_once('"')?;
    file.ends_with(".wgsl").then_some(file)
}

/// A comment between two lines must not keep an edit from reaching over both.
fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Whether a name stands in a text as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    without_comments(text).split(|c| !is_word(c)).any(|word| word == name)
}
