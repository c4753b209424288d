//! Products of matrices.

use lanes::Work;

/// A matrix as it lies in a slice.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    /// Its numbers, from that of the first row and the first column on.
    pub numbers: &'a [f32],
    /// How far the numbers of a column lie apart.
    pub row: usize,
    /// How far the numbers of a row lie apart.
    pub col: usize,
}

impl<'a> Matrix<'a> {
    /// A matrix of rows of so many numbers, one behind the other.
    pub fn rows(numbers: &'a [f32], cols: usize) -> Self {
        Self { numbers, row: cols, col: 1 }
    }

    /// The same matrix with its rows as columns.
    pub fn transposed(self) -> Self {
        Self { row: self.col, col: self.row, ..self }
    }
}

/// Who multiplies.
pub trait Products {
    /// `C ← A B`, or `C ← C + A B` if `add`, where `A` is `m × k` and `B` is `k × n`; `sizes` are
    /// `(m, k, n)`. Rows of `C` have their numbers side by side, and begin `row` apart.
    fn product(
        &mut self,
        sizes: (usize, usize, usize),
        a: Matrix<'_>,
        b: Matrix<'_>,
        c: &mut [f32],
        row: usize,
        add: bool,
    );
}

/// Each sum from the first product to the last, in f32: the same bits on every machine.
#[derive(Clone, Debug, Default)]
pub struct Portable {
    a: Vec<f32>,
    b: Vec<f32>,
}

/// Columns of a tile of the result, of which all sums are made at once and shall fit into the registers:
/// in a page those hold four numbers each.
const WIDE: usize = if cfg!(target_family = "wasm") { 8 } else { 16 };

impl Products for Portable {
    fn product(
        &mut self,
        (m, k, n): (usize, usize, usize),
        a: Matrix<'_>,
        b: Matrix<'_>,
        c: &mut [f32],
        row: usize,
        add: bool,
    ) {
        let to = To { sizes: [m, k, n], c, row, add };
        if WIDE > LANES && n <= LANES {
            self.tiles::<8, LANES, 1>([a, b], to);
        } else {
            self.tiles::<4, WIDE, { WIDE / LANES }>([a, b], to);
        }
    }
}

impl Portable {
    /// By tiles of `HIGH` rows and `WIDE` columns, which are `VECTORS` vectors.
    fn tiles<const HIGH: usize, const WIDE: usize, const VECTORS: usize>(
        &mut self,
        [a, b]: [Matrix<'_>; 2],
        to: To<'_>,
    ) {
        let [m, k, n] = to.sizes;
        // Tiles of both matrices one behind the other, as the innermost loop reads them; what is
        // missing to whole tiles is 0.
        pack::<HIGH>(&mut self.a, a, [m, k]);
        pack::<WIDE>(&mut self.b, b.transposed(), [n, k]);
        lanes::run(Tiles::<HIGH, WIDE, VECTORS> { a: &self.a, b: &self.b, to });
    }
}

/// Where a product of these sizes goes.
struct To<'a> {
    sizes: [usize; 3],
    c: &'a mut [f32],
    row: usize,
    add: bool,
}

/// Groups of `GROUP` rows; within a group the first numbers of all its rows, then the second, ….
fn pack<const GROUP: usize>(packed: &mut Vec<f32>, from: Matrix<'_>, [rows, cols]: [usize; 2]) {
    packed.resize(rows.div_ceil(GROUP) * GROUP * cols, 0.0);
    if cols == 0 {
        return;
    }
    for (i, packed) in packed.chunks_exact_mut(GROUP * cols).enumerate() {
        let first = i * GROUP;
        let here = GROUP.min(rows - first);
        if from.row == 1 && here == GROUP {
            // The numbers of a column lie side by side already.
            for (p, packed) in packed.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
                packed.copy_from_slice(&from.numbers[first + p * from.col..][..GROUP]);
            }
            continue;
        }
        // Only the last group has rows that are missing.
        if here < GROUP {
            packed.fill(0.0);
        }
        for r in 0..here {
            let numbers = &from.numbers[(first + r) * from.row..][..(cols - 1) * from.col + 1];
            let packed = packed[r..].iter_mut().step_by(GROUP);
            match from.col {
                1 => packed.zip(numbers).for_each(|(packed, number)| *packed = *number),
                col => {
                    let numbers = numbers.iter().step_by(col);
                    packed.zip(numbers).for_each(|(packed, number)| *packed = *number);
                }
            }
        }
    }
}

