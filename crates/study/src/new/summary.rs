//! The table of contents with a new lesson in it.

use anyhow::Result;

use super::place::Place;
use super::refuse;

/// Puts the lesson under its step: in place of a draft of the same title, else last.
pub fn with_lesson(summary: &str, place: &Place) -> Result<String> {
    let link = format!("- [{}]({}/{}.md)", place.title, place.step, place.lesson);
    let mut lines: Vec<String> = summary.lines().map(str::to_owned).collect();
    let heading = format!("# Step {}", place.step_number());
    let is_heading = |line: &String| {
        line.strip_prefix(&heading)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let Some(start) = lines.iter().position(is_heading) else {
        return refuse(
            "src/SUMMARY.md",
            &format!("there is no heading `{heading}: …` to put the lesson under"),
        );
    };
    let end = lines[start + 1..].iter().position(|line| line.starts_with('#'));
    let end = end.map_or(lines.len(), |offset| start + 1 + offset);
    let draft = format!("- [{}]()", place.title).to_lowercase();
    if let Some(at) = (start..end).find(|&at| lines[at].trim().to_lowercase() == draft) {
        lines[at] = link;
    } else {
        let last = (start..end).rev().find(|&at| !lines[at].trim().is_empty()).unwrap_or(start);
        if last == start {
            lines.insert(start + 1, String::new());
            lines.insert(start + 2, link);
        } else {
            lines.insert(last + 1, link);
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "# Step 1: a\n\n- [Old](1-a/old.md)\n- [KV cache]()\n\n# Step 2: b\n";

    fn place(step: &str, title: &str) -> Place {
        Place { step: step.into(), lesson: "new".into(), title: title.into() }
    }

    #[test]
    fn a_draft_of_the_same_title_is_replaced() {
        let summary = with_lesson(SUMMARY, &place("1-a", "kv cache")).unwrap();
        assert_eq!(summary, SUMMARY.replace("[KV cache]()", "[kv cache](1-a/new.md)"));
    }

    #[test]
    fn any_other_lesson_comes_last_in_its_step() {
        let summary = with_lesson(SUMMARY, &place("1-a", "New")).unwrap();
        assert!(summary.contains("- [KV cache]()\n- [New](1-a/new.md)\n\n# Step 2"), "{summary}");
        let summary = with_lesson(SUMMARY, &place("2-b", "New")).unwrap();
        assert!(summary.ends_with("# Step 2: b\n\n- [New](2-b/new.md)\n"), "{summary}");
        assert!(with_lesson(SUMMARY, &place("3-c", "New")).is_err());
    }
}
