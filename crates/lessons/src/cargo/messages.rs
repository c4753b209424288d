//! What cargo writes for programs, one JSON document a line.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use serde::Deserialize;

use super::{Artifact, Built, CompilerError};

/// A line of `cargo build --message-format=json`.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact { target: Target, filenames: Vec<PathBuf>, executable: Option<PathBuf> },
    #[serde(rename = "compiler-message")]
    Said { package_id: String, message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// Reads what cargo made, and what the compiler says that is wrong.
pub fn read_messages(stdout: impl Read, built: &mut Built) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(Message::Artifact { target, filenames: files, executable }) => {
                built.artifacts.push(Artifact { target: target.name, files, executable });
            }
            Ok(Message::Said { package_id, message }) => {
                built.errors.extend(error(package_id, message));
            }
            _ => {}
        }
    }
}

/// An error of the compiler; its last words, "aborting due to 2 errors", say nothing new.
fn error(package: String, said: Diagnostic) -> Option<CompilerError> {
    let span = said.spans.iter().find(|span| span.is_primary);
    let is_last = span.is_none() && said.message.starts_with("aborting due to");
    if !said.level.starts_with("error") || is_last {
        return None;
    }
    let place = span.map(|span| format!("{}:{}", span.file_name, span.line_start));
    let rendered = without_reference(&said.rendered.unwrap_or_default());
    Some(CompilerError { package, message: said.message, rendered, place })
}

/// The compiler's words without its help to import the reference in place of a function that is not
/// there: it cannot know what that would spoil.
fn without_reference(rendered: &str) -> String {
    let mut blocks = vec![String::new()];
    for line in rendered.split_inclusive('\n') {
        let text = plain(line);
        let text = text.trim();
        if text.is_empty() || text.starts_with("help:") || text.starts_with("note:") {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
        }
    }
    blocks.retain(|block| {
        let text = plain(block);
        !(text.trim_start().starts_with("help:") && text.contains("::solution::"))
    });
    blocks.concat()
}

/// A text without its colors.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn nobody_is_sent_to_import_the_reference() {
        let error =
            "\u{1b}[1merror[E0425]\u{1b}[0m: cannot find function `f`\n --> x.rs:1:1\n   |\n";
        let note = "\u{1b}[92mnote\u{1b}[0m: there is `a::g`\n  --> y.rs:1:1\n";
        let help = |path: &str| {
            let start =
                "\u{1b}[96mhelp\u{1b}[0m: consider importing one of these functions\n   |\n";
            format!("{start}\u{1b}[32m1 + use \u{1b}[0m{path};\n   |\n1 + use b::f;\n   |\n")
        };
        let of = |path: &str| without_reference(&format!("{error}{}{note}\n", help(path)));
        assert_eq!(of("a::solution::f"), format!("{error}{note}\n"));
        assert_eq!(of("a::other::f"), format!("{error}{}{note}\n", help("a::other::f")));
    }

    #[test]
    fn messages_give_the_files_and_the_errors() {
        let lines = [
            r#"{"reason":"compiler-artifact","target":{"name":"a"},"filenames":["/a"],"executable":"/a"}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"b"},"filenames":["/b.wasm"],"executable":null}"#,
            r#"{"reason":"compiler-message","package_id":"p","message":{"level":"warning","message":"w","rendered":"w","spans":[]}}"#,
            r#"{"reason":"compiler-message","package_id":"p","message":{"level":"error","message":"e","rendered":"error: e\n","spans":[{"file_name":"x.rs","line_start":3,"is_primary":true}]}}"#,
            r#"{"reason":"compiler-message","package_id":"p","message":{"level":"error","message":"aborting due to 1 error","rendered":"","spans":[]}}"#,
            r#"{"reason":"build-finished","success":false}"#,
        ];
        let mut built = Built::default();
        read_messages(lines.join("\n").as_bytes(), &mut built);
        assert_eq!(built.program("a"), Some(Path::new("/a")));
        assert_eq!(built.program("b"), None);
        assert_eq!(built.artifacts[1].files, [PathBuf::from("/b.wasm")]);
        assert_eq!(built.errors.len(), 1);
        assert_eq!(built.errors[0].place.as_deref(), Some("x.rs:3"));
        assert_eq!(built.rendered(), "error: e\n\n");
    }
}
