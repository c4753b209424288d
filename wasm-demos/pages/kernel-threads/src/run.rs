//! A run of a kernel in the interpreter, on a small example of the lesson that it is of.

use kernel_interpreter::{Buffer, Dispatch, Finding, Kernel, Refusal, Report, TraceRequest};

/// Events that are kept: those of a workgroup of 256 threads that add up a row.
const EVENTS: usize = 60_000;
/// Steps of a thread: a right kernel takes a few hundred on so little.
const STEPS: u64 = 5_000;

/// Two rows to add up or to turn into shares.
pub const COLS: usize = 5;
const ROWS: [f32; 2 * COLS] = [3.0, 1.0, 4.0, 1.0, 5.0, -2.0, 0.5, 2.0, 0.0, 1.0];

/// Eight numbers for eight threads.
pub const EIGHT: [f32; 8] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];

/// A kernel that can be looked at.
pub struct Lesson {
    /// Its entry point.
    pub entry: &'static str,
    /// What is bound, in the order of the bindings.
    pub buffers: fn() -> Vec<Buffer>,
    /// How many workgroups it is run with.
    pub groups: u32,
    /// The names of its outputs, and which buffers they are.
    pub outputs: &'static [(&'static str, usize)],
    /// What it is run on.
    pub on: &'static str,
}

/// The kernel of this page, and all that the book asks for.
pub const LESSONS: [Lesson; 8] = [
    Lesson {
        entry: "pass_on",
        buffers: || vec![Buffer::input(0, &EIGHT), Buffer::output(1, 8)],
        groups: 1,
        outputs: &[("y", 1)],
        on: "eight numbers: 3, 1, 4, 1, 5, 9, 2, 6",
    },
    Lesson {
        entry: "sum",
        buffers: || vec![Buffer::input(0, &ROWS), Buffer::output(1, 2), dims([2, COLS as u32, 0])],
        groups: 2,
        outputs: &[("y", 1)],
        on: "two rows of five numbers: 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1",
    },
    Lesson {
        entry: "softmax",
        buffers: || {
            let outputs = Buffer::output(1, ROWS.len());
            vec![Buffer::input(0, &ROWS), outputs, dims([2, COLS as u32, 0])]
        },
        groups: 2,
        outputs: &[("y", 1)],
        on: "two rows of five logits: 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1",
    },
    Lesson {
        entry: "scale",
        buffers: || {
            let params = Buffer::words(2, vec![3.0_f32.to_bits(), 5, 0, 0]);
            vec![Buffer::input(0, &ROWS[..5]), Buffer::output(1, 5), params]
        },
        groups: 1,
        outputs: &[("y", 1)],
        on: "five numbers, 3, 1, 4, 1 and 5, times 3",
    },
    Lesson {
        entry: "cross_entropy",
        buffers: || {
            vec![
                Buffer::input(0, &[&ROWS[..], &ROWS[..COLS]].concat()),
                Buffer::words(1, vec![4, 0, 99]),
                Buffer::output(2, 3),
                Buffer::output(3, 3 * COLS),
                Buffer { binding: 4, ..dims([3, COLS as u32, 99]) },
            ]
        },
        groups: 3,
        outputs: &[("loss", 2), ("gradient", 3)],
        on: "three rows of five logits, 3, 1, 4, 1, 5, then −2, 0.5, 2, 0, 1, then the first again, \
             with the targets 4 and 0 and one to ignore",
    },
    Lesson {
        entry: "rope",
        buffers: || {
            vec![
                Buffer::input(0, &[EIGHT, EIGHT].concat()),
                // Two pairs at each of three positions.
                Buffer::input(1, &[1.0, 1.0, 0.0, 0.8, -1.0, 0.28]),
                Buffer::input(2, &[0.0, 0.0, 1.0, 0.6, 0.0, 0.96]),
                Buffer::output(3, 2 * EIGHT.len()),
                Buffer::words(4, vec![2, 2, 4, 1]),
            ]
        },
        groups: 1,
        outputs: &[("y", 3)],
        on: "two rows of two vectors, 3, 1, 4, 1 and 5, 9, 2, 6 in both, at positions 1 and 2",
    },
    Lesson {
        entry: "rms_norm",
        buffers: || {
            let dims = [2, COLS as u32, 1e-5_f32.to_bits(), 0];
            vec![
                Buffer::input(0, &ROWS),
                Buffer::input(1, &[1.0, 2.0, 1.0, 0.5, 1.0]),
                Buffer::output(2, ROWS.len()),
                Buffer::words(3, dims.to_vec()),
            ]
        },
        groups: 2,
        outputs: &[("y", 2)],
        on: "two rows of five numbers, 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1, with the gamma 1, 2, 1, \
             0.5, 1",
    },
    Lesson {
        entry: "swiglu",
        buffers: || {
            vec![
                Buffer::input(0, &ROWS[COLS..]),
                Buffer::input(1, &ROWS[..COLS]),
                Buffer::output(2, COLS),
                Buffer { binding: 3, ..dims([COLS as u32, 0, 0]) },
            ]
        },
        groups: 1,
        outputs: &[("y", 2)],
        on: "five gates, −2, 0.5, 2, 0 and 1, and the numbers 3, 1, 4, 1 and 5",
    },
];

fn dims([a, b, c]: [u32; 3]) -> Buffer {
    Buffer::words(2, vec![a, b, c, 0])
}

/// Whose kernel a source is, by the name of its entry point.
pub fn lesson(source: &str) -> Option<&'static Lesson> {
    let has = |entry: &str| {
        source
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect::<Vec<_>>()
            .windows(2)
            .any(|words| words == ["fn", entry])
    };
    LESSONS.iter().find(|lesson| has(lesson.entry))
}

/// Runs a kernel; the trace is of the workgroup in which something is wrong first, else of the first.
///
/// # Errors
/// If it is no valid WGSL, or does not fit the lesson.
pub fn run(source: &str, lesson: &Lesson, seed: u64) -> Result<(Kernel, Report), Refusal> {
    let kernel = Kernel::new(source, lesson.entry)?;
    let traced = |group| {
        let trace = Some(TraceRequest { group: Some(group), events: EVENTS });
        let buffers = Dispatch::new((lesson.buffers)(), [lesson.groups, 1, 1]);
        kernel.run(&Dispatch { seed, steps: STEPS, trace, ..buffers })
    };
    let first = traced([0; 3])?;
    let elsewhere = first.errors().flat_map(Finding::threads).find_map(|thread| thread.group);
    let report = match elsewhere {
        Some(group) if group != [0; 3] => traced(group)?,
        _ => first,
    };
    Ok((kernel, report))
}
