//! Where code and formulas are in a page, as mdBook's own Markdown parser sees them.

use std::ops::Range;

use anyhow::Result;
use mdbook_markdown::pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::math::{Katex, around};

/// A part of a page that is not plain Markdown.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A code block or inline code: nothing in it is touched.
    Code,
    /// A formula.
    Math {
        /// What stands between the dollar signs.
        tex: String,
        /// Set apart from the text around it.
        display: bool,
    },
}

impl Part {
    fn math(tex: CowStr<'_>, display: bool) -> Self {
        Self::Math { tex: tex.into_string(), display }
    }
}

/// What mdBook's parser accepts, and formulas between dollar signs.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_MATH);

/// Code and formulas, in order, with their places.
pub fn parts(text: &str) -> Vec<(Range<usize>, Part)> {
    let mut parts = Vec::new();
    let mut dollars = Vec::new();
    let mut in_code = false;
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                parts.push((range, Part::Code));
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Code(_) => parts.push((range, Part::Code)),
            Event::InlineMath(tex) => parts.push((range, Part::math(tex, false))),
            Event::DisplayMath(tex) => parts.push((range, Part::math(tex, true))),
            Event::Text(_) if !in_code => note_signs(text, range, &mut dollars),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell,
            ) => {
                parts.extend(unbalanced(text, &std::mem::take(&mut dollars)));
            }
            _ => {}
        }
    }
    parts.sort_by_key(|(range, _)| range.start);
    parts
}

/// Notes the dollar signs in a text that are not escaped, `$$` as one.
fn note_signs(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    for (at, _) in text[range.clone()].match_indices('$') {
        let at = range.start + at;
        match found.last_mut() {
            _ if text[..at].ends_with('\\') => {}
            Some(last) if last.end == at && last.len() == 1 => last.end += 1,
            _ => found.push(at..at + 1),
        }
    }
}

/// What stands between dollar signs and is left as text by the parser, because its braces do not
/// match: still meant as a formula, so KaTeX shall see it and say what is wrong.
fn unbalanced(text: &str, dollars: &[Range<usize>]) -> Vec<(Range<usize>, Part)> {
    let mut found = Vec::new();
    let mut rest = dollars;
    while let [open, after @ ..] = rest {
        rest = after;
        let is_pair = |close: &&Range<usize>| {
            let tex = &text[open.end..close.start];
            let tight =
                !tex.starts_with(char::is_whitespace) && !tex.ends_with(char::is_whitespace);
            close.len() == open.len() && (tight || open.len() == 2)
        };
        if let Some(close) = after.iter().find(is_pair) {
            let tex = text[open.end..close.start].to_owned();
            found.push((open.start..close.end, Part::Math { tex, display: open.len() == 2 }));
            rest = &after[after.iter().take_while(|sign| sign.start <= close.start).count()..];
        }
    }
    found
}

/// The number of the line, from 1, that holds the byte.
pub fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

/// Markdown without paragraphs around it, for a question or the cell of a table. Formulas are
/// rendered; HTML is shown as text.
pub fn inline(text: &str, katex: &Katex) -> Result<String> {
    let mut events = Vec::new();
    let mut parser = Parser::new_ext(text, OPTIONS | Options::ENABLE_SMART_PUNCTUATION).peekable();
    while let Some(event) = parser.next() {
        events.push(match event {
            Event::Start(Tag::Paragraph) => continue,
            Event::End(TagEnd::Paragraph) => Event::SoftBreak,
            Event::InlineMath(tex) => {
                let html = katex.render(&tex, false)?;
                match parser.peek_mut() {
                    // Punctuation stays with its formula.
                    Some(Event::Text(after)) => {
                        let sign = around("", after).1.to_owned();
                        *after = after[sign.len()..].to_owned().into();
                        let html = format!("<span class=\"together\">{html}{sign}</span>");
                        Event::InlineHtml(html.into())
                    }
                    _ => Event::InlineHtml(html.into()),
                }
            }
            Event::DisplayMath(tex) => Event::InlineHtml(katex.render(&tex, true)?.into()),
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            other => other,
        });
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    Ok(out.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_formulas() {
        let text = "a `$x$` $y_1$\n\n```\n$z$ {{#quiz a}}\n```\n\n$$\nw\n$$\n\nit costs $5 and $6";
        let found: Vec<(&str, Part)> =
            parts(text).into_iter().map(|(range, part)| (text[range].trim_end(), part)).collect();
        assert_eq!(
            found,
            [
                ("`$x$`", Part::Code),
                ("$y_1$", Part::math("y_1".into(), false)),
                ("```\n$z$ {{#quiz a}}\n```", Part::Code),
                ("$$\nw\n$$", Part::math("\nw\n".into(), true)),
            ]
        );
        assert_eq!(line(text, text.find("w\n").unwrap()), 8);
    }

    #[test]
    fn braces_that_do_not_match_are_still_a_formula() {
        let text = "costs \\$5, $\\frac{1}{$ and *a* $6 or $7\n\n$$ { $$";
        let found: Vec<&str> = parts(text).into_iter().map(|(range, _)| &text[range]).collect();
        assert_eq!(found, [r"$\frac{1}{$", "$$ { $$"]);
    }

    #[test]
    fn inline_markdown_has_no_paragraph_and_no_raw_html() {
        let katex = Katex::default();
        let html = inline("A `<s>` is <b>not</b> *bold*", &katex).unwrap();
        assert_eq!(html, "A <code>&lt;s&gt;</code> is &lt;b&gt;not&lt;/b&gt; <em>bold</em>");
        assert!(inline("$x_1$", &katex).unwrap().contains("<math"));
        assert!(inline("$x_1$, y", &katex).unwrap().ends_with("</span>,</span> y"));
    }
}
