//! Who reads what, in small: the schedules of the three kernels, with tiles of any size, for
//! pictures. A test runs the kernels themselves and compares what they read.

use crate::Dims;

/// What a kernel reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// How often each number of `A`, row-major.
    pub a: Vec<u64>,
    /// And of `B`.
    pub b: Vec<u64>,
    /// How many numbers of tiles, from workgroup memory.
    pub workgroup: u64,
}

impl Reads {
    /// Nothing yet.
    pub fn none(dims: Dims) -> Self {
        Self { a: vec![0; dims.m * dims.k], b: vec![0; dims.k * dims.n], workgroup: 0 }
    }

    /// All reads from buffers.
    pub fn total(&self) -> u64 {
        self.a.iter().chain(&self.b).sum()
    }
}

/// How a workgroup reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Each thread reads what it needs for its number of `C`.
    Nothing,
    /// The workgroup reads each number of its rows and columns once, in tiles that reach so far
    /// along k; a thread computes a block of so many rows and columns.
    Tiles {
        /// Columns of a tile of `A`, rows of one of `B`.
        depth: usize,
        /// Rows and columns of a thread's block.
        block: usize,
    },
}

/// The tiles of `C`, in the order of the workgroups: the rows and the columns of each.
pub fn tiles(dims: Dims, tile: usize) -> Vec<[std::ops::Range<usize>; 2]> {
    let from = |start: usize, end: usize| start..(start + tile).min(end);
    let starts = |end: usize| (0..end).step_by(tile);
    starts(dims.m)
        .flat_map(|i| starts(dims.n).map(move |j| [from(i, dims.m), from(j, dims.n)]))
        .collect()
}

/// What one workgroup reads, in addition to what was read before.
pub fn read_tile(
    reads: &mut Reads,
    dims: Dims,
    tile: usize,
    [rows, cols]: &[std::ops::Range<usize>; 2],
    sharing: Sharing,
) {
    let Dims { k, n, .. } = dims;
    let times = |others: usize| match sharing {
        Sharing::Nothing => others as u64,
        Sharing::Tiles { .. } => 1,
    };
    for p in 0..k {
        rows.clone().for_each(|i| reads.a[i * k + p] += times(cols.len()));
        cols.clone().for_each(|j| reads.b[p * n + j] += times(rows.len()));
    }
    if let Sharing::Tiles { depth, block } = sharing {
        // Threads outside of C go through the tiles, too, and past the end of k.
        let threads = (tile / block).pow(2);
        reads.workgroup += (threads * 2 * block * k.next_multiple_of(depth)) as u64;
    }
}
