//! Single functions out of a source file, for the page (signature, solution) and the terminal.
//!
//! The sources are formatted by rustfmt, so indentation tells where an item ends.

use crate::stub::{BEGIN, END, STUB};

/// A function of a source file, with the indentation of its `impl` block removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// `softmax`, or `Bpe::encode` for a method.
    pub name: String,
    /// The line of its `fn`, counted from 1.
    pub line: usize,
    /// The text of its doc comment, as Markdown.
    pub docs: String,
    /// From `pub fn` up to, not including, the opening brace.
    pub signature: String,
    /// Docs, attributes, signature and body, without the markers of the answer.
    pub source: String,
}

/// An item at the top level of a source file: a function, a type, an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// What it declares; `None` for an import or an `impl` block.
    pub name: Option<&'a str>,
    /// Whether it begins with `use`.
    pub is_use: bool,
    /// Whether it begins with `pub`.
    pub is_pub: bool,
    /// Its lines, docs and attributes included.
    pub text: String,
}

/// The items of a source file, in order.
pub fn items(source: &str) -> Vec<Item<'_>> {
    let mut found = Vec::new();
    let mut lines = source.lines().skip_while(|line| line.starts_with("//!")).peekable();
    let mut text = String::new();
    while let Some(first) = lines.next() {
        text.extend([first, "\n"]);
        let is_head = first.starts_with("#[") || first.starts_with("//") || first.trim().is_empty();
        if is_head {
            continue;
        }
        let ends = |line: &str| {
            let is_margin = indent(line) == 0;
            (is_margin && (line.starts_with('}') || line.ends_with(';')))
                || (first.ends_with('=') && line.ends_with(';'))
        };
        let mut last = first;
        while !(ends(last) || (last == first && first.ends_with('}'))) {
            let Some(next) = lines.next() else { break };
            text.extend([next, "\n"]);
            last = next;
        }
        let is_pub = first.starts_with("pub ") || first.starts_with("pub(");
        let declared = first.trim_start_matches("pub ");
        let name = declared_fn(first).or_else(|| {
            let kinds = ["struct ", "enum ", "const ", "static ", "type ", "trait "];
            let rest = kinds.iter().find_map(|kind| declared.strip_prefix(kind))?;
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
        });
        let is_use = declared.starts_with("use ");
        found.push(Item { name, is_use, is_pub, text: std::mem::take(&mut text) });
    }
    found
}

/// A function by name; `Type::method` for a method.
pub fn function(source: &str, name: &str) -> Option<Function> {
    functions(source).into_iter().find(|(found, _)| found.name == name).map(|(found, _)| found)
}

/// The functions that hold what a learner writes, in order.
pub fn answered_functions(source: &str) -> Vec<Function> {
    functions(source)
        .into_iter()
        .filter(|(_, answered)| *answered)
        .map(|(found, _)| found)
        .collect()
}

/// A source without the markers of answers and stubs.
pub fn without_markers(source: &str) -> String {
    source.lines().filter(|line| !is_marker(line)).flat_map(|line| [line, "\n"]).collect()
}

fn is_marker(line: &str) -> bool {
    let line = line.trim();
    line == BEGIN || line == END || line.starts_with(STUB)
}

/// The name a line declares, if it starts a function.
pub(crate) fn declared_fn(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if let Some(scoped) = rest.strip_prefix("pub(") {
        rest = scoped.split_once(") ")?.1;
    }
    loop {
        if let Some(name) = rest.strip_prefix("fn ") {
            return name.split(|c: char| !c.is_alphanumeric() && c != '_').next();
        }
        rest = ["pub ", "const ", "async ", "unsafe "]
            .iter()
            .find_map(|word| rest.strip_prefix(word))?;
    }
}

pub(crate) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn functions(source: &str) -> Vec<(Function, bool)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    let mut owner: Option<String> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if let Some(header) = line.strip_prefix("impl") {
            owner = Some(implementor(header));
        } else if line == "}" {
            owner = None;
        }
        let depth = indent(line);
        let is_item = depth == 0 || (depth == 4 && owner.is_some());
        if let (true, Some(name)) = (is_item, declared_fn(line)) {
            let name = match &owner {
                Some(owner) if depth > 0 => format!("{owner}::{name}"),
                _ => name.to_owned(),
            };
            let last = end(&lines, at);
            found.push(build(&lines, name, at, last));
            at = last;
        }
        at += 1;
    }
    found
}

