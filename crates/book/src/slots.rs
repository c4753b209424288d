//! Finished HTML waits in slots while the page around it goes through Markdown.
//!
//! Markdown would take `_…_` in a formula's MathML for emphasis, and a blank line in a demo for
//! the end of its HTML. So the preprocessors leave an empty element with a number in the text, and
//! the HTML takes its place once mdBook has written the page.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

/// The attribute that marks a slot.
pub const ATTRIBUTE: &str = "data-slot";

/// Beyond this many characters the text of a slot is not searched.
const SEARCHED: usize = 1000;

/// The HTML that waits; clones share it.
#[derive(Clone, Default)]
pub struct Slots(Rc<RefCell<Vec<String>>>);

impl Slots {
    /// A slot for a block. `html`'s text stays in the Markdown, where mdBook's search finds it.
    pub fn block(&self, html: String) -> String {
        let text = plain_text(&html);
        self.slot("div", html, &text)
    }

    /// A slot within a line of text; `text` is what search finds.
    pub fn inline(&self, html: String, text: &str) -> String {
        self.slot("span", html, text)
    }

    fn slot(&self, tag: &str, html: String, text: &str) -> String {
        let mut slots = self.0.borrow_mut();
        slots.push(html);
        format!("<{tag} {ATTRIBUTE}=\"{}\">{}</{tag}>", slots.len() - 1, inert(text))
    }

    /// The HTML of a slot.
    pub fn html(&self, number: &str) -> Option<String> {
        self.0.borrow().get(number.parse::<usize>().ok()?).cloned()
    }
}

/// Text that Markdown leaves as it is: punctuation becomes numeric entities, which are punctuation
/// again only in the page.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(if c.is_whitespace() { ' ' } else { c });
        }
    }
    out
}

/// The text of HTML, without its tags.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
        text.push(' ');
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c));
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(SEARCHED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_holds_html_and_shows_search_its_text() {
        let slots = Slots::default();
        let markdown = slots.block("<p class=\"x\">a_1 &lt; b_2</p>\n\n<b>end</b>".into());
        assert_eq!(markdown, "<div data-slot=\"0\">a&#95;1 &#60; b&#95;2 end</div>");
        assert_eq!(slots.html("0").unwrap(), "<p class=\"x\">a_1 &lt; b_2</p>\n\n<b>end</b>");
        assert!(slots.html("7").is_none());
    }
}
