//! What a WGSL compiler says, in a form that editor, page and terminal can show.

use std::fmt;

/// A compiler's message about a WGSL source.
///
/// ```
/// let diagnostic = gpu::Diagnostic {
///     line: 3,
///     column: 14,
///     message: "1.5 is no u32".into(),
///     excerpt: vec!["let y: u32 = 1.5;".into(), "             ^^^".into()],
/// };
/// let text = "line 3, column 14: 1.5 is no u32\n    let y: u32 = 1.5;\n                 ^^^";
/// assert_eq!(diagnostic.to_string(), text);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Line, from 1; 0 if the compiler names none.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// What is wrong, in one line.
    pub message: String,
    /// The lines that it is about, with a mark under the place; empty if the compiler names none.
    pub excerpt: Vec<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        for line in &self.excerpt {
            write!(f, "\n{}", format!("    {line}").trim_end())?;
        }
        Ok(())
    }
}

impl Diagnostic {
    /// The compiler's message about `wgsl`, with the column in characters and the source quoted.
    pub(crate) fn new(wgsl: &str, said: &wgpu::CompilationMessage) -> Self {
        let (line, byte) = match &said.location {
            Some(place) => (place.line_number, place.line_position as usize),
            // In a browser, wgpu takes an empty range at the first character for no place.
            None if cfg!(target_family = "wasm") => (1, 1),
            None => (0, 1),
        };
        let source = wgsl.lines().nth((line as usize).wrapping_sub(1)).unwrap_or("");
        // Columns come in bytes; an editor counts characters.
        let before = source.char_indices().take_while(|(i, _)| i + 1 < byte).count();
        let drawing = drawing(&said.message);
        let excerpt = match drawing.is_empty() {
            false => drawing,
            true if source.is_empty() => Vec::new(),
            true => vec![source.to_owned(), format!("{}^", " ".repeat(before))],
        };
        Self { line, column: before as u32 + 1, message: headline(&said.message), excerpt }
    }
}

/// The first line of a message, without the name of the part of the compiler that wrote it. naga
/// says only that a function "is invalid" and adds the reasons below, after equals signs.
fn headline(said: &str) -> String {
    let first = said.lines().find(|l| !l.trim().is_empty()).unwrap_or("error");
    let first = first.split_once("error: ").map_or(first, |(_, text)| text).trim();
    let reasons = said.lines().filter_map(|line| line.trim_start().strip_prefix("= "));
    let reasons: Vec<&str> = reasons.map(str::trim).collect();
    match reasons.is_empty() {
        true => first.to_owned(),
        false => format!("{first}: {}", reasons.join("; ")),
    }
}

/// What naga draws below its message: the source, with marks and remarks.
fn drawing(said: &str) -> Vec<String> {
    let lines = said.lines().skip_while(|line| !line.contains('┌')).skip(1);
    let lines = lines.take_while(|line| !line.trim_start().starts_with("= "));
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    let is_frame = |line: &String| line.chars().all(|c| c.is_whitespace() || c == '│');
    lines.drain(..lines.iter().take_while(|line| is_frame(line)).count());
    while lines.last().is_some_and(is_frame) {
        lines.pop();
    }
    lines
}

/// Whether a source that compiles has this entry point. Each browser says in other words that one
/// is missing.
pub(crate) fn has_entry_point(wgsl: &str, entry: &str) -> bool {
    let code = wgsl.lines().map(|line| line.split("//").next().unwrap_or(line));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let words: Vec<&str> = code
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '@')
        .filter(|word| !word.is_empty())
        .collect();
    words.contains(&"@compute") && words.windows(2).any(|pair| pair == ["fn", entry])
}
