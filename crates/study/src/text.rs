//! Lines that fit a terminal.

use std::fmt::Write;

use owo_colors::OwoColorize;

/// What a line may take, in characters: the narrowest terminal that is in use.
pub const WIDTH: usize = 80;

/// A text in lines, broken between words, the first behind `first` characters that are there
/// already and the others behind `rest`. Only a word longer than a line is broken itself.
pub fn lines(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut room = WIDTH.saturating_sub(first).max(1);
    let indented = text.len() - text.trim_start_matches(' ').len();
    let mut line = " ".repeat(indented.min(room / 2));
    let mut is_new = true;
    for word in text[indented..].split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let gap = usize::from(!is_new);
            let used = line.chars().count() + gap;
            if used + word.len() <= room {
                line.extend([' '].iter().take(gap).chain(&word));
                is_new = false;
                break;
            }
            let next = WIDTH.saturating_sub(rest).max(1);
            if is_new && word.len() > next {
                line.extend(word.drain(..room.saturating_sub(used).clamp(1, word.len())));
            }
            lines.push(std::mem::take(&mut line));
            (room, is_new) = (next, true);
        }
    }
    lines.push(line);
    lines
}

/// Adds a text behind a margin and a label, the lines below the first one under its first letter.
pub fn paragraph(
    out: &mut String,
    margin: usize,
    label: &str,
    text: &str,
    paint: impl Fn(&str) -> String,
) {
    let width = match label.chars().count() {
        0 => margin,
        width => margin + width + 1,
    };
    let mut gap = match label {
        "" => " ".repeat(margin),
        label => format!("{}{} ", " ".repeat(margin), label.dimmed()),
    };
    for line in lines(text, width, width) {
        let _ = writeln!(out, "{gap}{}", paint(&line));
        gap = " ".repeat(width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_none_is_too_long() {
        let text = "one two  three ".repeat(12);
        let broken = lines(&text, 60, 6);
        assert_eq!(broken[0], "one two  three one");
        assert!(broken[1..].iter().all(|line| line.chars().count() <= WIDTH - 6), "{broken:?}");
        assert_eq!(broken.join(" "), text);
        assert_eq!(lines("", 6, 6), [""]);
        assert_eq!(lines("   ^^ here", 6, 6), ["   ^^ here"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        let word = "é".repeat(200);
        let broken = lines(&format!("it is {word}"), 0, 10);
        let lengths: Vec<usize> = broken.iter().map(|line| line.chars().count()).collect();
        assert_eq!(lengths, [5, 70, 70, 60]);
    }

    #[test]
    fn a_paragraph_hangs_under_its_first_letter() {
        let mut out = String::new();
        paragraph(&mut out, 2, "hint", &"word ".repeat(16), |line| line.to_owned());
        let plain = anstream::adapter::strip_str(&out).to_string();
        let second = plain.lines().nth(1).unwrap();
        assert!(plain.starts_with("  hint word") && second.starts_with("       word"), "{plain}");
    }
}
