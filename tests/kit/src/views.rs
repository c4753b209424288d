//! One view of every kind, each in a frame to step to.

use demo::control::{Toggle, Typed};
use demo::{
    Bar, Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Line, Point, Shade, Start,
    TokenChip, Tone, View,
};

const EMPTY: Toggle = Toggle::new("empty", "With nothing in them", false);

pub fn demo() -> Demo {
    Demo {
        name: "kit-views",
        title: "Every view",
        lesson: "kit",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![EMPTY.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let all = views(if cx.get(&EMPTY)? { 0 } else { 6 });
    let frames = all.into_iter().map(|(name, view)| (name.to_owned(), vec![view])).collect();
    let steps = View::Steps { label: "Every view".into(), frames, start: 0 };
    cx.show("One view of every kind.", &[steps]);
    Ok(())
}

/// Views of `n` things each.
fn views(n: usize) -> Vec<(&'static str, View)> {
    let label = || "Things".to_owned();
    let name = |i: usize| format!("thing {i} <b>&amp;</b>");
    let value = |i: usize| i as f64 / 6.0;
    let some = |i: usize| (0..n).map(move |k| value(k + i));
    let names = || (0..n).map(name).collect::<Vec<_>>();
    let chip = |i: usize| TokenChip { text: name(i), id: i as u32, bytes: 9, color: i as u32 };
    let shade = |i: usize| Shade {
        text: name(i),
        value: value(i),
        shown: format!("{:.1}", value(i)),
        muted: i == 2,
    };
    let bar = |i: usize| Bar {
        label: name(i),
        value: value(i),
        shown: format!("{:.1}", value(i)),
        muted: i == 3,
    };
    let row = |i: usize| vec![Cell::from(name(i)), Cell::Number(format!("{:.2}", value(i)))];
    let point =
        |i: usize| Point { label: name(i), x: value(i), y: value((i * 5) % 7), group: i % 2 };
    let node = |i: usize| GraphNode {
        label: name(i),
        detail: vec!["more".into()],
        layer: i / 2,
        tone: [Tone::Plain, Tone::Focus, Tone::Marked, Tone::Muted][i % 4],
    };
    let edge = |i: usize| GraphEdge {
        from: i,
        to: i + 2,
        label: "to".into(),
        strong: i.is_multiple_of(2),
    };
    vec![
        ("Prose", View::Prose(names())),
        ("Code", View::Code { label: label(), text: names().join("\n") }),
        ("Tokens", View::Tokens { label: label(), chips: (0..n).map(chip).collect() }),
        (
            "Shades",
            View::Shades {
                label: label(),
                spans: (0..n).map(shade).collect(),
                max: 1.0,
                legend: "the darker, the more".into(),
            },
        ),
        ("Bars", View::Bars { label: label(), bars: (0..n).map(bar).collect(), max: 1.0 }),
        (
            "Table",
            View::Table {
                label: label(),
                columns: vec!["name".into(), "value".into()],
                rows: (0..n).map(row).collect(),
            },
        ),
        (
            "Matrix",
            View::Matrix {
                label: label(),
                rows: names(),
                columns: names(),
                values: (0..n).flat_map(some).collect(),
            },
        ),
        (
            "Lines",
            View::Lines {
                label: label(),
                x_label: "x".into(),
                y_label: "y".into(),
                lines: vec![Line {
                    name: "a line".into(),
                    points: (0..n).map(|i| (value(i), value(i).powi(2))).collect(),
                }],
            },
        ),
        (
            "Scatter",
            View::Scatter {
                label: label(),
                groups: vec!["even".into(), "odd".into()],
                points: (0..n).map(point).collect(),
                joins: if n > 2 { vec![(0, 1), (0, 2)] } else { vec![] },
            },
        ),
        (
            "Graph",
            View::graph(
                label(),
                (0..n).map(node).collect(),
                (0..n.saturating_sub(2)).map(edge).collect(),
            ),
        ),
    ]
}
