//! Where the nodes and edges of a layered graph go, after Sugiyama, Tagawa and Toda (1981): an edge
//! over several layers passes through a free place in each, layers are ordered by the mean place of
//! their neighbors, and every place is as near to that mean as its layer allows.
//!
//! A label stands above a part of its edge that runs level: within a layer that the edge passes
//! through, or else before the layer where it ends. There all edges run level, so that none crosses
//! a label.

use super::graph::{lines, shortened};
use super::sort;
use crate::{GraphEdge, GraphNode};

/// Between two neighbors in a layer.
const GAP: f64 = 16.0;
/// Between two layers, at least.
const LAYER_GAP: f64 = 44.0;
/// Width of a character, and of what is left free beside a text.
const CHAR: f64 = 7.9;
const PADDING: f64 = 20.0;
/// Height of a line of text in a node.
pub const LINE: f64 = 17.0;
/// From one labelled edge to the next where they end at one node.
const LABEL_STEP: f64 = 20.0;
/// From an edge up to the base line of its label.
const LIFT: f64 = 7.0;
/// From a layer to the bulge of an edge that ends in it again.
const BULGE: f64 = LAYER_GAP * 0.75;
/// Room around the drawing.
const MARGIN: f64 = 10.0;
/// More rounds change nothing that one would see.
const ROUNDS: usize = 12;

/// A placed graph.
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// One a node.
    pub boxes: Vec<Place>,
    /// One an edge, from its start to its end.
    pub paths: Vec<Path>,
}

/// The box of a node: its center and its size.
#[derive(Clone, Copy)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// An edge: a smooth curve through points, level at each of them.
pub struct Path {
    pub points: Vec<(f64, f64)>,
    /// The middle of its label's base line.
    pub label: (f64, f64),
    /// Whether its ends lie in one layer, so that it must bulge.
    pub loops: bool,
}

/// A node, or the place of an edge that passes through a layer.
struct Vertex {
    layer: usize,
    width: f64,
    height: f64,
    y: f64,
    /// Neighbors in the layer before and in the layer behind, with their weights.
    sides: [Vec<(usize, f64)>; 2],
}

/// Every edge must lead from and to a node that exists.
pub fn layout(nodes: &[GraphNode], edges: &[GraphEdge]) -> Layout {
    let mut layers: Vec<usize> = nodes.iter().map(|node| node.layer).collect();
    layers.sort_unstable();
    layers.dedup();
    let vertex = |node: &GraphNode| Vertex {
        layer: layers.partition_point(|&layer| layer < node.layer),
        width: lines(node).map(|line| text_width(line)).fold(0.0, f64::max) + PADDING,
        height: LINE * lines(node).count() as f64 + 12.0,
        y: 0.0,
        sides: [Vec::new(), Vec::new()],
    };
    let mut vertices: Vec<Vertex> = nodes.iter().map(vertex).collect();
    let chains: Vec<Vec<usize>> = edges.iter().map(|edge| chain(&mut vertices, edge)).collect();
    for (v, vertex) in vertices.iter_mut().enumerate().take(nodes.len()) {
        let met = edges_into(v, &chains).count();
        if is_labelled(v, edges, &chains) {
            vertex.height = vertex.height.max(LABEL_STEP * met as f64 + 4.0);
        }
    }
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); layers.len()];
    for (v, vertex) in vertices.iter().enumerate() {
        order[vertex.layer].push(v);
    }
    for round in 0..ROUNDS {
        // The first rounds order, all rounds place.
        sweep(&mut vertices, &mut order, round % 2, round < ROUNDS / 2);
    }
    let x = columns(&vertices, &order, edges, &chains);
    finish(vertices, &x, nodes.len(), edges, &chains)
}

/// The edges that come to a node from the layers before it.
fn edges_into(v: usize, chains: &[Vec<usize>]) -> impl Iterator<Item = usize> {
    (0..chains.len()).filter(move |&e| chains[e].len() > 1 && chains[e].last() == Some(&v))
}

/// Whether an edge has its label right before the node.
fn is_labelled(v: usize, edges: &[GraphEdge], chains: &[Vec<usize>]) -> bool {
    edges_into(v, chains).any(|e| chains[e].len() == 2 && !edges[e].label.trim().is_empty())
}

/// East Asian characters and emoji count twice; that is near enough.
fn text_width(text: &str) -> f64 {
    let width =
        |c: char| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..) { 2.0 } else { 1.0 };
    shortened(text).chars().map(width).sum::<f64>() * CHAR
}

