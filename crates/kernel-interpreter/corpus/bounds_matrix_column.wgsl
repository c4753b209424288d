// A component of a vector by an index that is too large.
//
// verdict: bounds
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var v = vec3f(1.0, 2.0, 3.0);
    y[thread] = x[thread] + v[thread % 4u]; // HERE
}
