//! Runs in the interpreter, where each access of each thread is looked at.

use std::sync::{Arc, OnceLock};

use grading::{Failure, seed_of_this_run};
use kernel_interpreter::{Buffer, Dispatch, Finding, Kernel, Reason};

use crate::{Reads, Slot, UNTOUCHED, endless};

/// Steps of a thread: at the small sizes of these runs a right kernel takes a few hundred.
const STEPS: u64 = 50_000;

/// Findings that a failure shows: the first often causes the others.
const SHOWN: usize = 3;

/// The outputs of a run, and what it read.
type Counted = (Vec<Vec<f32>>, Reads);

/// A kernel for the interpreter.
#[derive(Clone, Debug)]
pub(crate) struct Interpreted {
    kernel: Arc<Kernel>,
    wgsl: String,
}

impl Interpreted {
    pub(crate) fn new(wgsl: &str, entry: &str) -> Result<Self, Failure> {
        let kernel = Kernel::new(wgsl, entry).map_err(|refusal| match refusal.reason {
            Reason::Unsupported => Failure::unavailable(format!(
                "not judged thread by thread, because the interpreter of kernels does not know \
                 all of WGSL: {refusal}"
            )),
            _ => Failure::wrong(format!("the WGSL does not compile:\n{refusal}")),
        })?;
        Ok(Self { kernel: Arc::new(kernel), wgsl: wgsl.to_owned() })
    }

    pub(crate) fn run(&self, slots: &[Slot<'_>], grid: [u32; 3]) -> Result<Counted, Failure> {
        let seed = seed_of_this_run()?;
        let buffer = |(binding, slot): (u32, &Slot<'_>)| match slot {
            Slot::Input(x) | Slot::InOut(_, x) => Buffer::input(binding, x),
            Slot::Index(x) => Buffer::words(binding, x.to_vec()),
            Slot::Output(_, len) => {
                let words = vec![UNTOUCHED.to_bits(); *len];
                Buffer { words, ..Buffer::output(binding, 0) }
            }
            Slot::Uniform(sizes) => Buffer::words(binding, sizes.to_vec()),
        };
        let buffers = (0..).zip(slots).map(buffer).collect();
        let dispatch = Dispatch { seed, steps: STEPS, ..Dispatch::new(buffers, grid) };
        let report = self.kernel.run(&dispatch).map_err(|no| Failure::wrong(no.to_string()))?;
        let errors: Vec<&Finding> = report.errors().collect();
        if errors.iter().any(|finding| matches!(finding, Finding::EndlessLoop { .. })) {
            endless::remember(&self.wgsl);
        }
        if let Some(message) = message(&errors, seed) {
            return Err(Failure::wrong(message));
        }
        let comes_back = |slot: &Slot<'_>| matches!(slot, Slot::Output(..) | Slot::InOut(..));
        let outputs = slots.iter().enumerate().filter(|(_, slot)| comes_back(slot));
        let outputs = outputs.map(|(i, _)| report.f32s(i)).collect();
        Ok((outputs, Reads { slots: report.reads, workgroup: report.workgroup_reads }))
    }
}

/// What the interpreter finds in the first run of a kernel that was wrong on a GPU.
#[derive(Clone, Debug)]
pub(crate) struct Explained {
    entry: String,
    why: Arc<OnceLock<Option<String>>>,
}

impl Explained {
    /// So many numbers, and workgroups, are gone through in a moment.
    const NUMBERS: usize = 40_000;
    const GROUPS: u32 = 64;

    /// Of a kernel with this entry point; nothing was wrong so far.
    pub(crate) fn of(entry: &str) -> Self {
        Self { entry: entry.to_owned(), why: Arc::default() }
    }

