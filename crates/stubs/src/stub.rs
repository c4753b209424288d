//! Stubs from solutions.
//!
//! In a solution, `// BEGIN ANSWER` and `// END ANSWER` enclose what the learner writes; lines that
//! start with `// STUB: ` in between are what the stub has in its place.

use anyhow::{Result, bail};

use crate::item::{declared_fn, indent};

pub(crate) const BEGIN: &str = "// BEGIN ANSWER";
pub(crate) const END: &str = "// END ANSWER";
pub(crate) const STUB: &str = "// STUB:";

/// What a WGSL stub says where nothing else is given.
pub const STUB_COMMENT: &str = "// your code here";

/// The learner's Rust file: every answer becomes its `// STUB: ` lines or `todo!("function")`,
/// kernels are the learner's own, and `header` replaces the module's `//!` comment.
pub fn stub(solution: &str, header: &str) -> Result<String> {
    let lines: Vec<&str> = solution.lines().collect();
    let body = replace_answers(solution, |begin| {
        // A helper of the answer at the level of items leaves nothing behind.
        enclosing_fn(&lines[..begin], indent(lines[begin])).map(|name| format!("todo!(\"{name}\")"))
    })?;
    let body = body.replace("kernels/solution/", "kernels/exercise/");
    let body: Vec<&str> = body.lines().skip_while(|line| line.starts_with("//!")).collect();
    Ok(format!("{}\n\n{}\n", header.trim_end(), body.join("\n").trim()))
}

/// The learner's kernel.
pub fn stub_wgsl(solution: &str) -> Result<String> {
    replace_answers(solution, |_| Some(STUB_COMMENT.into()))
}

fn replace_answers(solution: &str, default: impl Fn(usize) -> Option<String>) -> Result<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open: Option<(usize, Vec<String>)> = None;
    for (at, line) in solution.lines().enumerate() {
        let (text, number) = (line.trim(), at + 1);
        match (text, open.as_mut()) {
            (BEGIN, Some((begin, _))) => {
                bail!("line {number}: `{BEGIN}` inside the answer that line {} begins", *begin + 1)
            }
            (BEGIN, None) => open = Some((at, Vec::new())),
            (END, None) => bail!("line {number}: `{END}` without a `{BEGIN}` above it"),
            (END, Some((begin, kept))) => {
                let mut kept = std::mem::take(kept);
                if kept.is_empty()
                    && let Some(text) = default(*begin)
                {
                    kept.push(format!("{}{text}", " ".repeat(indent(line))));
                }
                open = None;
                // An answer that leaves nothing must not leave two blank lines either.
                if kept.is_empty() && out.last().is_some_and(|last| last.is_empty()) {
                    out.pop();
                }
                out.append(&mut kept);
            }
            (_, Some((_, kept))) => {
                if let Some(stub) = text.strip_prefix(STUB) {
                    let stub = stub.strip_prefix(' ').unwrap_or(stub).trim_end();
                    let margin = if stub.is_empty() { 0 } else { indent(line) };
                    kept.push(format!("{}{stub}", " ".repeat(margin)));
                }
            }
            (_, None) => out.push(line.to_owned()),
        }
    }
    if let Some((begin, _)) = open {
        bail!("line {}: `{BEGIN}` without an `{END}` below it", begin + 1);
    }
    Ok(out.join("\n") + "\n")
}

/// The function whose body a line of this indentation is in: the nearest `fn` above that is
/// indented less, past nothing but the rest of its own signature.
fn enclosing_fn<'a>(above: &[&'a str], margin: usize) -> Option<&'a str> {
    let mut limit = margin;
    for line in above.iter().rev().filter(|line| !line.trim().is_empty()) {
        let (depth, text) = (indent(line), line.trim_start());
        if depth >= limit {
            continue;
        }
        if let Some(name) = declared_fn(line) {
            return Some(name);
        }
        let continues_above = [")", "{", "where"].iter().any(|start| text.starts_with(start));
        limit = depth + usize::from(continues_above);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_todos_named_after_their_function() {
        let solution = "\
//! The reference.
//! More.

use crate::given;

/// Docs stay.
pub fn softmax<T>(
    x: &[f32],
) -> Vec<f32>
where
    T: Sized,
{
    let n = x.len();
    for _ in 0..n {
        // BEGIN ANSWER
        given();
        // END ANSWER
    }
}

// BEGIN ANSWER
fn helper() {}
// END ANSWER

impl Bpe {
    pub const fn kernel() -> &'static str {
        include_str!(\"../kernels/solution/a.wgsl\")
    }

    pub(crate) async fn encode(&self) {
        // BEGIN ANSWER
        // STUB: let words = split();
        // STUB:
        // STUB: todo!(\"merge the words\")
        1
        // END ANSWER
    }
}
";
        let expected = "\
//! Yours.

use crate::given;

/// Docs stay.
pub fn softmax<T>(
    x: &[f32],
) -> Vec<f32>
where
    T: Sized,
{
    let n = x.len();
    for _ in 0..n {
        todo!(\"softmax\")
    }
}

impl Bpe {
    pub const fn kernel() -> &'static str {
        include_str!(\"../kernels/exercise/a.wgsl\")
    }

    pub(crate) async fn encode(&self) {
        let words = split();

        todo!(\"merge the words\")
    }
}
";
        assert_eq!(stub(solution, "//! Yours.\n").unwrap(), expected);
    }

    #[test]
    fn an_answer_between_items_is_in_no_function() {
        let above = ["fn before() {", "}", "impl Bpe {", "    fn other() {", "    }"];
        assert_eq!(enclosing_fn(&above, 4), None);
        assert_eq!(enclosing_fn(&above[..1], 4), Some("before"));
    }

    #[test]
    fn kernels_get_their_stub_lines_or_a_comment() {
        let solution = "fn main() {\n    // BEGIN ANSWER\n    let a = 1;\n    // END ANSWER\n}\n";
        assert_eq!(stub_wgsl(solution).unwrap(), "fn main() {\n    // your code here\n}\n");
        let solution = "// BEGIN ANSWER\n// STUB: let b = 2;\nlet a = 1;\n// END ANSWER\n";
        assert_eq!(stub_wgsl(solution).unwrap(), "let b = 2;\n");
    }

    #[test]
    fn unbalanced_markers_are_named_with_their_line() {
        for (source, line) in [
            ("a\n// BEGIN ANSWER\n", "line 2"),
            ("// END ANSWER\n", "line 1"),
            ("// BEGIN ANSWER\n\n// BEGIN ANSWER\n", "line 3"),
        ] {
            let error = stub_wgsl(source).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
