//! Products of matrices as fast as the processor allows.

use small_gpt::{Matrix, Products};

/// By the crate `gemm`, which candle multiplies with, too: sums are grouped as the processor's
/// registers want it, so other processors may have other last bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gemm;

impl Products for Gemm {
    fn product(
        &mut self,
        (m, k, n): (usize, usize, usize),
        a: Matrix<'_>,
        b: Matrix<'_>,
        c: &mut [f32],
        row: usize,
        add: bool,
    ) {
        if m * n == 0 {
            return;
        }
        let last =
            |x: Matrix<'_>, rows: usize, cols: usize| (rows - 1) * x.row + (cols - 1) * x.col;
        let reads_inside =
            k == 0 || (last(a, m, k) < a.numbers.len() && last(b, k, n) < b.numbers.len());
        assert!(
            reads_inside && (m - 1) * row + n <= c.len(),
            "a matrix ends before its last number"
        );
        // SAFETY: all that is read and written is inside of the slices, as was just seen.
        unsafe {
            gemm::gemm(
                m,
                n,
                k,
                c.as_mut_ptr(),
                1,
                row as isize,
                add,
                a.numbers.as_ptr(),
                a.col as isize,
                a.row as isize,
                b.numbers.as_ptr(),
                b.col as isize,
                b.row as isize,
                1.0_f32,
                1.0_f32,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use small_gpt::Portable;

    #[test]
    fn products_are_those_of_the_portable_ones() {
        let numbers: Vec<f32> = (0..4000).map(|i| ((i * 37 % 101) as f32 - 50.0) / 8.0).collect();
        for (m, k, n) in [(1, 1, 1), (4, 3, 16), (33, 47, 17), (9, 0, 3), (0, 2, 3), (3, 20, 1)] {
            for add in [false, true] {
                let b = Matrix::rows(&numbers, n).transposed();
                for b in [Matrix::rows(&numbers, n), Matrix { row: 1, col: k.max(1), ..b }] {
                    let (mut c, mut d) = (vec![1.0; m * (n + 2) + 1], vec![1.0; m * (n + 2) + 1]);
                    let a = Matrix::rows(&numbers, k);
                    Gemm.product((m, k, n), a, b, &mut c, n + 2, add);
                    Portable::default().product((m, k, n), a, b, &mut d, n + 2, add);
                    // Eighths of these sizes are exact in any order.
                    assert_eq!(c, d, "{m} {k} {n} {add}");
                }
            }
        }
    }
}
