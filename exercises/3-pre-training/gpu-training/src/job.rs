//! What a kernel of this lesson is run on, and what has to come out, in f64.

mod attention;
mod layers;

use gpu::{AnyBuffer, Binding, Buffer, Gpu, GpuError, rows_grid};
use grading::random::seeded;
use kernel_test::Slot;
use rand::RngExt;
use rand::rngs::StdRng;

/// What is bound, in the order of the bindings.
#[derive(Clone, Debug)]
pub enum Data {
    /// Numbers that are read.
    Read(Vec<f32>),
    /// Whole numbers that are read.
    Ids(Vec<u32>),
    /// Room for so many numbers that are written, under a name.
    Write(&'static str, usize),
    /// Numbers under a name that are changed.
    Change(&'static str, Vec<f32>),
    /// Four whole numbers.
    Sizes([u32; 4]),
}

/// What an output has to hold.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// For each number what it is, and the sum of the absolute values of its terms.
    pub numbers: Vec<[f64; 2]>,
}

/// How a matrix lies in its buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Row by row.
    Rows,
    /// Column by column: the transpose of a matrix that lies row by row.
    Columns,
    /// Row by row, with three numbers of something else behind each.
    Apart,
    /// As one number that stands for all.
    One,
}

/// A run of a kernel.
#[derive(Clone, Debug)]
pub struct Job {
    /// The kernel's entry point.
    pub entry: &'static str,
    /// What it is run on, in words.
    pub what: String,
    /// What it binds.
    pub data: Vec<Data>,
    /// What has to come out, in the order of the outputs.
    pub wanted: Vec<Wanted>,
    /// How many workgroups it needs.
    pub workgroups: usize,
}

/// Numbers as the kernel gets them.
struct Draw(StdRng);

impl Draw {
    fn numbers(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.0.random_range(-1.0..1.0)).collect()
    }
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// A sum, and that of the absolute values.
fn sum(terms: impl Iterator<Item = f64>) -> [f64; 2] {
    terms.fold([0.0, 0.0], |[sum, size], term| [sum + term, size + term.abs()])
}

fn u32s<const N: usize>(sizes: [usize; N]) -> [u32; N] {
    sizes.map(|size| size as u32)
}

impl Lies {
    /// Steps between the numbers of a column and of a row, for a matrix of this shape.
    pub fn steps(self, [rows, cols]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Rows => [cols, 1],
            Self::Columns => [1, rows],
            Self::Apart => [cols + 3, 1],
            Self::One => [0, 0],
        }
    }
}

impl Job {
    /// A product of matrices of the shapes (m, k) and (k, n), which lie somehow.
    pub fn product([m, k, n]: [usize; 3], lies: [Lies; 2], adds: bool, seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let [of_a, of_b] = [lies[0].steps([m, k]), lies[1].steps([k, n])];
        let len = |[row, col]: [usize; 2], [rows, cols]: [usize; 2]| match rows * cols {
            0 => 0,
            _ => (rows - 1) * row + (cols - 1) * col + 1,
        };
        let (a, b) = (draw.numbers(len(of_a, [m, k])), draw.numbers(len(of_b, [k, n])));
        let c = draw.numbers(m * n);
        let (wide_a, wide_b) = (wide(&a), wide(&b));
        let number = |at: usize| {
            let (i, j) = (at / n, at % n);
            let products = (0..k)
                .map(|p| wide_a[i * of_a[0] + p * of_a[1]] * wide_b[p * of_b[0] + j * of_b[1]]);
            sum(products.chain(adds.then(|| f64::from(c[at]))))
        };
        let shape = vec![m, n];
        let numbers = (0..m * n).map(number).collect();
        let how = if adds { ", added to C" } else { "" };
        Self {
            entry: "matmul_strided",
            what: format!("({m}, {k}) times ({k}, {n}), which lie {lies:?}{how}"),
            data: vec![
                Data::Read(a),
                Data::Read(b),
                Data::Change("c", c),
                Data::Sizes(u32s([m, k, n, usize::from(adds)])),
                Data::Sizes(u32s([of_a[0], of_a[1], of_b[0], of_b[1]])),
            ],
            wanted: vec![Wanted { name: "c", shape, numbers }],
            workgroups: m.div_ceil(16) * n.div_ceil(16),
        }
    }

    /// The kinds of what is bound.
    pub fn bindings(&self) -> Vec<Binding> {
        let kind = |data: &Data| match data {
            Data::Read(_) | Data::Ids(_) => Binding::Read,
            Data::Write(..) | Data::Change(..) => Binding::ReadWrite,
            Data::Sizes(_) => Binding::Uniform,
        };
        self.data.iter().map(kind).collect()
    }

    /// The same for a test of a kernel.
    pub(crate) fn slots(&self) -> Vec<Slot<'_>> {
        let slot = |data| match data {
            &Data::Write(name, len) => Slot::Output(name, len),
            Data::Read(x) => Slot::Input(x),
            Data::Ids(ids) => Slot::Index(ids),
            Data::Change(name, x) => Slot::InOut(name, x),
            Data::Sizes(sizes) => Slot::Uniform(*sizes),
        };
        self.data.iter().map(slot).collect()
    }

    /// Runs a kernel on it; what was written and changed comes back.
    ///
    /// # Errors
    /// As those of [`Gpu::compile`] and [`Gpu::run`].
    pub async fn run(&self, gpu: &Gpu, wgsl: &str) -> Result<Vec<Vec<f32>>, GpuError> {
        let kernel = gpu.compile(wgsl, self.entry, &self.bindings()).await?;
        let (mut buffers, mut outputs) = (Vec::<Box<dyn AnyBuffer>>::new(), Vec::new());
        for data in &self.data {
            let mut output = |buffer: Buffer<f32>| {
                outputs.push(buffer.clone());
                Box::new(buffer)
            };
            buffers.push(match data {
                Data::Read(x) => Box::new(gpu.upload(x)),
                Data::Ids(ids) => Box::new(gpu.upload(ids)),
                Data::Write(_, len) => output(gpu.zeros(*len)),
                Data::Change(_, x) => output(gpu.upload(x)),
                Data::Sizes(sizes) => Box::new(gpu.uniform(sizes)),
            });
        }
        let bound: Vec<&dyn AnyBuffer> = buffers.iter().map(|buffer| &**buffer).collect();
        gpu.run(&kernel, &bound, rows_grid(self.workgroups)).await?;
        let mut read = Vec::new();
        for output in &outputs {
            read.push(gpu.read(output).await?);
        }
        Ok(read)
    }
}
