//! What was joined from what.

use super::drawing::width;
use super::{Anchor, Drawing, Ink, WIDTH};

const LEVEL: f64 = 42.0;
const HEIGHT: f64 = 22.0;

/// A forest over leaves; nodes are numbered as they are added, the leaves first.
///
/// ```
/// use demo::figure::{Drawing, Tree};
///
/// let mut tree = Tree::new(&["c", "a", "t"]);
/// let at = tree.join(&[1, 2], "at", "merge 0");
/// tree.join(&[0, at], "cat", "merge 1");
/// let drawing: Drawing = tree.into();
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    leaves: usize,
}

#[derive(Clone, Debug)]
struct Node {
    name: String,
    detail: String,
    children: Vec<usize>,
    level: usize,
}

impl Tree {
    /// Leaves from left to right.
    pub fn new(leaves: &[&str]) -> Self {
        let leaf = |name: &&str| Node {
            name: (*name).into(),
            detail: String::new(),
            children: Vec::new(),
            level: 0,
        };
        Self { nodes: leaves.iter().map(leaf).collect(), leaves: leaves.len() }
    }

    /// A node above others, and its number.
    pub fn join(&mut self, children: &[usize], name: &str, detail: &str) -> usize {
        let below = children.iter().filter_map(|&child| self.nodes.get(child));
        let level = below.map(|node| node.level + 1).max().unwrap_or(0);
        let children = children.to_vec();
        self.nodes.push(Node { name: name.into(), detail: detail.into(), children, level });
        self.nodes.len() - 1
    }
}

impl From<Tree> for Drawing {
    fn from(Tree { nodes, leaves }: Tree) -> Self {
        let levels = nodes.iter().map(|node| node.level).max().unwrap_or(0);
        let mut drawing = Self::new(LEVEL * levels as f64 + HEIGHT + 4.0);
        let step = WIDTH / leaves.max(1) as f64;
        let mut places: Vec<(f64, f64)> = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let x = match node.children.is_empty() {
                true => step * (i as f64 + 0.5),
                false => {
                    let all = node.children.iter().map(|&child| places[child].0);
                    all.sum::<f64>() / node.children.len() as f64
                }
            };
            places.push((x, 2.0 + LEVEL * (levels - node.level) as f64));
        }
        for (node, &(x, y)) in nodes.iter().zip(&places) {
            for &child in &node.children {
                let (cx, cy) = places[child];
                drawing.line(&[(x, y + HEIGHT), (cx, cy)], Ink::Quiet);
            }
        }
        for (node, &(x, y)) in nodes.iter().zip(&places) {
            let mut half = (width(&node.name) / 2.0 + 7.0).max(11.0);
            if node.children.is_empty() {
                // Many leaves stand close.
                half = half.min((step / 2.0 - 1.0).max(width(&node.name) / 2.0 + 1.0));
            }
            let ink = if node.children.is_empty() { Ink::Plain } else { Ink::Marked };
            drawing.boxed((x - half, y), (x + half, y + HEIGHT), 5.0, ink);
            drawing.text((x, y + 15.0), Anchor::Middle, &node.name, ink);
            let room = WIDTH - (x + half) - 4.0;
            let (at, anchor) = match width(&node.detail) < room {
                true => (x + half + 5.0, Anchor::Start),
                false => (x - half - 5.0, Anchor::End),
            };
            drawing.text((at, y + 15.0), anchor, &node.detail, Ink::Quiet);
        }
        drawing
    }
}
