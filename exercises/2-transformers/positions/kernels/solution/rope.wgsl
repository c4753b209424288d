// Turns every pair of queries or keys by its position: one thread a pair.
//
//   y[i]        = x[i] · cos − x[i + half] · sin
//   y[i + half] = x[i] · sin + x[i + half] · cos
//
// for each vector x of head_dim numbers, half = head_dim / 2, and i from 0 to
// half − 1. The vectors have the shape (rows, seq, head_dim), row-major; rows
// is batch · heads. The one at place t of seq stands at position offset + t.
// The sine and cosine of pair i at position p stand in tables of the shape
// (positions, half), row-major: there may be more positions than are needed.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are pairs. The buffers may be longer than what is in them.

struct Dims {
    rows: u32,
    seq: u32,
    head_dim: u32,
    offset: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> cosines: array<f32>;
@group(0) @binding(2) var<storage, read> sines: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> dims: Dims;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn rope(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // This thread's pair, counted through all vectors and all lines of the grid.
    let thread = id.x + id.y * groups.x * THREADS;
    let half = dims.head_dim / 2u;
    // BEGIN ANSWER
    // STUB: // your code here: which pair of which vector is this thread's, and
    // STUB: // is there one? At which position, and so where in the tables?
    if thread >= dims.rows * dims.seq * half {
        return;
    }
    let vector = thread / half;
    let pair = thread % half;
    // Each row begins anew at the offset.
    let position = dims.offset + vector % dims.seq;
    let at_angle = position * half + pair;
    let c = cosines[at_angle];
    let s = sines[at_angle];

    let first = vector * dims.head_dim + pair;
    let second = first + half;
    let a = x[first];
    let b = x[second];
    y[first] = a * c - b * s;
    y[second] = a * s + b * c;
    // END ANSWER
}
