// y[i] = a · x[i], i from 0 to n − 1: one thread a number.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are numbers. The buffers may be longer than n.

struct Params {
    a: f32,
    n: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn scale(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // BEGIN ANSWER
    // STUB: // your code here: which number is this thread's, counted through
    // STUB: // all lines, and is there one?
    // A line has groups.x workgroups.
    let i = id.x + id.y * groups.x * THREADS;
    if i < params.n {
        y[i] = params.a * x[i];
    }
    // END ANSWER
}
