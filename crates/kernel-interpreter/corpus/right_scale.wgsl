// Each thread has one number; the last workgroup is not full.
//
// verdict: ok
// browser: compiles
// grid: 3 1 1
// 0: f32 150
// 1: out 150
// 2: u32 150 0 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if id.x < sizes.x {
        y[id.x] = 2.0 * x[id.x];
    }
}
