// A workgroup reads what another one writes.
//
// verdict: race
// browser: compiles
// grid: 2 1 1
// 0: f32 128
// 1: io 128

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
) {
    y[id.x] = x[id.x];
    storageBarrier();
    y[id.x] += y[127u - id.x]; // HERE
}