    /// What a thread does wrong; `None` if none does, or if the run is too large.
    pub(crate) fn why(&self, wgsl: &str, slots: &[Slot<'_>], grid: [u32; 3]) -> Option<&str> {
        let numbers = |slot: &Slot<'_>| match slot {
            Slot::Input(x) | Slot::InOut(_, x) => x.len(),
            Slot::Index(x) => x.len(),
            Slot::Output(_, len) => *len,
            Slot::Uniform(_) => 0,
        };
        let is_small = slots.iter().map(numbers).sum::<usize>() <= Self::NUMBERS
            && grid.iter().product::<u32>() <= Self::GROUPS;
        if !is_small {
            return self.why.get()?.as_deref();
        }
        let look = || {
            let ran = Interpreted::new(wgsl, &self.entry).and_then(|one| one.run(slots, grid));
            ran.err().map(|failure| failure.message().to_owned())
        };
        self.why.get_or_init(look).as_deref()
    }
}

/// What is wrong, one finding a line; `None` if nothing is.
fn message(errors: &[&Finding], seed: u64) -> Option<String> {
    let shown = errors.iter().take(SHOWN).map(ToString::to_string);
    let mut lines: Vec<String> = shown.collect();
    let more = errors.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("… and {more} more of this kind"));
    }
    let order =
        format!("(threads ran in the order of seed {seed:x}; STUDY_SEED={seed:x} repeats it)");
    let last = lines.last_mut()?;
    last.push_str(&format!(" {order}"));
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use gpu::Binding::{Read, ReadWrite};
    use grading::Failure;

    use super::Explained;
    use crate::{KernelUnderTest, Reads, Slot};

    const DOUBLE: &str = "
        @group(0) @binding(0) var<storage, read> x: array<f32>;
        @group(0) @binding(1) var<storage, read_write> y: array<f32>;
        var<workgroup> slots: array<f32, 4>;
        @compute @workgroup_size(4)
        fn double(@builtin(local_invocation_index) i: u32) {
            slots[i] = x[i];
            workgroupBarrier();
            y[i] = slots[i] + slots[3u - i];
        }";

    fn run(wgsl: &str) -> Result<Vec<Vec<f32>>, Failure> {
        counted(wgsl).map(|(outputs, _)| outputs)
    }

    fn counted(wgsl: &str) -> Result<(Vec<Vec<f32>>, Option<Reads>), Failure> {
        pollster::block_on(async {
            let kernel =
                KernelUnderTest::thread_by_thread(wgsl, "double", &[Read, ReadWrite]).await?;
            let x = [1.0, 2.0, 3.0, 4.0];
            kernel.run_counted(&[Slot::Input(&x), Slot::Output("y", 4)], 0, [1, 1, 1]).await
        })
    }

    #[test]
    fn reads_are_counted() {
        let (_, reads) = counted(DOUBLE).unwrap();
        assert_eq!(reads, Some(Reads { slots: vec![4, 0], workgroup: 8 }));
        let again = DOUBLE.replace("y[i] = slots[i]", "y[i] = x[i] + x[0] - x[0]");
        let (_, reads) = counted(&again).unwrap();
        assert_eq!(reads, Some(Reads { slots: vec![16, 0], workgroup: 4 }));
    }

    #[test]
    fn a_right_kernel_gives_its_outputs() {
        assert_eq!(run(DOUBLE), Ok(vec![vec![5.0; 4]]));
    }

    #[test]
    fn a_race_is_told_with_its_place_and_the_seed() {
        let message =
            run(&DOUBLE.replace("workgroupBarrier();", "")).unwrap_err().message().to_owned();
        assert!(message.contains("a race on slots["), "{message}");
        assert!(message.contains("line 9") && message.contains("STUDY_SEED="), "{message}");
    }

    #[test]
    fn a_kernel_that_does_not_end_is_not_run_again() {
        let endless = DOUBLE.replace("workgroupBarrier();", "while x[0] > 0.0 {}");
        let first = run(&endless).unwrap_err().message().to_owned();
        assert!(first.contains("does not end"), "{first}");
        let on_gpu = KernelUnderTest::compile(&endless, "double", &[Read, ReadWrite]);
        let again = pollster::block_on(on_gpu).unwrap_err().message().to_owned();
        assert!(again.contains("did not end in an earlier check"), "{again}");
        assert!(run(&endless).unwrap_err().message().contains("does not end"));
    }

    #[test]
    fn a_wrong_run_is_explained_once_and_only_if_it_is_small() {
        let wgsl = "@group(0) @binding(0) var<storage, read_write> y: array<f32>;
            @compute @workgroup_size(1) fn main() {
                for (var i = 0u; i < arrayLength(&y);) {
                    y[i] = 1.0;
                    if arrayLength(&y) < 4u { i += 1u; }
                }
            }";
        let outputs = |len| [Slot::Output("y", len)];
        let right = Explained::of("main");
        assert_eq!(right.why(wgsl, &outputs(3), [1; 3]), None);
        assert_eq!(right.why(wgsl, &outputs(4), [1; 3]), None, "it is looked for once");

        let wrong = Explained::of("main");
        assert_eq!(wrong.why(wgsl, &outputs(40_001), [1; 3]), None, "too many numbers");
        assert_eq!(wrong.why(wgsl, &outputs(4), [65, 1, 1]), None, "too many workgroups");
        let why = wrong.why(wgsl, &outputs(4), [1; 3]).unwrap();
        assert!(
            why.contains("this loop does not end") && why.contains("i, which stays 0"),
            "{why}"
        );
        assert_eq!(wrong.why(wgsl, &outputs(40_001), [1; 3]), Some(why));
    }
}
