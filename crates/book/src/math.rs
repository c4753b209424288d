//! Formulas: rendered by KaTeX at build time, to HTML for the eye and MathML for the ear.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail};
use mdbook_katex::cfg::get_config;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::markdown::{self, Part};
use crate::slots::Slots;

/// KaTeX with a memory, since a page is rendered again at every edit. Clones share it.
#[derive(Clone, Default)]
pub struct Katex(Rc<RefCell<Engine>>);

#[derive(Default)]
struct Engine {
    /// For formulas in a line and for those set apart.
    options: Option<(katex::Opts, katex::Opts)>,
    rendered: HashMap<(String, bool), String>,
}

impl Katex {
    /// Takes the options of `book.toml`.
    pub fn configure(&self, ctx: &PreprocessorContext) -> Result<()> {
        let config = get_config(&ctx.config).context("book.toml: preprocessor.katex")?;
        self.0.borrow_mut().options = Some(config.build_opts(&ctx.root));
        Ok(())
    }

    /// The HTML of a formula, or why KaTeX rejects it.
    pub fn render(&self, tex: &str, display: bool) -> Result<String> {
        let mut engine = self.0.borrow_mut();
        let key = (tex.to_owned(), display);
        if let Some(html) = engine.rendered.get(&key) {
            return Ok(html.clone());
        }
        let (inline, block) = engine.options.get_or_insert_with(default_options);
        let html = katex::render_with_opts(tex, if display { block } else { inline })
            .map_err(|error| anyhow!("KaTeX rejects `{}`: {}", tex.trim(), reason(&error)))?;
        let html = html.replace('\n', " ");
        engine.rendered.insert(key, html.clone());
        Ok(html)
    }
}

fn default_options() -> (katex::Opts, katex::Opts) {
    let config =
        mdbook_katex::cfg::KatexConfig { output: "htmlAndMathml".into(), ..Default::default() };
    config.build_opts(Path::new("."))
}

/// KaTeX's own words.
fn reason(error: &katex::Error) -> String {
    let text = error.to_string();
    let said = text.split_once("KaTeX parse error: ").map_or(text.as_str(), |(_, said)| said);
    let said = said.split(": JavaScript runtime error").next().unwrap_or(said);
    // It underlines where it stopped with combining marks, which a terminal shows as clutter.
    said.replace(['\u{332}', '\n'], "")
}

/// Renders the formulas of every page.
pub struct Math {
    /// The renderer.
    pub katex: Katex,
    /// Where the formulas wait.
    pub slots: Slots,
}

impl Preprocessor for Math {
    fn name(&self) -> &str {
        "katex"
    }

    fn run(&self, ctx: &PreprocessorContext, mut book: Book) -> Result<Book> {
        self.katex.configure(ctx)?;
        let mut failure = None;
        book.for_each_mut(|item| {
            if let (BookItem::Chapter(chapter), None) = (item, &failure) {
                match self.page(ctx, chapter) {
                    Ok(content) => chapter.content = content,
                    Err(error) => failure = Some(error),
                }
            }
        });
        failure.map_or(Ok(book), Err)
    }
}

impl Math {
    fn page(&self, ctx: &PreprocessorContext, chapter: &Chapter) -> Result<String> {
        let text = &chapter.content;
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, part) in markdown::parts(text) {
            let Part::Math { tex, display } = part else { continue };
            let html = match self.katex.render(&tex, display) {
                Ok(html) => html,
                Err(error) => bail!("{}: {error}", place(ctx, chapter, range.start, &tex)),
            };
            let before = &text[done..range.start];
            let slot = self.slots.inline(html, tex.trim());
            let (opening, closing) =
                if display { ("", "") } else { around(before, &text[range.end..]) };
            out.push_str(&before[..before.len() - opening.len()]);
            match (opening, closing) {
                ("", "") => out.push_str(&slot),
                _ => out += &format!("<span class=\"together\">{opening}{slot}{closing}</span>"),
            }
            done = range.end + closing.len();
        }
        out.push_str(&text[done..]);
        Ok(out)
    }
}

/// The signs right before and right behind a formula that must not be parted from it at the end of
/// a line: to a browser, a formula is a box, beside which a line may always end.
pub fn around<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let opening = before.trim_end_matches(['(', '“', '‘', '−', '±']);
    // What Markdown reads as a link's address is not text.
    let opening = if opening.ends_with([']', '!']) { before } else { opening };
    let closing = after.trim_start_matches([',', '.', ';', ':', '?', '!', ')', '”', '’', '%', '-']);
    (&before[opening.len()..], &after[..after.len() - closing.len()])
}

/// File and line of a formula. Our directives keep the lines of a page; where an included file
/// shifts them, the formula is looked for in the source.
fn place(ctx: &PreprocessorContext, chapter: &Chapter, at: usize, tex: &str) -> String {
    let Some(path) = &chapter.source_path else { return chapter.name.clone() };
    let shown = ctx.config.book.src.join(path);
    let source = std::fs::read_to_string(ctx.root.join(&shown)).unwrap_or_default();
    let line = if source.lines().count() == chapter.content.lines().count() {
        Some(markdown::line(&chapter.content, at))
    } else {
        source.find(tex).map(|at| markdown::line(&source, at))
    };
    match line {
        Some(line) => format!("{}:{line}", shown.display()),
        None => format!("a file included by {}", shown.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_formula_is_told_in_katex_words() {
        let error = Katex::default().render(r"\frac{1}{", false).unwrap_err().to_string();
        let said = "Unexpected end of input in a macro argument, expected '}' at end of input";
        assert_eq!(error, format!(r"KaTeX rejects `\frac{{1}}{{`: {said}: \frac{{1}}{{"));
    }

    #[test]
    fn punctuation_stays_with_its_formula() {
        assert_eq!(around("is (", "), so"), ("(", "),"));
        assert_eq!(around("[a](", ") b"), ("", ")"));
        assert_eq!(around("of ", "."), ("", "."));
        assert_eq!(around("*", "*, b"), ("", ""));
        assert_eq!(around("the ", "-th"), ("", "-"));
        assert_eq!(around("from ", " to"), ("", ""));
    }

    #[test]
    fn the_annotation_holds_the_formula_as_written() {
        let html = Katex::default().render("a_1 * b_2", false).unwrap();
        let annotation = r#"<annotation encoding="application/x-tex">a_1 * b_2</annotation>"#;
        assert!(html.contains(annotation), "{html}");
    }
}
