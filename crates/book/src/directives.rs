//! The directives of this book: `{{#quiz softmax-sampling}}`, `<study-demo name="…">` and the like
//! become what the lessons computed.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use regex::Regex;

use crate::fragments::Fragments;
use crate::markdown::{self, Part};
use crate::math::Katex;
use crate::report_card;
use crate::slots::{Slots, inert};
use crate::stills::{Stills, unknown};

/// Ours, as an unknown name is answered.
const OURS: [&str; 9] = [
    "value",
    "figure",
    "quiz",
    "checks",
    "signature",
    "solution",
    "roadmap",
    "progress",
    "report-card",
];
/// Those of mdBook that name a file.
const INCLUDES: [&str; 3] = ["include", "rustdoc_include", "playground"];

/// Expands the directives of every page.
pub struct Directives {
    /// What the lessons computed.
    pub stills: Stills,
    /// For formulas in quizzes.
    pub katex: Katex,
    /// Where the HTML waits.
    pub slots: Slots,
}

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "study"
    }

    fn run(&self, ctx: &PreprocessorContext, mut book: Book) -> Result<Book> {
        self.katex.configure(ctx)?;
        let items = book.items.clone();
        let src = ctx.config.book.src.clone();
        let mut failure = None;
        book.for_each_mut(|item| {
            let (BookItem::Chapter(chapter), None) = (item, &failure) else { return };
            let Some(page) = Page::of(self, &ctx.root, &src, &items, chapter) else { return };
            match page.expand(&chapter.content) {
                Ok(content) => chapter.content = content,
                Err(error) => failure = Some(error),
            }
        });
        failure.map_or(Ok(book), Err)
    }
}

/// A page whose directives are expanded.
struct Page<'a> {
    all: &'a Directives,
    fragments: Fragments<'a>,
    /// The source from the root, as errors name it.
    file: PathBuf,
    /// The folder of the source.
    folder: PathBuf,
}

/// A directive in a page.
struct Found<'t> {
    name: &'t str,
    arguments: Vec<&'t str>,
    range: Range<usize>,
}

impl<'a> Page<'a> {
    fn of(
        all: &'a Directives,
        root: &'a Path,
        src: &Path,
        items: &'a [BookItem],
        chapter: &Chapter,
    ) -> Option<Self> {
        let file = src.join(chapter.source_path.as_ref()?);
        let folder = root.join(&file).parent()?.to_owned();
        let depth = chapter.path.as_ref()?.components().count() - 1;
        let page = chapter.path.as_ref()?.with_extension("html");
        let fragments = Fragments {
            root,
            stills: &all.stills,
            katex: &all.katex,
            items,
            to_root: "../".repeat(depth),
            page: page.to_string_lossy().replace('\\', "/"),
        };
        Some(Self { all, fragments, file, folder })
    }

    fn expand(&self, text: &str) -> Result<String> {
        let parts = markdown::parts(text);
        let inside = |range: &Range<usize>| {
            let part = parts.iter().find(|(part, _)| part.contains(&range.start));
            part.map(|(_, part)| part)
        };
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in find(text) {
            let part = inside(&found.range);
            let is_include = INCLUDES.contains(&found.name);
            let replaced = match part {
                Some(Part::Code) if !is_include => continue,
                _ if is_include => self.check_include(&found).map(|()| None),
                _ if found.name == "title" => Ok(None),
                part => self.one(&found, text, part.is_some()).map(Some),
            };
            match replaced {
                Ok(None) => {}
                Ok(Some(new)) => {
                    out.push_str(&text[done..found.range.start]);
                    out.push_str(&new);
                    done = found.range.end;
                }
                Err(error) => {
                    let line = markdown::line(text, found.range.start);
                    bail!("{}:{line}: {error:#}", self.file.display());
                }
            }
        }
        out.push_str(&text[done..]);
        Ok(out)
    }

    /// What a directive becomes.
    fn one(&self, found: &Found<'_>, text: &str, in_formula: bool) -> Result<String> {
        let fragments = &self.fragments;
        if let ("value", [lesson, name]) = (found.name, &*found.arguments) {
            let value = fragments.value(lesson, name)?;
            return Ok(if in_formula { value.to_owned() } else { inert(value) });
        }
        let html = match (found.name, &*found.arguments) {
            ("study-demo", [name]) => fragments.demo(name)?,
            ("figure", [page, name]) => fragments.figure(page, name)?,
            ("quiz", [lesson]) => fragments.quiz(lesson)?,
            ("checks", [lesson]) => fragments.checks(lesson)?,
            ("signature", [lesson, function]) => fragments.signature(lesson, function)?,
            ("solution", [lesson, function]) => fragments.solution(lesson, function)?,
            ("roadmap", []) => fragments.roadmap(),
            ("progress", []) => fragments.progress()?,
            ("report-card", []) => report_card::table(fragments.root)?.into_string(),
            (name, arguments) if OURS.contains(&name) || name == "study-demo" => {
                bail!("`{name}` does not take {} arguments", arguments.len())
            }
            (name, _) => bail!("{}", unknown("directive", name, OURS.into_iter())),
        };
        if in_formula || !stands_alone(text, &found.range) {
            bail!("`{}` must stand in a line of its own, between empty lines", found.name);
        }
        Ok(self.all.slots.block(html))
    }

    /// mdBook only logs an include that fails.
    fn check_include(&self, found: &Found<'_>) -> Result<()> {
        let Some(argument) = found.arguments.first() else { bail!("`{}` of what?", found.name) };
        let (file, anchor) = argument.split_once(':').unwrap_or((argument, ""));
        let Ok(included) = std::fs::read_to_string(self.folder.join(file)) else {
            bail!("the included file {file} cannot be read");
        };
        let is_anchor = anchor.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if is_anchor && !included.contains(&format!("ANCHOR: {anchor}")) {
            bail!("{file} has no `ANCHOR: {anchor}`");
        }
        Ok(())
    }
}

/// All directives and demos of a page, in order; those behind a backslash are text.
fn find(text: &str) -> Vec<Found<'_>> {
    let pattern = r"\\?\{\{\s*#([\w-]+)([^{}\n]*)\}\}|<(study-demo)\b([^>]*)>(?:\s*</study-demo>)?";
    let Ok(directive) = Regex::new(pattern) else { return Vec::new() };
    let found = directive.captures_iter(text).filter_map(|captures| {
        let all = captures.get(0)?;
        let name = captures.get(1).or(captures.get(3))?.as_str();
        let arguments = match captures.get(4) {
            Some(attributes) => name_attribute(attributes.as_str()).into_iter().collect(),
            None => captures.get(2)?.as_str().split_whitespace().collect(),
        };
        let escaped = all.as_str().starts_with('\\');
        (!escaped).then(|| Found { name, arguments, range: all.range() })
    });
    found.collect()
}

fn name_attribute(attributes: &str) -> Option<&str> {
    attributes.trim().strip_prefix("name=\"")?.strip_suffix('"')
}

/// Whether the lines before and after are empty, and nothing else is on the line itself.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let empty = |line: &str| line.trim().is_empty();
    text[..range.start].rsplit('\n').take(2).all(empty)
        && text[range.end..].split('\n').take(2).all(empty)
}

#[cfg(test)]
mod tests;
