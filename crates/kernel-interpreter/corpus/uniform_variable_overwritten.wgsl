// A variable that was set anew to a uniform value is uniform again.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var n = thread;
    y[thread] = x[thread] + f32(n);
    n = sizes.y;
    if n > 2u {
        storageBarrier();
    }
}
