use scores::{CheckResult, Part, Sheet, Status};

use super::*;
use crate::{Bar, Cell, GraphEdge, GraphNode, Line, Point, Shade, TokenChip, Tone};

mod bounds;
mod forms;
mod graph;

const NASTY: &str = "<script>alert(\"x\")</script>&'\0\u{202e}";

fn every_view() -> Vec<View> {
    every_view_of(NASTY)
}

/// All views, with this text wherever a text may stand.
fn every_view_of(text: &str) -> Vec<View> {
    let text = || text.to_owned();
    let chip = TokenChip { text: text(), id: 7, bytes: 3, color: 99 };
    let shade = Shade { text: text(), value: 2.0, shown: text(), muted: false };
    let bar = Bar { label: text(), value: 0.5, shown: text(), muted: true };
    let check = CheckResult {
        name: NASTY.into(),
        title: text(),
        status: Status::Failed,
        points: 0,
        max_points: 2,
        section: NASTY.into(),
        message: Some(text()),
        place: None,
    };
    vec![
        View::Prose(vec![text()]),
        View::Code { label: text(), text: text() },
        View::Tokens { label: text(), chips: vec![chip] },
        View::Shades { label: text(), spans: vec![shade], max: 1.0, legend: text() },
        View::Bars { label: text(), bars: vec![bar], max: 1.0 },
        View::Table {
            label: text(),
            columns: vec![text(), text()],
            rows: vec![vec![Cell::Text(text()), Cell::Number(text())]],
        },
        View::Matrix {
            label: text(),
            rows: vec![text()],
            columns: vec![text()],
            values: vec![-1.0],
        },
        View::Lines {
            label: text(),
            x_label: text(),
            y_label: text(),
            lines: vec![Line {
                name: text(),
                points: vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)],
            }],
        },
        View::Scatter {
            label: text(),
            groups: vec![text(), text()],
            points: vec![Point { label: text(), x: 1.0, y: -2.0, group: 9 }],
            joins: vec![(0, 0), (0, 7)],
        },
        View::graph(
            text(),
            vec![GraphNode { label: text(), detail: vec![text()], layer: 3, tone: Tone::Focus }],
            vec![GraphEdge { from: 0, to: 0, label: text(), strong: true }],
        ),
        View::Steps {
            label: text(),
            frames: vec![(text(), vec![View::Prose(vec![text()])])],
            start: 9,
        },
        View::Measured(vec![View::Prose(vec![text()])]),
        View::Trained(vec![View::Prose(vec![text()])]),
        View::Score(Sheet::new("<b>", Part::Checks, 1, vec![check])),
        View::Diagnostics { control: NASTY.into(), messages: vec![(1, 2, text())] },
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
fn shades_have_a_strength_unless_muted() {
    let shade = |value, muted| Shade { text: "a".into(), value, shown: "1.5".into(), muted };
    let spans = vec![shade(1.5, false), shade(9.0, false), shade(1.5, true)];
    let label = "Surprise".to_owned();
    let html = views(&[View::Shades { label, spans, max: 6.0, legend: "Full: 6".into() }]);
    for part in
        ["<li style=\"--v:0.25\">", "<li style=\"--v:1\">", "class=\"muted\" style=\"--v:0\""]
    {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
}

#[test]
fn an_error_without_a_place_has_no_button_to_jump_there() {
    let messages = vec![(0, 1, "no entry point".to_owned()), (1, 1, "what is this".to_owned())];
    let html = views(&[View::Diagnostics { control: "k".into(), messages }]);
    assert!(!html.contains("Line 0") && html.contains("no entry point"), "{html}");
    assert!(html.contains("data-line=\"1\" data-column=\"1\">Line 1, column 1<"), "{html}");
}

#[test]
fn what_is_literal_is_not_translated() {
    let literal = |view: &View| {
        !matches!(
            view,
            View::Prose(_)
                | View::Measured(_)
                | View::Trained(_)
                | View::Score(_)
                | View::Steps { .. }
                | View::Diagnostics { .. }
        )
    };
    for view in every_view().iter().filter(|view| literal(view)) {
        let html = views(std::slice::from_ref(view));
        assert!(html.contains("translate=\"no\""), "{html}");
    }
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
fn a_map_names_what_has_room_and_lists_the_rest() {
    let point = |label: &str, x, y| Point { label: label.into(), x, y, group: 0 };
    let points = vec![
        point("oven", 0.0, 0.0),
        point("bread", 0.001, 0.0),
        point("wheat", 0.15, 0.0),
        point("harbor", 1.0, 1.0),
        point("nowhere", f64::NAN, 0.0),
    ];
    let (groups, joins) = (vec!["a".into()], vec![]);
    let html = views(&[View::Scatter { label: "m".into(), groups, points, joins }]);
    assert!(!html.contains("Joined") && !html.contains("asked"), "{html}");
    assert!(html.contains("class=\"c0 both\" title=\"oven\" style=\"--x:0;--y:100\""), "{html}");
    assert!(html.contains("class=\"c0 dot\" title=\"bread\""), "{html}");
    assert!(html.contains("class=\"c0 wide\" title=\"wheat\""), "{html}");
    assert!(html.contains("<td>bread, wheat, harbor</td>"), "{html}");
    assert!(!html.contains("nowhere") && !html.contains("NaN"), "{html}");
}

/// The chips of a map as a window of this size shows them: name, left, top, right, bottom.
fn chips(html: &str, below: &str, hidden: [&str; 2], size: (f64, f64)) -> Vec<(String, [f64; 4])> {
    let spans =
        html.split("<span class=\"c").skip(1).map(|rest| rest.split("</span>").next().unwrap());
    let number = |span: &str, name: &str| -> f64 {
        let value = span.split_once(&format!("{name}:")).map_or("0", |(_, rest)| rest);
        value.split([';', '"']).next().unwrap().parse().unwrap()
    };
    let shown = spans.filter(|span| !hidden.iter().any(|class| span.contains(class)));
    let chip = |span: &str| {
        let name = span.rsplit_once('>').unwrap().1.to_owned();
        let w = name.chars().count() as f64 * 7.2 + 10.0;
        let left = number(span, "--x") / 100.0 * (size.0 - w);
        let top = number(span, "--y") / 100.0 * (size.1 - 20.0) + number(span, below);
        (name, [left, top, left + w, top + 20.0])
    };
    shown.map(chip).collect()
}

#[test]
fn joined_points_are_named_beside_each_other_and_told() {
    let point = |i: u32| Point {
        label: format!("name {i}"),
        x: f64::from(i % 3) * 0.001,
        y: f64::from(i % 5) * 0.001 + f64::from(i / 35),
        group: 0,
    };
    let points: Vec<Point> = (0..36).map(point).collect();
    let joins = vec![(30, 31), (30, 32), (33, 35)];
    let html = views(&[View::Scatter { label: "m".into(), groups: vec![], points, joins }]);
    let words = "Joined: name 30 – name 31, name 32; name 33 – name 35. ";
    assert_eq!(html.matches(words).count(), 2, "for the eye and for the ear: {html}");
    assert_eq!(html.matches('M').count(), 3, "three lines: {html}");
    let ends = html.split(" dot end\" style=\"--x:").skip(1).map(|rest| {
        let (x, rest) = rest.split_once(";--y:").unwrap();
        let (y, _) = rest.split_once('"').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    });
    let ends: Vec<(f64, f64)> = ends.collect();
    assert_eq!(ends.len(), 5, "{html}");
    for (below, hidden, size) in [
        ("--below", [" dot", " wide"], (280.0, 258.0)),
        ("--below-wide", [" dot", " narrow"], (600.0, 430.0)),
    ] {
        let chips = chips(&html, below, hidden, size);
        for i in [30, 31, 32, 33, 35] {
            assert!(chips.iter().any(|(name, _)| *name == format!("name {i}")), "{i}: {chips:?}");
        }
        for (i, (a, p)) in chips.iter().enumerate() {
            assert!(p[1] >= 0.0 && p[3] <= size.1, "{a} stands outside");
            for (b, q) in &chips[..i] {
                let apart = p[2] < q[0] || q[2] < p[0] || p[3] < q[1] || q[3] < p[1];
                assert!(apart, "{a} on {b}: {p:?} {q:?}");
            }
            for (x, y) in &ends {
                let (x, y) = (x / 100.0 * size.0, y / 100.0 * size.1);
                let covered = p[0] < x && x < p[2] && p[1] < y && y < p[3];
                assert!(!covered, "{a} on the dot at {x}, {y}: {p:?}");
            }
        }
    }
}

#[test]
fn steps_show_the_first_frame_and_keep_the_others_readable() {
    let frames = (0..3).map(|i| (format!("caption {i}"), vec![])).collect();
    let html = views(&[View::Steps { label: "s".into(), frames, start: 1 }]);
    let (folded, open) = html.split_once("</details>").unwrap();
    assert!(open.contains("caption 1") && !folded.contains("caption 1"));
    assert!(folded.contains("caption 0") && folded.contains("caption 2"));
}
