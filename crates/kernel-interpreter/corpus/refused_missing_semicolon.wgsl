// No valid WGSL: a semicolon is missing.
//
// verdict: refused
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    let n = 2.0
    y[thread] = n * x[thread]; // HERE
}
