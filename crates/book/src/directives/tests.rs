use super::*;

const PRINTED: &str = r#"{
    "lesson": {
        "listing": {"name": "softmax", "step": "1-basics", "title": "Softmax",
                    "hash": "0011223344556677",
                    "checks": [{"name": "sums", "title": "Rows sum to $1$", "function": "softmax",
                                "is_kernel": false, "points": 2, "section": "the-formula",
                                "hints": ["h"]}]},
        "keys": [{"id": "q", "answer": 1}, {"id": "r", "answer": 0}, {"id": "s", "answer": 0}],
        "worked": {"p": "0.5 * 2"}},
    "demos": [{"name": "bars", "still": "<study-demo name='bars'><form>\n\n<b>x_y_z</b></form></study-demo>"}]
}"#;

const QUIZ: &str = "\
## q

What is $e^0$ in `f32`?

- none: $0$

  No.

- one: $1$

  _Yes._

## r

R?

- a

  A.

- b

  B.

## s

S?

- a

  A.

- b

  B.
";

/// A workspace with a quiz and the solution of a lesson.
fn world() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("src/1-basics/softmax.quiz.md", QUIZ);
    root
}

/// Expands a page `src/1-basics/page.md`; returns its Markdown and the first slot.
fn expand(text: &str) -> Result<(String, String)> {
    expand_with(Stills::of([PRINTED])?, text)
}

fn expand_with(stills: Stills, text: &str) -> Result<(String, String)> {
    let slots = Slots::default();
    let all = Directives { stills, katex: Katex::default(), slots: slots.clone() };
    let mut chapter = Chapter::new("Page", text.into(), "1-basics/page.md", vec![]);
    chapter.source_path = Some("1-basics/page.md".into());
    let mut planned = Chapter::new_draft("Later", vec![]);
    planned.number = None;
    let items = [
        BookItem::PartTitle("Step 1".into()),
        BookItem::Chapter(chapter.clone()),
        BookItem::Chapter(planned),
    ];
    let world = world();
    let page = Page::of(&all, world.path(), Path::new("src"), &items, &chapter).unwrap();
    let markdown = page.expand(text)?;
    Ok((markdown, slots.html("0").unwrap_or_default()))
}

fn error(text: &str) -> String {
    expand(text).unwrap_err().to_string()
}

#[test]
fn a_page_without_a_lesson_may_have_values() {
    let mut stills = Stills::of([PRINTED]).unwrap();
    stills.worked.insert("page".into(), [("n".into(), "3".into())].into());
    assert!(expand_with(stills.clone(), "{{#value page n}}").unwrap().0.contains('3'));
    let error = expand_with(stills, "{{#value page m}}").unwrap_err().to_string();
    assert!(error.contains("there is no value of page `m`; there are: n"), "{error}");
}

#[test]
fn a_value_stays_what_it_is_in_text_and_in_a_formula() {
    let (text, _) = expand("a {{#value softmax p}} $x = {{#value softmax p}}$").unwrap();
    assert_eq!(text, "a 0&#46;5 &#42; 2 $x = 0.5 * 2$");
}

#[test]
fn code_is_untouched() {
    let text = "`{{#value a b}} <study-demo name=\"x\">`\n\n```text\n{{#quiz nope}} $\n```\n\
                \n    {{#nonsense}}\n";
    assert_eq!(expand(text).unwrap().0, text);
}

#[test]
fn an_escaped_directive_is_text() {
    let text = r"Write \{{#quiz softmax}}.";
    assert_eq!(expand(text).unwrap().0, text);
}

#[test]
fn a_demo_waits_in_a_slot() {
    let (text, html) = expand("a\n\n<study-demo name=\"bars\"></study-demo>\n\nb").unwrap();
    assert_eq!(text, "a\n\n<div data-slot=\"0\">x&#95;y&#95;z</div>\n\nb");
    assert_eq!(html, "<study-demo name='bars'><form>\n\n<b>x_y_z</b></form></study-demo>");
}

#[test]
fn unknown_names_are_told_with_file_and_line() {
    let demo = error("a\n\n<study-demo name=\"bears\"></study-demo>\n");
    assert_eq!(demo, "src/1-basics/page.md:3: there is no demo `bears`; there are: bars");
    let lesson = error("\n{{#quiz softmacks}}\n");
    assert_eq!(
        lesson,
        "src/1-basics/page.md:2: there is no lesson `softmacks`; there are: softmax"
    );
    let value = error("{{#value softmax q}}");
    assert_eq!(value, "src/1-basics/page.md:1: there is no value of softmax `q`; there are: p");
    assert!(error("{{#quizz softmax}}").contains("there is no directive `quizz`"));
    assert!(error("{{#include nowhere.txt}}").contains("nowhere.txt cannot be read"));
    assert!(error("<study-demo></study-demo>").contains("does not take 0 arguments"));
}

#[test]
fn a_block_stands_alone() {
    let message = error("see {{#quiz softmax}}");
    assert!(message.contains("a line of its own"), "{message}");
    assert!(error("{{#quiz softmax}}\nmore").contains("a line of its own"));
}

#[test]
fn a_quiz_can_be_graded_and_can_be_read_without_scripts() {
    let (_, html) = expand("{{#quiz softmax}}").unwrap();
    assert!(html.contains("section class=\"quiz\" data-lesson=\"softmax\" data-hash=\""), "{html}");
    assert!(html.contains("<fieldset data-question=\"q\" data-answer=\"1\">"), "{html}");
    assert!(html.contains("<input type=\"radio\" name=\"q\" value=\"1\">"), "{html}");
    assert!(html.contains("<p class=\"why\" hidden><em>Yes.</em></p>"), "{html}");
    let answers = html.split("<details").nth(1).unwrap();
    assert!(answers.contains("<math") && answers.contains("<em>Yes.</em>"), "{html}");
}

#[test]
fn checks_link_to_the_section_that_teaches_them() {
    let (_, html) = expand("{{#checks softmax}}").unwrap();
    assert!(html.contains("href=\"../1-basics/softmax.html#the-formula\""), "{html}");
    assert!(html.contains("<td class=\"points\">2</td>"), "{html}");
}

#[test]
fn the_roadmap_tells_written_from_planned() {
    let (_, html) = expand("{{#roadmap}}").unwrap();
    assert!(html.contains("<h2 class=\"step-title\">Step 1</h2>"), "{html}");
    assert!(html.contains("<a class=\"title\" href=\"../1-basics/page.html\">Page</a>"), "{html}");
    assert!(html.contains("<li class=\"planned\"><span class=\"title\">Later</span>"), "{html}");
}

#[test]
fn progress_lists_every_part() {
    let (_, html) = expand("{{#progress}}").unwrap();
    let checks = "data-part=\"checks\" data-hash=\"0011223344556677\" data-max=\"2\"";
    assert!(html.contains(checks), "{html}");
    let quiz = html.split("data-part=\"quiz\" data-hash=\"").nth(1).unwrap();
    assert!(quiz[16..].starts_with("\" data-max=\"3\" data-checks=\"{&quot;"), "{html}");
}
