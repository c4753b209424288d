use grading::{CheckResult, Part, Sheet, Status};

use super::*;
use crate::control::{Choice, Slider, Text, Toggle, Typed, Wgsl};
use crate::{
    Bar, Cell, Control, Demo, Device, GraphEdge, GraphNode, Line, Point, Shade, Start, TokenChip,
    Tone,
};

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
fn large_views_end_with_a_note() {
    let chip = TokenChip { text: "a".into(), id: 0, bytes: 1, color: 0 };
    let html = views(&[View::Tokens { label: "t".into(), chips: vec![chip; 3500] }]);
    assert_eq!(html.matches("<li").count(), 2000);
    assert!(html.contains("1,500 tokens more, not shown"));
}

#[test]
fn no_text_is_without_end() {
    for text in ["a".repeat(100_000), "\n".repeat(100_000), "é\u{202e}👍 ".repeat(25_000)] {
        for view in every_view_of(&text) {
            let html = views(std::slice::from_ref(&view));
            assert!(html.contains(" characters more)"), "{:.300}", html);
            // Eight bytes for the symbol of one character.
            assert!(html.len() < 100_000, "{} bytes: {:.300}", html.len(), html);
            assert!(html.matches('\n').count() < 2000, "{:.300}", html);
        }
    }
    let html = views(&[View::Code { label: "c".into(), text: "a".repeat(5001) }]);
    assert!(html.contains("a… (1 character more)<"), "{html}");
}

/// All views that are made of things, with so many of them.
fn every_view_with(n: usize) -> Vec<View> {
    let label = || "l".to_owned();
    let names = || (0..n).map(|i| format!("thing {i}")).collect::<Vec<_>>();
    let chip = |text: String| TokenChip { text, id: 1, bytes: 2, color: 3 };
    let shade = |text: String| Shade { text, value: 1.0, shown: label(), muted: false };
    let bar = |label: String| Bar { label, value: 1.0, shown: "1".into(), muted: false };
    let line = |name: String| Line { name, points: vec![(0.0, 0.0), (1.0, 1.0)] };
    let point = |i: usize| Point { label: label(), x: i as f64, y: 0.0, group: i };
    let frame = |name: String| (name, vec![View::Prose(vec![label()])]);
    let wide = 1 + n / 10;
    vec![
        View::Prose(names()),
        View::Tokens { label: label(), chips: names().into_iter().map(chip).collect() },
        View::Shades {
            label: label(),
            spans: names().into_iter().map(shade).collect(),
            max: 1.0,
            legend: label(),
        },
        View::Bars { label: label(), bars: names().into_iter().map(bar).collect(), max: 1.0 },
        View::Table {
            label: label(),
            columns: vec![label(); wide],
            rows: vec![vec![Cell::Text(label()); wide]; n],
        },
        View::Matrix { label: label(), rows: names(), columns: names(), values: vec![1.0; n] },
        View::Lines {
            label: label(),
            x_label: label(),
            y_label: label(),
            lines: names().into_iter().map(line).collect(),
        },
        View::Scatter { label: label(), groups: names(), points: (0..n).map(point).collect() },
        View::graph(
            label(),
            (0..n).map(|i| node("n", i % 7)).collect(),
            (0..10 * n).map(|i| edge(i % 149, (i * 7 + 1) % 149)).collect(),
        ),
        View::Steps {
            label: label(),
            frames: names().into_iter().map(frame).collect(),
            start: n / 2,
        },
        View::Diagnostics { control: label(), messages: vec![(1, 1, label()); n] },
    ]
}

#[test]
fn no_view_is_without_end() {
    for view in every_view_with(3000) {
        let html = views(std::slice::from_ref(&view));
        assert!(html.contains("more, not shown."), "{:.300}", html);
        let tags = html.matches('<').count();
        assert!(tags < 40_000, "{tags} tags: {:.300}", html);
    }
    for view in every_view_with(3) {
        let html = views(&[view]);
        assert!(!html.contains("not shown"), "{html}");
    }
}

#[test]
fn steps_keep_the_frame_that_is_shown_first() {
    let frames = |n: usize, text: &str| {
        (0..n).map(|i| (format!("caption {i}"), vec![View::Prose(vec![text.into(); 2])])).collect()
    };
    let html = |n, text: &str, start| {
        views(&[View::Steps { label: "s".into(), frames: frames(n, text), start }])
    };
    let cut = html(1000, "a", 999);
    assert_eq!(cut.matches("<section").count(), 300);
    assert!(cut.contains("Step 1000 of 1000") && cut.contains("700 steps more"));
    assert!(!cut.contains("Step 700 of 1000") && cut.contains("Step 701 of 1000"));
    // Frames that are large are fewer.
    let cut = html(1000, &"\u{202e}".repeat(5000), 0);
    assert!(cut.len() < 5_000_000, "{} bytes", cut.len());
    assert!(cut.contains("Step 1 of 1000") && cut.contains(" steps more, not shown"));
}

#[test]
fn a_long_curve_is_thinned_and_one_left_out_is_singular() {
    let points: Vec<(f64, f64)> = (0..100_000).map(|i| (i.into(), 1.0)).collect();
    let line = || Line { name: "long".into(), points: points.clone() };
    let (label, x_label, y_label) = ("l".to_owned(), "x".to_owned(), "y".to_owned());
    let html = views(&[View::Lines { label, x_label, y_label, lines: vec![line()] }]);
    assert!(html.len() < 60_000, "{} bytes", html.len());
    assert!(html.contains("one point in 2000"), "{:.300}", html);
    let chip = TokenChip { text: "a".into(), id: 0, bytes: 1, color: 0 };
    let html = views(&[View::Tokens { label: "t".into(), chips: vec![chip; 2001] }]);
    assert!(html.contains("… and 1 token more, not shown."));
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
            View::Prose(_) | View::Score(_) | View::Steps { .. } | View::Diagnostics { .. }
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
    let html = views(&[View::Scatter { label: "m".into(), groups: vec!["a".into()], points }]);
    assert!(html.contains("class=\"c0 both\" title=\"oven\" style=\"--x:0;--y:100\""), "{html}");
    assert!(html.contains("class=\"c0 dot\" title=\"bread\""), "{html}");
    assert!(html.contains("class=\"c0 wide\" title=\"wheat\""), "{html}");
    assert!(html.contains("<td>bread, wheat, harbor</td>"), "{html}");
    assert!(!html.contains("nowhere") && !html.contains("NaN"), "{html}");
}

