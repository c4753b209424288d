//! What each kernel is run on: one small example a file, named like the kernel's entry point.
//!
//! The build script lists them, so that a lesson adds its own and edits nothing.

use kernel_interpreter::Buffer;

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// Two rows to add up or to turn into shares.
pub const COLS: usize = 5;
const ROWS: [f32; 2 * COLS] = [3.0, 1.0, 4.0, 1.0, 5.0, -2.0, 0.5, 2.0, 0.0, 1.0];

/// Eight numbers for eight threads.
pub const EIGHT: [f32; 8] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];

/// A kernel that can be looked at.
pub struct Example {
    /// Its entry point.
    pub entry: &'static str,
    /// What is bound, in the order of the bindings.
    pub buffers: fn() -> Vec<Buffer>,
    /// How many workgroups it is run with.
    pub groups: [u32; 3],
    /// The names of its outputs, and which buffers they are.
    pub outputs: &'static [(&'static str, usize)],
    /// What it is run on.
    pub on: &'static str,
}

fn dims([a, b, c]: [u32; 3]) -> Buffer {
    Buffer::words(2, vec![a, b, c, 0])
}

/// Two matrices, (m, k) and (k, n), and room for their product.
fn matrices([m, k, n]: [usize; 3]) -> Vec<Buffer> {
    let numbers = |count| EIGHT.iter().copied().cycle().take(count).collect::<Vec<f32>>();
    let sizes = [m, k, n, 0].map(|size| size as u32);
    vec![
        Buffer::input(0, &numbers(m * k)),
        Buffer::input(1, &numbers(k * n)),
        Buffer::output(2, m * n),
        Buffer::words(3, sizes.to_vec()),
    ]
}

/// What a source is run on, by the name of its entry point.
pub fn of(source: &str) -> Option<&'static Example> {
    let has = |entry: &str| {
        source
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect::<Vec<_>>()
            .windows(2)
            .any(|words| words == ["fn", entry])
    };
    EXAMPLES.iter().find(|example| has(example.entry))
}
