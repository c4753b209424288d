//! However much there is to show, what is drawn has an end.

use super::graph::{edge, node};
use super::*;

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
        View::Scatter {
            label: label(),
            groups: names(),
            points: (0..n).map(point).collect(),
            joins: (0..n).map(|i| (i, n - 1 - i)).collect(),
        },
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