struct Tiles<'a, const HIGH: usize, const WIDE: usize, const VECTORS: usize> {
    a: &'a [f32],
    b: &'a [f32],
    to: To<'a>,
}

impl<const HIGH: usize, const WIDE: usize, const VECTORS: usize> Work
    for Tiles<'_, HIGH, WIDE, VECTORS>
{
    #[inline(always)]
    fn run(self) {
        let To { sizes: [m, k, n], c, row, add } = self.to;
        for j in 0..n.div_ceil(WIDE) {
            let b = &self.b[j * WIDE * k..][..WIDE * k];
            let cols = WIDE.min(n - j * WIDE);
            for i in 0..m.div_ceil(HIGH) {
                let a = &self.a[i * HIGH * k..][..HIGH * k];
                let mut sums = [[[0.0_f32; LANES]; VECTORS]; HIGH];
                for (a, b) in a.as_chunks::<HIGH>().0.iter().zip(b.as_chunks::<WIDE>().0) {
                    let b = b.as_chunks::<LANES>().0;
                    for (sums, &a) in sums.iter_mut().zip(a) {
                        for (sums, &b) in sums.iter_mut().zip(b) {
                            *sums = plus_times(*sums, a, b);
                        }
                    }
                }
                let rows = HIGH.min(m - i * HIGH);
                for (r, sums) in sums[..rows].iter().enumerate() {
                    let c = &mut c[(i * HIGH + r) * row + j * WIDE..][..cols];
                    for (c, &sum) in c.iter_mut().zip(sums.as_flattened()) {
                        *c = if add { *c + sum } else { sum };
                    }
                }
            }
        }
    }
}

/// Numbers of a vector register.
const LANES: usize = 8;

/// `sums + a · b`: by value, so that it stays in registers.
#[inline(always)]
fn plus_times(sums: [f32; LANES], a: f32, b: [f32; LANES]) -> [f32; LANES] {
    std::array::from_fn(|i| sums[i] + a * b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_size_and_any_way_of_lying_gives_the_sums_of_products() {
        let numbers: Vec<f32> = (0..400).map(|i| ((i * 37 % 101) as f32 - 50.0) / 8.0).collect();
        // What one product has left behind is in the way of none after it.
        let mut products = Portable::default();
        for (m, k, n) in
            [(1, 1, 1), (4, 3, 16), (5, 7, 17), (9, 0, 3), (8, 5, 32), (3, 20, 1), (17, 4, 8)]
        {
            for (is_a, is_b) in [(false, false), (true, false), (false, true), (true, true)] {
                let lying = |rows, cols, is_transposed| match is_transposed {
                    false => Matrix::rows(&numbers, cols),
                    true => Matrix::rows(&numbers, rows).transposed(),
                };
                let (a, b) = (lying(m, k, is_a), lying(k, n, is_b));
                let at = |x: Matrix<'_>, i, j| x.numbers[i * x.row + j * x.col];
                for add in [false, true] {
                    let row = n + 2;
                    let mut c = vec![1.0; m * row];
                    products.product((m, k, n), a, b, &mut c, row, add);
                    for i in 0..m {
                        for j in 0..n {
                            // Eighths of these sizes are exact.
                            let sum: f32 = (0..k).map(|p| at(a, i, p) * at(b, p, j)).sum();
                            let want = sum + f32::from(u8::from(add));
                            assert_eq!(c[i * row + j], want, "{m} {k} {n}: {i}, {j}");
                        }
                        assert_eq!(c[i * row + n..][..2], [1.0, 1.0]);
                    }
                }
            }
        }
    }
}
