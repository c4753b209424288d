//! Slow and sure: what answers are compared with.

use crate::{Method, Point, Shape};

/// The shape of each tensor that learns, as files list them.
pub fn tensors(shape: &Shape, method: &Method) -> Vec<Vec<u64>> {
    let c = shape.n_embd;
    let mut all = Vec::new();
    let mut blocks = |of: &[Vec<u64>]| (0..shape.n_layer).for_each(|_| all.extend_from_slice(of));
    match method {
        Method::Head { classes } => return vec![vec![*classes, c], vec![*classes]],
        Method::SoftPrompt { tokens } => return vec![vec![*tokens, c]],
        Method::Prefix { tokens } => blocks(&[vec![*tokens, c], vec![*tokens, c]]),
        Method::Lora { rank, targets } => {
            for target in targets {
                let [inputs, outputs] = target.sizes(c);
                blocks(&[vec![*rank, inputs], vec![outputs, *rank]]);
            }
        }
        Method::Full => {
            let norm = [vec![c], vec![c]];
            let attention = [vec![c, 3 * c], vec![3 * c], vec![c, c], vec![c]];
            let forward = [vec![c, 4 * c], vec![4 * c], vec![4 * c, c], vec![c]];
            blocks(&[&norm[..], &attention, &norm, &forward].concat());
            all.extend([vec![shape.vocab_size, c], vec![shape.n_positions, c]]);
            all.extend(norm);
        }
    }
    all
}

/// All numbers of these tensors.
pub fn counted(tensors: &[Vec<u64>]) -> u64 {
    tensors.iter().map(|shape| shape.iter().product::<u64>()).sum()
}

/// Each point against each, then sorted by counting who comes before.
pub fn front(points: &[Point]) -> Vec<usize> {
    let mut front = Vec::new();
    for (at, point) in points.iter().enumerate() {
        let mut is_beaten = false;
        for other in points {
            let worse = other.cost > point.cost || other.score < point.score;
            let equal = other.cost == point.cost && other.score == point.score;
            is_beaten |= !worse && !equal;
        }
        if !is_beaten {
            front.push(at);
        }
    }
    let place = |at: usize| {
        let before = |&&other: &&usize| {
            let (a, b) = (points[other].cost, points[at].cost);
            a < b || (a == b && other < at)
        };
        front.iter().filter(before).count()
    };
    let mut sorted = vec![0; front.len()];
    for &at in &front {
        sorted[place(at)] = at;
    }
    sorted
}
