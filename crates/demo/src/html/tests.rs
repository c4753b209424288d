use grading::{CheckResult, Part, Sheet, Status};

use super::*;
use crate::control::{Choice, Slider, Text, Toggle, Typed, Wgsl};
use crate::{Bar, Cell, Control, Demo, Device, Line, Start, TokenChip};

const NASTY: &str = "<script>alert(\"x\")</script>&'\0\u{202e}";

fn nasty() -> String {
    NASTY.to_owned()
}

fn every_view() -> Vec<View> {
    let chip = TokenChip { text: nasty(), id: 7, bytes: 3, color: 99 };
    let bar = Bar { label: nasty(), value: 0.5, shown: nasty(), muted: true };
    let check = CheckResult {
        name: nasty(),
        title: nasty(),
        status: Status::Failed,
        points: 2,
        section: nasty(),
        message: Some(nasty()),
    };
    vec![
        View::Prose(vec![nasty()]),
        View::Code { label: nasty(), text: nasty() },
        View::Tokens { label: nasty(), chips: vec![chip] },
        View::Bars { label: nasty(), bars: vec![bar], max: 1.0 },
        View::Table {
            label: nasty(),
            columns: vec![nasty(), nasty()],
            rows: vec![vec![Cell::Text(nasty()), Cell::Number(nasty())]],
        },
        View::Matrix {
            label: nasty(),
            rows: vec![nasty()],
            columns: vec![nasty()],
            values: vec![-1.0],
        },
        View::Lines {
            label: nasty(),
            x_label: nasty(),
            y_label: nasty(),
            lines: vec![Line {
                name: nasty(),
                points: vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)],
            }],
        },
        View::Steps {
            label: nasty(),
            frames: vec![(nasty(), vec![View::Prose(vec![nasty()])])],
            start: 9,
        },
        View::Score(Sheet::new("<b>", Part::Checks, 1, vec![check])),
        View::Diagnostics { control: nasty(), messages: vec![(1, 2, nasty())] },
    ]
}

#[test]
fn no_text_becomes_markup() {
    for view in every_view() {
        let html = views(std::slice::from_ref(&view));
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script"), "{html}");
        assert!(!html.contains("(\"x"), "{html}");
    }
}

#[test]
fn control_and_direction_characters_are_seen() {
    let html = views(&[View::Prose(vec!["a\0b\u{202e}c".into()])]);
    assert!(html.contains("a␀b⟨U+202E⟩c"), "{html}");
    for view in every_view() {
        let html = views(&[view]);
        let attribute_free: String = html.split('"').step_by(2).collect();
        assert!(!attribute_free.contains('\u{202e}'), "{html}");
    }
}

#[test]
fn every_figure_has_a_caption() {
    let html = views(&every_view());
    assert_eq!(html.matches("<figure").count(), html.matches("<figcaption>&lt;").count() + 2);
    assert!(html.contains("<figcaption>0 of 2 points"));
    assert!(html.contains("<figcaption>1 error"));
}

#[test]
fn chips_show_whitespace_apart_from_its_symbol() {
    let chips = vec![TokenChip { text: " ␣\n".into(), id: 5, bytes: 5, color: 13 }];
    let html = views(&[View::Tokens { label: "t".into(), chips }]);
    assert!(html.contains("<li class=\"c1\"><b><i>␣</i>␣<i>↵</i></b>"), "{html}");
    assert!(html.contains("<i>↵</i> line end"), "{html}");
}

#[test]
fn large_views_end_with_a_note() {
    let chip = TokenChip { text: "a".into(), id: 0, bytes: 1, color: 0 };
    let html = views(&[View::Tokens { label: "t".into(), chips: vec![chip; 3500] }]);
    assert_eq!(html.matches("<li").count(), 2000);
    assert!(html.contains("1,500 more tokens"));
}

#[test]
fn heat_maps_survive_what_is_not_finite() {
    let labels = || vec!["a".to_owned(), "b".to_owned()];
    let values = vec![f64::NAN, f64::INFINITY, 2.0, -1.0];
    let html =
        views(&[View::Matrix { label: "m".into(), rows: labels(), columns: labels(), values }]);
    assert!(
        html.contains("--v:1\"><span>2<") && html.contains("negative\" style=\"--v:0.5\""),
        "{html}"
    );
    assert!(!html.contains("--v:NaN") && !html.contains("--v:inf"), "{html}");
}

#[test]
fn steps_show_the_first_frame_and_keep_the_others_readable() {
    let frames = (0..3).map(|i| (format!("caption {i}"), vec![])).collect();
    let html = views(&[View::Steps { label: "s".into(), frames, start: 1 }]);
    let (folded, open) = html.split_once("</details>").unwrap();
    assert!(open.contains("caption 1") && !folded.contains("caption 1"));
    assert!(folded.contains("caption 0") && folded.contains("caption 2"));
}

const TEXT: Text =
    Text { name: "text", label: "Your text", default: "a\n\n$x${{b}} <i>", max_bytes: 99 };
const KERNEL: Wgsl = Wgsl { name: "kernel", label: "The kernel", default: "fn a() {\n}" };
const TEMPERATURE: Slider =
    Slider { name: "t", label: "Temperature", default: 0.5, min: 0.0, max: 2.0, step: 0.1 };
const METHOD: Choice = Choice { name: "m", label: "Method", options: &[("a", "A"), ("b", "B")] };
const GREEDY: Toggle = Toggle { name: "g", label: "Greedy", default: true };

fn controls() -> Vec<Control> {
    vec![
        TEXT.control(),
        KERNEL.control(),
        TEMPERATURE.control(),
        METHOD.control(),
        GREEDY.control(),
    ]
}

fn demo() -> Demo {
    Demo {
        name: "try-it",
        title: "Try it",
        lesson: "softmax",
        has_yours: true,
        device: Device::CpuOrGpu,
        start: Start::OnInput,
        controls,
        run: |_| Box::pin(async { Ok(()) }),
    }
}

#[test]
fn a_still_can_stand_in_markdown() {
    let html = still(&demo(), &views(&every_view()), "It says {{hi}}.\n");
    assert!(!html.contains(['\n', '$', '{']), "{html}");
    assert!(html.starts_with("<study-demo name=\"try-it\"") && html.ends_with("</study-demo>"));
    assert!(html.contains("a&#10;&#10;&#36;x&#36;&#123;&#123;b}} &lt;i&gt;</textarea>"), "{html}");
}

#[test]
fn every_field_is_labelled_and_has_room_for_its_problem() {
    let html = still(&demo(), "", "");
    for control in controls() {
        let id = format!("try-it-{}", control.name);
        assert!(html.contains(&format!("<label for=\"{id}\">{}</label>", control.label)), "{html}");
        assert!(html.contains(&format!(" id=\"{id}\" name=\"{}\"", control.name)), "{html}");
        assert!(html.contains(&format!("id=\"{id}-problem\" hidden")), "{html}");
    }
    assert!(html.contains("<fieldset disabled>") && html.contains("checked"));
    let files = html.matches("<input type=\"file\"").count();
    assert_eq!((files, html.matches("up to 99\u{202f}bytes").count()), (1, 1), "{html}");
}
