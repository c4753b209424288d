//! Work on the rows of a matrix: shared out to threads, with the widest vectors that the processor
//! has.

use candle_core::{CpuStorage, Layout, Result, Tensor, bail};
use rayon::prelude::*;

use crate::math::Real;
use lanes::Work;

/// About so many numbers a thread takes at a time.
const PORTION: usize = 1 << 14;
/// As many sums at a time: two vectors of the widest common kind.
const LANES: usize = 16;

/// What is done to a row.
pub(crate) trait ByRow<T>: Sync {
    /// Must be `#[inline(always)]`: only what is inlined is compiled for wide vectors.
    fn row(&self, row: usize, out: &mut [T]);
}

/// Some rows of a result.
struct Portion<'a, T, W> {
    work: &'a W,
    first: usize,
    cols: usize,
    out: &'a mut [T],
}

impl<T, W: ByRow<T>> Work for Portion<'_, T, W> {
    #[inline(always)]
    fn run(self) {
        for (i, out) in self.out.chunks_exact_mut(self.cols).enumerate() {
            self.work.row(self.first + i, out);
        }
    }
}

/// As many rows as a thread takes at a time, each made from so many numbers.
pub(crate) fn portion(numbers: usize) -> usize {
    (PORTION / numbers.max(1)).max(1)
}

/// A matrix `(rows, cols)`, each row of it made by `work` from so many numbers.
pub(crate) fn by_row<T: Real, W: ByRow<T>>(
    rows: usize,
    cols: usize,
    numbers: usize,
    work: &W,
) -> Vec<T> {
    let mut out = vec![T::from_f64(0.0); rows * cols];
    if out.is_empty() {
        return out;
    }
    let at_a_time = portion(numbers);
    let some = |(i, out): (usize, &mut [T])| {
        lanes::run(Portion { work, first: i * at_a_time, cols, out });
    };
    if rows <= at_a_time {
        some((0, &mut out));
    } else {
        out.par_chunks_mut(at_a_time * cols).enumerate().for_each(some);
    }
    out
}

/// What is done to each number.
pub(crate) trait Each<T>: Sync {
    /// Makes the numbers from place `first` of the whole on. Must be `#[inline(always)]`.
    fn each(&self, first: usize, out: &mut [T]);
}

struct Numbers<'a, T, W> {
    work: &'a W,
    first: usize,
    out: &'a mut [T],
}

impl<T, W: Each<T>> Work for Numbers<'_, T, W> {
    #[inline(always)]
    fn run(self) {
        self.work.each(self.first, self.out);
    }
}

/// So many numbers, made by `work`.
pub(crate) fn by_number<T: Real, W: Each<T>>(count: usize, work: &W) -> Vec<T> {
    let mut out = vec![T::from_f64(0.0); count];
    let some = |(i, out): (usize, &mut [T])| {
        lanes::run(Numbers { work, first: i * PORTION, out });
    };
    if count <= PORTION {
        some((0, &mut out));
    } else {
        out.par_chunks_mut(PORTION).enumerate().for_each(some);
    }
    out
}

/// Row `row` of a matrix.
#[inline(always)]
pub(crate) fn nth<T>(x: &[T], row: usize, cols: usize) -> &[T] {
    &x[row * cols..][..cols]
}

/// The largest number; NaN are passed over.
#[inline(always)]
pub(crate) fn max<T: Real>(x: &[T]) -> T {
    let larger = |a: T, b: T| if b > a { b } else { a };
    let mut lanes = [T::from_f64(f64::NEG_INFINITY); LANES];
    let chunks = x.chunks_exact(LANES);
    for (lane, &x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = larger(*lane, x);
    }
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = larger(lanes[i], chunk[i]);
        }
    }
    lanes.into_iter().fold(lanes[0], larger)
}

/// The sums of two functions of each pair of numbers.
#[inline(always)]
pub(crate) fn sums<T: Real>(a: &[T], b: &[T], of: impl Fn(T, T) -> (T, T)) -> (T, T) {
    let zero = T::from_f64(0.0);
    let (mut one, mut two) = ([zero; LANES], [zero; LANES]);
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (i, (&a, &b)) in a.remainder().iter().zip(b.remainder()).enumerate() {
        (one[i], two[i]) = of(a, b);
    }
    for (a, b) in a.zip(b) {
        for i in 0..LANES {
            let (x, y) = of(a[i], b[i]);
            one[i] += x;
            two[i] += y;
        }
    }
    let mut n = LANES;
    while n > 1 {
        n /= 2;
        for i in 0..n {
            one[i] += one[i + n];
            two[i] += two[i + n];
        }
    }
    (one[0], two[0])
}

/// The sum.
#[inline(always)]
pub(crate) fn sum<T: Real>(x: &[T]) -> T {
    sums(x, x, |x, _| (x, x)).0
}

/// The numbers of a tensor in order.
pub(crate) fn slice<'a, T: Real>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&storage.as_slice::<T>()?[from..to]),
        None => bail!("the tensor is not contiguous"),
    }
}

/// How many rows there are along the last axis, and their length.
pub(crate) fn rows(layout: &Layout) -> (usize, usize) {
    match layout.dims() {
        [front @ .., cols] => (front.iter().product(), *cols),
        [] => (1, 1),
    }
}

/// For an operation that works along the last axis, done along another.
pub(crate) fn along(
    x: &Tensor,
    dim: usize,
    work: impl FnOnce(Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    x.dim(dim)?;
    let last = x.rank() - 1;
    if dim == last {
        return work(x.contiguous()?);
    }
    work(x.transpose(dim, last)?.contiguous()?)?.transpose(dim, last)
}

/// An expression with `T` for the type of numbers of a storage.
macro_rules! for_real {
    ($storage:expr, $name:expr, $T:ident => $body:expr) => {
        match $storage {
            candle_core::CpuStorage::F32(_) => {
                type $T = f32;
                $body
            }
            candle_core::CpuStorage::F64(_) => {
                type $T = f64;
                $body
            }
            _ => candle_core::bail!("{}: give a tensor of f32 or f64", $name),
        }
    };
}
pub(crate) use for_real;
