//! A run of a kernel in the interpreter, on a small example of the lesson that it is of.

use kernel_interpreter::{Buffer, Dispatch, Kernel, Refusal, Report, TraceRequest};

/// Events that are kept: those of a workgroup of 256 threads that add up a row.
const EVENTS: usize = 60_000;
/// Steps of a thread: a right kernel takes a few hundred on so little.
const STEPS: u64 = 5_000;

/// Two rows to add up or to turn into shares.
pub const COLS: usize = 5;
const ROWS: [f32; 2 * COLS] = [3.0, 1.0, 4.0, 1.0, 5.0, -2.0, 0.5, 2.0, 0.0, 1.0];

/// A kernel that can be looked at.
pub struct Lesson {
    /// Its entry point.
    pub entry: &'static str,
    buffers: fn() -> Vec<Buffer>,
    groups: u32,
    /// The names of its outputs, and which buffers they are.
    pub outputs: &'static [(&'static str, usize)],
    /// What it is run on.
    pub on: &'static str,
}

/// The kernel of this page, and all that the book asks for.
pub const LESSONS: [Lesson; 5] = [
    Lesson {
        entry: "pass_on",
        buffers: || {
            let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
            vec![Buffer::input(0, &x), Buffer::output(1, 8)]
        },
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
                Buffer::input(0, &ROWS),
                Buffer::words(1, vec![4, 0]),
                Buffer::output(2, 2),
                Buffer::output(3, ROWS.len()),
                Buffer { binding: 4, ..dims([2, COLS as u32, 99]) },
            ]
        },
        groups: 2,
        outputs: &[("loss", 2), ("gradient", 3)],
        on: "two rows of five logits, 3, 1, 4, 1, 5 and −2, 0.5, 2, 0, 1, with the targets 4 and 0",
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

/// Runs a kernel; the trace is of the first workgroup.
///
/// # Errors
/// If it is no valid WGSL, or does not fit the lesson.
pub fn run(source: &str, lesson: &Lesson, seed: u64) -> Result<(Kernel, Report), Refusal> {
    let kernel = Kernel::new(source, lesson.entry)?;
    let dispatch = Dispatch {
        seed,
        steps: STEPS,
        trace: Some(TraceRequest { group: Some([0; 3]), events: EVENTS }),
        ..Dispatch::new((lesson.buffers)(), [lesson.groups, 1, 1])
    };
    let report = kernel.run(&dispatch)?;
    Ok((kernel, report))
}
