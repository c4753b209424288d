//! Text that is safe to look at: what cannot be seen, or would reorder its surroundings, is shown
//! by a symbol.

use std::borrow::Cow;
use std::fmt::Write;

use maud::{Markup, html};

/// Line ends and tabs stay; other control and direction characters become visible.
pub fn clean(text: &str) -> Cow<'_, str> {
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
    let mut parts: Vec<(bool, String)> = Vec::new();
    for (at, c) in text.char_indices() {
        let special = is_invisible(c) || (c == ' ' && space_is_seen(at));
        let shown = if special { symbol(c) } else { Cow::Owned(c.to_string()) };
        match parts.last_mut() {
            Some((last, part)) if *last == special => part.push_str(&shown),
            _ => parts.push((special, shown.into_owned())),
        }
    }
    html! { @for (special, part) in &parts { @if *special { i { (part) } } @else { (part) } } }
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