/// `Bpe` for ` Tokenizer for Bpe<'_> {` and for `<T> Bpe {`.
fn implementor(header: &str) -> String {
    let header = header.rsplit(" for ").next().unwrap_or(header).trim_start();
    let header = match header.strip_prefix('<') {
        Some(generic) => generic.split_once("> ").map_or(generic, |(_, rest)| rest),
        None => header,
    };
    header.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn end(lines: &[&str], start: usize) -> usize {
    let depth = indent(lines[start]);
    if lines[start].ends_with('}') {
        return start;
    }
    let closes = |line: &str| indent(line) == depth && line.trim_start() == "}";
    (start..lines.len()).find(|&i| closes(lines[i])).unwrap_or(lines.len() - 1)
}

fn build(lines: &[&str], name: String, start: usize, last: usize) -> (Function, bool) {
    let depth = indent(lines[start]);
    let belongs = |line: &str| {
        let line = line.trim_start();
        line.starts_with("///") || line.starts_with("#[")
    };
    let above = lines[..start].iter().rev().take_while(|line| belongs(line)).count();
    let dedent = |line: &str| line.get(depth..).unwrap_or_default().to_owned();
    let docs =
        lines[start - above..start].iter().filter_map(|line| line.trim_start().strip_prefix("///"));
    let docs: Vec<&str> = docs.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let opens = (start..=last).find(|&i| lines[i].ends_with('{')).unwrap_or(start);
    let signature: Vec<String> = lines[start..=opens].iter().map(|line| dedent(line)).collect();
    let signature = signature.join("\n");
    let body = &lines[start - above..=last];
    let kept: Vec<String> = body.iter().filter(|l| !is_marker(l)).map(|l| dedent(l)).collect();
    // Not everybody's functions are set by rustfmt: `fn one() -> u32 { 1 }`.
    let signature = signature.split(" {").next().unwrap_or_default();
    let function = Function {
        name,
        line: start + 1,
        docs: docs.join("\n"),
        signature: signature.trim_end_matches('{').trim_end().to_owned(),
        source: kept.join("\n"),
    };
    (function, body.iter().any(|line| line.trim() == BEGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
/// Sums.
///
/// Twice.
#[must_use]
pub fn sum(
    x: &[f32],
) -> f32 {
    // BEGIN ANSWER
    // STUB: let _ = x;
    x.iter().sum()
    // END ANSWER
}

impl<T> Iterator for Bpe<T> {
    /// One.
    pub(crate) fn encode(&self) -> u32 {
        // BEGIN ANSWER
        1
        // END ANSWER
    }
}

fn given() {}
";

    #[test]
    fn a_function_has_docs_signature_and_source() {
        let sum = function(SOURCE, "sum").unwrap();
        assert_eq!(sum.line, 5);
        assert_eq!(sum.docs, "Sums.\n\nTwice.");
        assert_eq!(sum.signature, "pub fn sum(\n    x: &[f32],\n) -> f32");
        assert!(sum.source.ends_with(") -> f32 {\n    x.iter().sum()\n}"), "{}", sum.source);
        assert_eq!(function(SOURCE, "given").unwrap().signature, "fn given()");
        assert!(function(SOURCE, "none").is_none());
    }

    #[test]
    fn items_end_where_rustfmt_ends_them() {
        let source = "//! Docs.\n\nuse std::{\n    a,\n};\n\n/// One.\nconst ONE: f64 =\n    1.0;\n\n\
                      pub fn two() {}\n\npub fn sum(\n    x: f32,\n) -> f32 {\n    x;\n}\nstruct A;\n";
        let items = items(source);
        let names: Vec<_> = items.iter().map(|item| item.name).collect();
        assert_eq!(names, [None, Some("ONE"), Some("two"), Some("sum"), Some("A")]);
        assert!(items[0].is_use && items[3].is_pub && !items[4].is_pub);
        assert!(items[3].text.ends_with("    x;\n}\n") && items[1].text.contains("One."));
    }

    #[test]
    fn methods_are_named_with_their_type_and_answers_are_found() {
        let names: Vec<String> = answered_functions(SOURCE).into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["sum", "Bpe::encode"]);
        let method = function(SOURCE, "Bpe::encode").unwrap();
        assert_eq!(method.source, "/// One.\npub(crate) fn encode(&self) -> u32 {\n    1\n}");
    }
}
