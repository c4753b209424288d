// The value is thrown away by select, but was read.
//
// verdict: bounds
// browser: compiles
// grid: 1 1 1
// 0: f32 60
// 1: out 64
// 2: u32 60 0 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
) {
    y[id.x] = select(0.0, x[id.x], id.x < sizes.x); // HERE
}
