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
    let rendered = said.rendered.unwrap_or_default();
    Some(CompilerError { package, message: said.message, rendered, place })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

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
