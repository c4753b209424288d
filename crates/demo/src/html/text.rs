//! Text that is safe to look at: what cannot be seen, or would reorder its surroundings, is shown
//! by a symbol, and a text without end has one.

use std::borrow::Cow;
use std::fmt::Write;

use maud::{Markup, html};

use crate::format::counted;

/// So many characters are shown of a text that stands among others: a name, a cell, a chip.
const AMONG: usize = 200;
/// Of a sentence or two: a caption, a summary.
const SENTENCE: usize = 1200;
/// Of a text that stands alone: a paragraph, code, a message.
pub const ALONE: usize = 5000;
/// And so many lines of any.
const LINES: usize = 200;

/// A sentence. Line ends and tabs stay; other control and direction characters become visible.
pub fn clean(text: &str) -> Cow<'_, str> {
    shown(text, SENTENCE)
}

/// The same for a text among others.
pub fn name(text: &str) -> Cow<'_, str> {
    shown(text, AMONG)
}

/// The same for a text that stands alone.
pub fn long(text: &str) -> Cow<'_, str> {
    shown(text, ALONE)
}

fn shown(text: &str, most: usize) -> Cow<'_, str> {
    let (text, left_out) = cut(text, most);
    let seen = seen(text);
    if left_out == 0 { seen } else { Cow::Owned(format!("{seen}{}", rest(left_out))) }
}

/// A text as far as it is shown, and how many characters are left out.
fn cut(text: &str, most: usize) -> (&str, usize) {
    let (mut characters, mut lines) = (0, 0);
    for (at, c) in text.char_indices() {
        lines += usize::from(c == '\n');
        if characters == most || lines > LINES {
            return (&text[..at], text[at..].chars().count());
        }
        characters += 1;
    }
    (text, 0)
}

/// What is said of the characters that are left out.
fn rest(left_out: usize) -> String {
    format!("… ({} more)", counted(left_out, "character"))
}

fn seen(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && c != '\t' && is_invisible(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if is_invisible(c) => out.push_str(&symbol(c)),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A short text of which every character shall be seen: a token. Symbols are marked up, so that a
/// real `␣` in the text looks different from a space.
pub fn exact(text: &str) -> Markup {
    marked(text, |_| true)
}

/// A label: only spaces at its ends are made visible, and what nobody could see.
pub fn label(text: &str) -> Markup {
    let inner = text.trim_matches(' ');
    let start = text.len() - text.trim_start_matches(' ').len();
    marked(text, |at| inner.is_empty() || at < start || at >= start + inner.len())
}

fn marked(text: &str, space_is_seen: impl Fn(usize) -> bool) -> Markup {
    let (text, left_out) = cut(text, AMONG);
    let mut parts: Vec<(bool, String)> = Vec::new();
    for (at, c) in text.char_indices() {
        let special = is_invisible(c) || (c == ' ' && space_is_seen(at));
        let shown = if special { symbol(c) } else { Cow::Owned(c.to_string()) };
        match parts.last_mut() {
            Some((last, part)) if *last == special => part.push_str(&shown),
            _ => parts.push((special, shown.into_owned())),
        }
    }
    html! {
        @for (special, part) in &parts { @if *special { i { (part) } } @else { (part) } }
        @if left_out > 0 { i { (rest(left_out)) } }
    }
}

/// What the symbols in these texts mean, for a legend.
pub fn legend<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
) -> Vec<(&'static str, &'static str)> {
    let meanings = [
        (' ', "␣", "space"),
        ('\n', "↵", "line end"),
        ('\t', "⇥", "tab"),
        ('\u{a0}', "⍽", "no-break space"),
    ];
    let occurs = |c| texts.clone().any(|text| text.contains(c));
    let found = meanings.into_iter().filter(|(c, ..)| occurs(*c));
    found.map(|(_, symbol, meaning)| (symbol, meaning)).collect()
}

fn symbol(c: char) -> Cow<'static, str> {
    match c {
        ' ' => "␣".into(),
        '\n' => "↵".into(),
        '\t' => "⇥".into(),
        '\u{a0}' => "⍽".into(),
        '\u{7f}' => "␡".into(),
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + c as u32).map_or("�".into(), |c| c.to_string().into())
        }
        _ => {
            let mut text = String::new();
            let _ = write!(text, "⟨U+{:04X}⟩", c as u32);
            text.into()
        }
    }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}
