//! An edit of a text: a passage is replaced that stands in it exactly once.

/// The text with the passage `from` replaced. Any run of white space in `from` fits any in the
/// text, so that an edit need not repeat indentation and line breaks.
pub fn replace(text: &str, from: &str, to: &str) -> Result<String, String> {
    let places = places(text, from);
    match places[..] {
        [(start, end)] => Ok(format!("{}{to}{}", &text[..start], &text[end..])),
        [] => Err("this passage is not in it".into()),
        _ => Err(format!("this passage is in it {} times: it must be once", places.len())),
    }
}

/// Where a passage begins and ends, wherever it does.
fn places(text: &str, passage: &str) -> Vec<(usize, usize)> {
    let words: Vec<&str> = passage.split_whitespace().collect();
    let Some(first) = words.first() else { return Vec::new() };
    let starts = text.match_indices(first).map(|(start, _)| start);
    starts.filter_map(|start| Some((start, end(&text[start..], &words)? + start))).collect()
}

/// Where the words end, if the text begins with them.
fn end(text: &str, words: &[&str]) -> Option<usize> {
    let mut rest = text.strip_prefix(words[0])?;
    for word in &words[1..] {
        let trimmed = rest.trim_start();
        if trimmed.len() == rest.len() {
            return None;
        }
        rest = trimmed.strip_prefix(word)?;
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_fits_any_white_space_and_the_rest_stays() {
        let text = "fn a() {\n    let x = 1;\n    x  + 1\n}\n";
        assert_eq!(replace(text, "1; x + 1", "2; x").unwrap(), "fn a() {\n    let x = 2; x\n}\n");
        assert!(replace(text, "x+ 1", "").is_err());
    }

    #[test]
    fn a_passage_must_be_there_exactly_once() {
        assert!(replace("a b a", "a", "c").unwrap_err().contains("2 times"));
        assert!(replace("a b a", "d", "c").unwrap_err().contains("not in it"));
        assert!(replace("a", " ", "c").is_err());
    }
}
