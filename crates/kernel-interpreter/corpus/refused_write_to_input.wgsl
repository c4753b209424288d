// No valid WGSL: a write to a read-only buffer.
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
    x[thread] = 1.0; // HERE
    y[thread] = x[thread];
}