/// The vertices of an edge from left to right; makes those between its ends.
fn chain(vertices: &mut Vec<Vertex>, edge: &GraphEdge) -> Vec<usize> {
    let (mut left, mut right) = (edge.from, edge.to);
    if vertices[left].layer > vertices[right].layer {
        std::mem::swap(&mut left, &mut right);
    }
    let mut chain = vec![left];
    for layer in vertices[left].layer + 1..vertices[right].layer {
        let (width, height, y) = (0.0, 18.0, 0.0);
        vertices.push(Vertex { layer, width, height, y, sides: [Vec::new(), Vec::new()] });
        chain.push(vertices.len() - 1);
    }
    if left != right {
        chain.push(right);
    }
    if vertices[left].layer != vertices[right].layer {
        for pair in chain.windows(2) {
            // A long edge shall be straight.
            let weight = if chain.len() > 2 { 2.0 } else { 1.0 };
            vertices[pair[0]].sides[1].push((pair[1], weight));
            vertices[pair[1]].sides[0].push((pair[0], weight));
        }
    }
    chain
}

/// Goes through the layers, from the first (`side` 0) or the last, and moves each to its neighbors
/// on that side.
fn sweep(vertices: &mut [Vertex], order: &mut [Vec<usize>], side: usize, sorts: bool) {
    let count = order.len();
    for step in 0..count {
        let layer = &mut order[if side == 0 { step } else { count - 1 - step }];
        let wish = |v: usize| {
            let near = &vertices[v].sides[side];
            let total: f64 = near.iter().map(|(_, weight)| weight).sum();
            let sum: f64 = near.iter().map(|&(u, weight)| vertices[u].y * weight).sum();
            if near.is_empty() { vertices[v].y } else { sum / total }
        };
        let mut keyed: Vec<(f64, usize)> = layer.iter().map(|&v| wish(v)).zip(0..).collect();
        if sorts {
            sort(&mut keyed);
        }
        let wishes: Vec<(usize, f64)> = keyed.iter().map(|&(y, at)| (layer[at], y)).collect();
        *layer = wishes.iter().map(|(v, _)| *v).collect();
        place(vertices, &wishes);
    }
}

/// Places a layer as near to its wishes as its order and the heights allow, in the sense of least
/// squares: neighbors that would overlap are joined to a block, which goes to the mean.
fn place(vertices: &mut [Vertex], wishes: &[(usize, f64)]) {
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut offset = 0.0;
    for (i, &(v, _)) in wishes.iter().enumerate() {
        if i > 0 {
            offset += (vertices[wishes[i - 1].0].height + vertices[v].height) / 2.0 + GAP;
        }
        offsets.push(offset);
    }
    // Blocks of (mean, size).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for ((_, wish), offset) in wishes.iter().zip(&offsets) {
        let mut block = (wish - offset, 1);
        while let Some(&(mean, size)) = blocks.last()
            && mean > block.0
        {
            let total = size + block.1;
            block = ((mean * size as f64 + block.0 * block.1 as f64) / total as f64, total);
            blocks.pop();
        }
        blocks.push(block);
    }
    let means = blocks.iter().flat_map(|&(mean, size)| std::iter::repeat_n(mean, size));
    for ((&(v, _), offset), mean) in wishes.iter().zip(&offsets).zip(means) {
        vertices[v].y = mean + offset;
    }
}

/// A layer: its center, its width, and how wide the part before it is where all edges run level.
#[derive(Clone, Copy, Default)]
struct Column {
    x: f64,
    width: f64,
    level: f64,
}

fn columns(
    vertices: &[Vertex],
    order: &[Vec<usize>],
    edges: &[GraphEdge],
    chains: &[Vec<usize>],
) -> Vec<Column> {
    let widest = |layer: &Vec<usize>| layer.iter().map(|&v| vertices[v].width).fold(0.0, f64::max);
    let column = |layer| Column { width: widest(layer), ..Column::default() };
    let mut columns: Vec<Column> = order.iter().map(column).collect();
    for (edge, chain) in edges.iter().zip(chains).filter(|(e, _)| !e.label.trim().is_empty()) {
        let room = text_width(&edge.label) + PADDING;
        let column = &mut columns[vertices[chain[chain.len() / 2]].layer];
        match chain.len() {
            ..=1 => {}
            2 => column.level = column.level.max(room),
            _ => column.width = column.width.max(room),
        }
    }
    let mut x = MARGIN;
    for (i, column) in columns.iter_mut().enumerate() {
        if i > 0 {
            x += LAYER_GAP + column.level;
        }
        column.x = x + column.width / 2.0;
        x += column.width;
    }
    columns
}

