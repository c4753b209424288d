// A constant array by an index that is too large.
//
// verdict: bounds
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
const TABLE = array<f32, 4>(1.0, 2.0, 3.0, 4.0);

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread] + TABLE[thread % 5u]; // HERE
}
