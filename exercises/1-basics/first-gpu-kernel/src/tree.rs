//! What the tree of `sum.wgsl` computes, on the CPU: for figures and numbers of the page.

use crate::THREADS;

/// The slots that are still in play, at first and after each step of the tree. Their number is a
/// power of two.
pub fn halvings(slots: &[f32]) -> Vec<Vec<f32>> {
    let mut steps = vec![slots.to_vec()];
    while let Some(last) = steps.last().filter(|last| last.len() > 1) {
        let (low, high) = last.split_at(last.len() / 2);
        let next = low.iter().zip(high).map(|(a, b)| a + b).collect();
        steps.push(next);
    }
    steps
}

/// The sum in f32 of a number that comes `n` times, added by one thread.
pub fn sum_by_one(x: f32, n: u32) -> f32 {
    (0..n).fold(0.0, |sum, _| sum + x)
}

/// The same by a workgroup: each thread adds its part, a tree the parts.
pub fn sum_by_tree(x: f32, n: u32) -> f32 {
    let part = |thread| sum_by_one(x, (thread..n).step_by(THREADS as usize).len() as u32);
    let slots: Vec<f32> = (0..THREADS).map(part).collect();
    halvings(&slots).last().map_or(0.0, |top| top[0])
}
