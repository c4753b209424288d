//! Where a page can be read: as it is served here, as it is published, or as a file.

use lessons::LessonDir;
use lessons::serving::{published, served};

/// The section of a lesson's page: its address while `cargo study serve` runs, else where
/// `book.toml` says that the book is published, else the file.
pub fn section(lesson: &LessonDir, section: &str) -> String {
    let anchor = if section.is_empty() { String::new() } else { format!("#{section}") };
    match served(&lesson.root).or_else(|| published(&lesson.root)) {
        Some(base) => format!("{base}{}/{}.html{anchor}", lesson.step, lesson.name),
        None => format!("{}{anchor}", lesson.page()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_section_is_linked_where_it_is_published_or_to_its_file() {
        let world = tempfile::tempdir().unwrap();
        let lesson = LessonDir::new(world.path(), "1-basics", "alpha");
        assert_eq!(section(&lesson, ""), "src/1-basics/alpha.md");
        for (html, base) in [
            ("site-url = \"https://a.org/book\"", "https://a.org/book/"),
            ("site-url = \"https://a.org/\"", "https://a.org/"),
            ("site-url = \"/book/\"\ncname = \"b.org\"", "https://b.org/"),
        ] {
            fs::write(world.path().join("book.toml"), format!("[output.html]\n{html}\n")).unwrap();
            assert_eq!(section(&lesson, "idea"), format!("{base}1-basics/alpha.html#idea"));
        }
        fs::write(world.path().join("book.toml"), "[output.html]\nsite-url = \"/book/\"\n")
            .unwrap();
        assert_eq!(section(&lesson, "idea"), "src/1-basics/alpha.md#idea");
    }
}