#[test]
fn steps_show_the_first_frame_and_keep_the_others_readable() {
    let frames = (0..3).map(|i| (format!("caption {i}"), vec![])).collect();
    let html = views(&[View::Steps { label: "s".into(), frames, start: 1 }]);
    let (folded, open) = html.split_once("</details>").unwrap();
    assert!(open.contains("caption 1") && !folded.contains("caption 1"));
    assert!(folded.contains("caption 0") && folded.contains("caption 2"));
}

/// The four numbers of every node's box: left, top, right, bottom.
fn boxes(html: &str) -> Vec<[f64; 4]> {
    let number = |tag: &str, name: &str| -> f64 {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let tags = html.split("<rect").skip(1).map(|rest| rest.split_once('>').unwrap().0);
    tags.map(|tag| ["x", "y", "width", "height"].map(|name| number(tag, name)))
        .map(|[x, y, width, height]| [x, y, x + width, y + height])
        .collect()
}

fn node(label: &str, layer: usize) -> GraphNode {
    GraphNode { label: label.into(), layer, ..GraphNode::default() }
}

fn edge(from: usize, to: usize) -> GraphEdge {
    GraphEdge { from, to, label: format!("{from} to {to}"), strong: false }
}

#[test]
fn nodes_of_a_graph_do_not_overlap_and_layers_go_to_the_right() {
    // A lattice and a tree hang together; every edge that can skip a layer does.
    let nodes: Vec<GraphNode> =
        (0..40).map(|i| node(&format!("node {i}"), [0, 1, 1, 2, 5, 5, 5, 9][i % 8])).collect();
    let mut edges = Vec::new();
    for (from, to) in (0..40).flat_map(|a| (0..40).map(move |b| (a, b))) {
        if nodes[from].layer < nodes[to].layer && (from * 7 + to) % 5 == 0 {
            edges.push(edge(from, to));
        }
    }
    let html = views(&[View::graph("g", nodes.clone(), edges)]);
    let boxes = boxes(&html);
    assert_eq!(boxes.len(), nodes.len());
    for (i, a) in boxes.iter().enumerate() {
        assert!(a[0] >= 0.0 && a[1] >= 0.0, "{a:?}");
        for (j, b) in boxes.iter().enumerate() {
            let apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
            assert!(i == j || apart, "{i} and {j}: {a:?} {b:?}");
            assert!(nodes[i].layer >= nodes[j].layer || a[2] < b[0], "{i} and {j}");
        }
    }
}

#[test]
fn a_parent_stands_in_the_middle_of_its_children() {
    let nodes = vec![node("root", 0), node("a", 1), node("b", 1), node("c", 1)];
    let edges = vec![edge(0, 1), edge(0, 2), edge(0, 3)];
    let boxes = boxes(&views(&[View::graph("g", nodes, edges)]));
    let middle = |b: &[f64; 4]| (b[1] + b[3]) / 2.0;
    assert!((middle(&boxes[0]) - middle(&boxes[2])).abs() < 0.2, "{boxes:?}");
}

#[test]
fn a_graph_can_be_read_as_a_list() {
    let mut nodes = vec![node("a", 0), node("b", 0), node("a × b", 1)];
    nodes[2].detail = vec!["6".into()];
    nodes[1].tone = Tone::Muted;
    let edges = vec![edge(0, 2), edge(2, 1), edge(2, 0), edge(0, 99)];
    let html = views(&[View::graph("g", nodes, edges)]);
    assert!(html.contains("<b>a</b> → a × b [0 to 2]</li>"), "{html}");
    assert!(html.contains("<b>b</b> (dashed)</li>"), "{html}");
    assert!(html.contains("<b>a × b</b> · 6 → b [2 to 1], a [2 to 0]</li>"), "{html}");
    assert!(html.contains("3 nodes and 3 arrows"), "{html}");
    assert!(html.contains("class=\"scroll\" tabindex=\"0\" role=\"group\""), "{html}");
}

#[test]
fn a_large_graph_is_cut_and_an_empty_one_says_so() {
    let nodes: Vec<GraphNode> = (0..200).map(|i| node("n", i)).collect();
    let edges = (1..200).map(|i| edge(i - 1, i)).collect();
    let html = views(&[View::graph("g", nodes, edges)]);
    assert!(html.contains("50 nodes more") && html.contains("149 arrows"));
    let html = views(&[View::graph("g", vec![], vec![])]);
    assert!(html.contains("Nothing to draw yet"));
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
        run: crate::run(|_| async { Ok(()) }),
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
}

#[test]
fn a_file_is_offered_where_a_text_may_be_long() {
    let files = |max_bytes| {
        let text = Text { max_bytes, ..TEXT }.control();
        let html = super::form::field("try-it", &text).into_string();
        (html.matches("<input type=\"file\"").count(), html.contains("up to 65.5\u{202f}KB"))
    };
    assert_eq!(files(99), (0, false));
    assert_eq!(files(64 << 10), (1, true));
}
