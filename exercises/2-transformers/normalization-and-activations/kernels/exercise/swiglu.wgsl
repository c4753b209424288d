// The gate of SwiGLU: one thread a number, i from 0 to n − 1.
//
//   y[i] = silu(gate[i]) · up[i],   silu(g) = g / (1 + exp(−g))
//
// WGSL may assume that no value is infinite, and exp(−g) is for g below −88.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are numbers. The buffers may be longer than n.

struct Params {
    n: u32,
    pad_0: u32,
    pad_1: u32,
    pad_2: u32,
}

@group(0) @binding(0) var<storage, read> gate: array<f32>;
@group(0) @binding(1) var<storage, read> up: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn swiglu(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // Many numbers come as several lines of workgroups.
    let i = id.x + id.y * groups.x * THREADS;
    // your code here: is there a number for this thread? Then gate it
}