fn finish(
    vertices: Vec<Vertex>,
    columns: &[Column],
    nodes: usize,
    edges: &[GraphEdge],
    chains: &[Vec<usize>],
) -> Layout {
    let top = vertices.iter().map(|v| v.y - v.height / 2.0).fold(f64::INFINITY, f64::min);
    let place = |v: &Vertex| Place {
        x: columns[v.layer].x,
        y: v.y - top + MARGIN,
        width: v.width,
        height: v.height,
    };
    let places: Vec<Place> = vertices.iter().map(place).collect();
    let bottom = places.iter().map(|p| p.y + p.height / 2.0).fold(0.0, f64::max);
    let last = columns.last().copied().unwrap_or_default();
    let mut paths: Vec<Path> =
        chains.iter().map(|chain| path(chain, &places, columns, &vertices)).collect();
    spread(&mut paths, edges, chains, &places, nodes);
    let mut wide = last.x + last.width / 2.0 + MARGIN;
    for ((path, edge), chain) in paths.iter_mut().zip(edges).zip(chains) {
        let width = text_width(&edge.label);
        let (a, b) = match chain.len() {
            3.. => (path.points[chain.len() / 2 * 2 - 1], path.points[chain.len() / 2 * 2]),
            _ => (path.points[0], path.points[1]),
        };
        path.label = ((a.0 + b.0) / 2.0, b.1 - LIFT);
        if path.loops {
            path.label = (a.0.max(b.0) + BULGE + 6.0 + width / 2.0, (a.1 + b.1) / 2.0 + 4.0);
            wide = wide.max(path.label.0 + width / 2.0 + MARGIN);
        } else {
            level(path, chain, columns, &vertices);
            if let [_, v] = chain[..] {
                let Column { x, width, level } = columns[vertices[v].layer];
                path.label.0 = x - (width + level) / 2.0;
            }
        }
        if chain.first() != Some(&edge.from) {
            path.points.reverse();
        }
    }
    Layout { width: wide, height: bottom + MARGIN, boxes: places[..nodes].to_vec(), paths }
}

/// Adds the point from which an edge runs level to each layer.
fn level(path: &mut Path, chain: &[usize], columns: &[Column], vertices: &[Vertex]) {
    for (i, &v) in chain.iter().enumerate().skip(1).rev() {
        let Column { x, width, level } = columns[vertices[v].layer];
        if level > 0.0 {
            let at = 2 * i - 1;
            path.points.insert(at, (x - width / 2.0 - level, path.points[at].1));
        }
    }
}

/// Through a layer, an edge runs level.
fn path(chain: &[usize], places: &[Place], columns: &[Column], vertices: &[Vertex]) -> Path {
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let loops = vertices[first].layer == vertices[last].layer;
    let right = |v: usize| (places[v].x + places[v].width / 2.0, places[v].y);
    let mut points = vec![right(first)];
    for &v in &chain[1..chain.len().max(2) - 1] {
        let Column { x, width, .. } = columns[vertices[v].layer];
        points.extend([(x - width / 2.0, places[v].y), (x + width / 2.0, places[v].y)]);
    }
    let (x, y) = right(last);
    points.push(if loops { (x, y) } else { (x - places[last].width, y) });
    Path { points, label: (0.0, 0.0), loops }
}

/// Edges that meet at one side of a node end beside each other, in the order they come in.
fn spread(
    paths: &mut [Path],
    edges: &[GraphEdge],
    chains: &[Vec<usize>],
    places: &[Place],
    nodes: usize,
) {
    for (v, place) in places.iter().enumerate().take(nodes) {
        for side in 0..2 {
            let end = |path: &Path| if side == 0 { path.points.len() - 1 } else { 0 };
            let beside = |path: &Path| if side == 0 { end(path) - 1 } else { 1 };
            let is_end = |chain: &Vec<usize>| match side {
                0 => chain.len() > 1 && chain.last() == Some(&v),
                _ => chain.first() == Some(&v),
            };
            let mut met: Vec<(f64, usize)> = (0..paths.len())
                .filter(|&e| is_end(&chains[e]) && (side == 1 || !paths[e].loops))
                .map(|e| (paths[e].points[beside(&paths[e])].1, e))
                .collect();
            sort(&mut met);
            let step = match side == 0 && is_labelled(v, edges, chains) {
                true => LABEL_STEP,
                false => (place.height / met.len().max(1) as f64).min(12.0),
            };
            for (i, &(_, e)) in met.iter().enumerate() {
                let end = end(&paths[e]);
                paths[e].points[end].1 += step * (i as f64 - (met.len() as f64 - 1.0) / 2.0);
            }
        }
    }
}
