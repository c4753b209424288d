//! Where the boxes and arrows of a graph lie.

use super::*;

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

pub fn node(label: &str, layer: usize) -> GraphNode {
    GraphNode { label: label.into(), layer, ..GraphNode::default() }
}

pub fn edge(from: usize, to: usize) -> GraphEdge {
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

/// Points along every curve, with the halves of a pixel between them at most.
fn along(html: &str) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for d in html.split("<path d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let numbers = |text: &str| -> Vec<f64> {
            text.split([' ', 'M']).filter(|n| !n.is_empty()).map(|n| n.parse().unwrap()).collect()
        };
        let mut parts = d.split('C').map(numbers);
        let start = parts.next().unwrap();
        let mut from = (start[0], start[1]);
        for part in parts {
            let [x1, y1, x2, y2, x, y] = part[..] else { panic!("{d}") };
            for i in 0..=1000 {
                let (t, s) = (f64::from(i) / 1000.0, 1.0 - f64::from(i) / 1000.0);
                let at = |a: f64, b: f64, c: f64, d: f64| {
                    a * s.powi(3) + 3.0 * b * t * s * s + 3.0 * c * t * t * s + d * t.powi(3)
                };
                found.push((at(from.0, x1, x2, x), at(from.1, y1, y2, y)));
            }
            from = (x, y);
        }
    }
    found
}

/// The boxes of the labels of edges, for letters of 13 pixels.
fn labels(html: &str) -> Vec<[f64; 4]> {
    let (curves, _) = html.split_once("<rect").unwrap();
    let texts = curves.split("<text ").skip(1);
    let label = |rest: &str| {
        let (tag, text) = rest.split_once('>').unwrap();
        let text = text.split('<').next().unwrap().trim();
        let number = |name: &str| -> f64 {
            let (_, rest) = tag.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        let (x, y, w) = (number("x"), number("y"), text.chars().count() as f64 * 7.9);
        [x - w / 2.0, y - 10.0, x + w / 2.0, y + 3.5]
    };
    texts.map(label).collect()
}

#[test]
fn labels_of_arrows_stand_beside_all_arrows_boxes_and_each_other() {
    // A tree, a lattice whose pieces are one to three characters long, and a graph whose nodes are
    // used twice.
    let tree: Vec<(usize, usize)> = (1..31).map(|i| ((i - 1) / 2, i)).collect();
    let of_tree = |i: usize| (i + 1).ilog2() as usize;
    let lattice: Vec<(usize, usize)> =
        (0..8).flat_map(|a| (a + 1..(a + 4).min(8)).map(move |b| (a, b))).collect();
    let twice: Vec<(usize, usize)> =
        vec![(0, 3), (1, 3), (1, 4), (2, 4), (0, 4), (3, 5), (4, 5), (3, 6), (6, 4), (0, 6)];
    let of_tree: Vec<usize> = (0..31).map(of_tree).collect();
    let of_twice = vec![0, 0, 0, 1, 1, 2, 2];
    for (layers, pairs) in [(of_tree, tree), ((0..8).collect(), lattice), (of_twice, twice)] {
        let detailed = |(i, &layer): (usize, &usize)| GraphNode {
            detail: vec!["−1.25".into()],
            ..node(&format!("n{i}"), layer)
        };
        let nodes: Vec<GraphNode> = layers.iter().enumerate().map(detailed).collect();
        let edges: Vec<GraphEdge> = pairs.iter().map(|&(from, to)| edge(from, to)).collect();
        let html = views(&[View::graph("g", nodes, edges)]);
        let (labels, along, boxes) = (labels(&html), along(&html), boxes(&html));
        assert_eq!(labels.len(), pairs.len());
        for (i, a) in labels.iter().enumerate() {
            let strikes = |&&(x, y): &&(f64, f64)| x > a[0] && x < a[2] && y > a[1] && y < a[3];
            let struck = along.iter().find(strikes);
            assert!(struck.is_none(), "{:?} is struck through at {struck:?}: {a:?}", pairs[i]);
            for b in boxes.iter().chain(&labels[..i]) {
                let apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
                assert!(apart, "{:?}: {a:?} lies on {b:?}", pairs[i]);
            }
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
