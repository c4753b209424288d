// A grid that is larger than the buffer, without a test.
//
// verdict: bounds
// browser: compiles
// grid: 2 1 1
// 0: f32 100
// 1: out 100

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
) {
    y[id.x] = x[id.x]; // HERE
}
