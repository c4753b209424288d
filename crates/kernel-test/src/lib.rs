//! A learner's kernel under test: compiled, run with guards around its data, and asked what it
//! wrote.
//!
//! ```text
//! let kernel = KernelUnderTest::compile(&wgsl, ENTRY, &BINDINGS).await?;
//! let slots = [Slot::Input(&x), Slot::Output("y", x.len()), Slot::Uniform([rows, cols, 0, 0])];
//! let y = kernel.run(&slots, guard, grid).await?.remove(0);
//! ```

mod endless;
#[cfg(not(target_family = "wasm"))]
mod threads;

use gpu::{AnyBuffer, Binding, Buffer, Gpu, GpuError, Kernel};
use grading::{Failure, Outcome, Tolerance, expect_close};

/// What an output holds before the kernel runs. A kernel that means to write it is out of luck, so
/// the values under test must never be this number.
pub const UNTOUCHED: f32 = -7.0625;

/// What follows a floating-point input: a kernel that reads it gets every maximum and sum wrong.
pub const POISON: f32 = 50.0;

/// How many numbers of a row a failure shows.
const SHOWN: usize = 8;

/// What is bound, in the order of the bindings.
#[derive(Clone, Copy, Debug)]
pub enum Slot<'a> {
    /// Numbers, followed by [`POISON`].
    Input(&'a [f32]),
    /// Whole numbers, followed by 0.
    Index(&'a [u32]),
    /// Room for so many numbers under a name, all [`UNTOUCHED`].
    Output(&'a str, usize),
    /// Numbers under a name that are read and written; they come back among the outputs.
    InOut(&'a str, &'a [f32]),
    /// Four whole numbers: sizes, mostly.
    Uniform([u32; 4]),
}

/// How many numbers all threads of a run read together; one that is read twice counts twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads {
    /// From each slot.
    pub slots: Vec<u64>,
    /// From workgroup memory.
    pub workgroup: u64,
}

/// A compiled kernel.
#[derive(Clone, Debug)]
pub struct KernelUnderTest(Runs);

/// What runs it.
#[derive(Clone, Debug)]
enum Runs {
    OnGpu {
        gpu: Gpu,
        kernel: Kernel,
        wgsl: String,
        #[cfg(not(target_family = "wasm"))]
        explained: threads::Explained,
    },
    #[cfg(not(target_family = "wasm"))]
    ThreadByThread(threads::Interpreted),
}

impl KernelUnderTest {
    /// Compiles a source; the same source is compiled once.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] without a GPU; else the diagnostics, with line and column.
    pub async fn compile(wgsl: &str, entry: &str, bindings: &[Binding]) -> Result<Self, Failure> {
        endless::expect_not(wgsl)?;
        Self::compile_on_gpu(wgsl, entry, bindings).await
    }

    async fn compile_on_gpu(
        wgsl: &str,
        entry: &str,
        bindings: &[Binding],
    ) -> Result<Self, Failure> {
        let gpu = gpu::shared().await.map_err(failure)?;
        let kernel = gpu.compile(wgsl, entry, bindings).await.map_err(failure)?;
        Ok(Self(Runs::OnGpu {
            gpu,
            kernel,
            wgsl: wgsl.to_owned(),
            #[cfg(not(target_family = "wasm"))]
            explained: threads::Explained::of(entry),
        }))
    }

    /// Reads a source for runs in the interpreter, one thread at a time, in an order that is drawn
    /// anew each time (`STUDY_SEED` repeats it). Such a run fails for what no driver reports: a
    /// data race, a barrier that not all threads reach or that a browser refuses, an access out of
    /// bounds, a loop without an end, an output that nobody writes. It takes small sizes, no guards
    /// and no GPU. In a page, where the interpreter is not, the kernel runs on the GPU.
    ///
    /// # Errors
    /// As [`compile`](Self::compile); [`Failure::Unavailable`] if the kernel uses what the
    /// interpreter does not know.
    pub async fn thread_by_thread(
        wgsl: &str,
        entry: &str,
        bindings: &[Binding],
    ) -> Result<Self, Failure> {
        let compiled = Self::compile_on_gpu(wgsl, entry, bindings).await;
        #[cfg(not(target_family = "wasm"))]
        // A driver says what it says for the other checks, too; the interpreter needs none.
        if let Ok(_) | Err(Failure::Unavailable(_)) = compiled {
            return threads::Interpreted::new(wgsl, entry).map(Runs::ThreadByThread).map(Self);
        }
        compiled
    }

    /// Runs the kernel and returns the outputs in order. Behind each input and output lie `guard`
    /// more elements; thread by thread there are none, since every access is looked at.
    ///
    /// # Errors
    /// If the kernel does not finish, or wrote behind an output; thread by thread, also for what is
    /// wrong with a thread; [`Failure::Unavailable`] if the GPU was lost.
    pub async fn run(
        &self,
        slots: &[Slot<'_>],
        guard: usize,
        grid: [u32; 3],
    ) -> Result<Vec<Vec<f32>>, Failure> {
        self.run_counted(slots, guard, grid).await.map(|(outputs, _)| outputs)
    }

    /// The same, and what the run read, if it was one thread by thread: no driver tells.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_counted(
        &self,
        slots: &[Slot<'_>],
        guard: usize,
        grid: [u32; 3],
    ) -> Result<(Vec<Vec<f32>>, Option<Reads>), Failure> {
        let (gpu, kernel, wgsl) = match &self.0 {
            Runs::OnGpu { gpu, kernel, wgsl, .. } => (gpu, kernel, wgsl),
            #[cfg(not(target_family = "wasm"))]
            Runs::ThreadByThread(interpreted) => {
                let (outputs, reads) = interpreted.run(slots, grid)?;
                return Ok((outputs, Some(reads)));
            }
        };
        let buffers: Vec<AnyOf> = slots.iter().map(|slot| upload(gpu, slot, guard)).collect();
        let bound: Vec<&dyn AnyBuffer> = buffers.iter().map(AnyOf::bound).collect();
        let ran = gpu.run(kernel, &bound, grid).await;
        if let Err(GpuError::Timeout(_)) = ran {
            endless::remember(wgsl);
        }
        ran.map_err(failure)?;
        let mut outputs = Vec::new();
        for (slot, buffer) in slots.iter().zip(&buffers) {
            let (name, len) = match slot {
                Slot::Output(name, len) => (name, *len),
                Slot::InOut(name, x) => (name, x.len()),
                _ => continue,
            };
            if let AnyOf::F32(buffer) = buffer {
                let mut values = gpu.read(buffer).await.map_err(failure)?;
                untouched(name, &values.split_off(len), len)?;
                outputs.push(values);
            }
        }
        Ok((outputs, None))
    }

    /// What is said of a run whose outputs were judged: to a wrong one it adds what the interpreter
    /// finds in the same run, which no driver tells, such as a loop that the driver cut short. That
    /// is looked for once a kernel, if the run is small enough for it, and not in a page.
    ///
    /// # Errors
    /// As the outcome.
    #[cfg_attr(target_family = "wasm", expect(unused_variables, reason = "no interpreter there"))]
    pub fn explained(&self, outcome: Outcome, slots: &[Slot<'_>], grid: [u32; 3]) -> Outcome {
        #[cfg(not(target_family = "wasm"))]
        if let (Err(Failure::Wrong(wrong)), Runs::OnGpu { wgsl, explained, .. }) =
            (&outcome, &self.0)
            && let Some(why) = explained.why(wgsl, slots, grid)
        {
            let cut = match endless::expect_not(wgsl) {
                Ok(()) => "",
                Err(_) => "The driver cut this run short, without a word. ",
            };
            return Err(Failure::wrong(format!("{wrong}\n{cut}Thread by thread: {why}")));
        }
        outcome
    }
}

fn upload(gpu: &Gpu, slot: &Slot<'_>, guard: usize) -> AnyOf {
    match slot {
        Slot::Input(x) => AnyOf::F32(gpu.upload(&padded(x, guard, POISON))),
        Slot::Index(x) => AnyOf::U32(gpu.upload(&padded(x, guard, 0))),
        Slot::Output(_, len) => AnyOf::F32(gpu.upload(&vec![UNTOUCHED; len + guard])),
        Slot::InOut(_, x) => AnyOf::F32(gpu.upload(&padded(x, guard, UNTOUCHED))),
        Slot::Uniform(sizes) => AnyOf::Uniform(gpu.uniform(sizes)),
    }
}

enum AnyOf {
    F32(Buffer<f32>),
    U32(Buffer<u32>),
    Uniform(Buffer<[u32; 4]>),
}

impl AnyOf {
    fn bound(&self) -> &dyn AnyBuffer {
        match self {
            Self::F32(buffer) => buffer,
            Self::U32(buffer) => buffer,
            Self::Uniform(buffer) => buffer,
        }
    }
}

/// Fails if an element was never written; `place` names it.
///
/// # Errors
/// With the first such element.
pub fn written(what: &str, values: &[f32], place: impl Fn(usize) -> String) -> Outcome {
    let Some(i) = values.iter().position(|&value| value == UNTOUCHED) else { return Ok(()) };
    Err(Failure::wrong(format!("{what}: nothing was written to {}", place(i))))
}

/// Compares what a kernel made of each row of `x`, and adds to a failure the row of `x` that the
/// first wrong number was made of, with what `about` says of it. `want` has the same count of
/// numbers for every row.
///
/// # Errors
/// The first place where they differ.
pub fn expect_of_rows(
    what: &str,
    (x, cols): (&[f32], usize),
    got: &[f32],
    want: &[f64],
    tolerance: Tolerance,
    about: impl Fn(usize) -> String,
) -> Outcome {
    let rows = x.len() / cols.max(1);
    let width = want.len() / rows.max(1);
    let shape = [rows, width];
    let shape = if width == 1 { &shape[..1] } else { &shape[..] };
    let outcome = expect_close(what, shape, got, want, tolerance);
    let accepts = |(got, want): (&f32, &f64)| tolerance.accepts(f64::from(*got), *want);
    let wrong = got.iter().zip(want).position(|pair| !accepts(pair));
    let (Err(failure), Some(wrong)) = (&outcome, wrong) else { return outcome };
    let row = wrong / width.max(1);
    let numbers = &x[row * cols..][..cols];
    let shown = &numbers[..cols.min(SHOWN)];
    let more = if shown.len() < cols { format!(" … of {cols} numbers") } else { String::new() };
    let (message, about) = (failure.message(), about(row));
    let shown = shown.iter().map(f32::to_string).collect::<Vec<_>>().join(", ");
    Err(Failure::wrong(format!("{message}. Row {row} of the input is [{shown}]{more}{about}")))
}

fn padded<T: Copy>(values: &[T], guard: usize, fill: T) -> Vec<T> {
    let mut padded = values.to_vec();
    padded.resize(values.len() + guard, fill);
    padded
}

fn untouched(name: &str, behind: &[f32], len: usize) -> Outcome {
    let Some(i) = behind.iter().position(|&value| value != UNTOUCHED) else { return Ok(()) };
    let last = match len {
        0 => "it has no numbers".to_owned(),
        _ => format!("its last number is {name}[{}]", len - 1),
    };
    Err(Failure::wrong(format!("wrote {} to {name}[{}], but {last}", behind[i], len + i)))
}

fn failure(error: GpuError) -> Failure {
    match error {
        GpuError::NoAdapter(text) => Failure::unavailable(text),
        error @ GpuError::Lost(_) => Failure::unavailable(format!("not graded: {error}")),
        error => Failure::wrong(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_row_that_the_wrong_number_was_made_of() {
        let x: Vec<f32> = (0_u8..30).map(f32::from).collect();
        let of = |cols: usize, got: &[f32], want: &[f64]| {
            let about = |row| format!(", its target {row}");
            expect_of_rows("loss", (&x, cols), got, want, Tolerance::WGSL, about)
        };
        assert_eq!(of(10, &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), Ok(()));
        let failure = of(10, &[1.0, 0.0, 3.0], &[1.0, 2.0, 3.0]).unwrap_err();
        let row = "[10, 11, 12, 13, 14, 15, 16, 17] … of 10 numbers, its target 1";
        let message = failure.message();
        assert!(message.starts_with("loss: at [1] expected 2.0000000, got 0.0000000"), "{message}");
        assert!(message.ends_with(&format!(". Row 1 of the input is {row}")), "{message}");
        let want: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
        let mut got = x.clone();
        got[29] = 0.0;
        let failure = of(3, &got, &want).unwrap_err();
        let message = failure.message();
        assert!(message.contains("at [9, 2] expected 29"), "{message}");
        assert!(message.ends_with("is [27, 28, 29], its target 9"), "{message}");
        assert!(of(3, &[], &want).is_err());
    }

    #[test]
    fn a_lost_device_is_no_fault_of_the_kernel() {
        let lost = failure(GpuError::Lost("the driver was reset".into()));
        assert!(matches!(&lost, Failure::Unavailable(text) if text.contains("not graded")));
        let slow = failure(GpuError::Timeout("the kernel did not finish".into()));
        assert!(matches!(slow, Failure::Wrong(_)));
    }
}
