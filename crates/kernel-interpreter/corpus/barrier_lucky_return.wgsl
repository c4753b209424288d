// All threads happen to stay; browsers refuse it all the same.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
) {
    if id.x >= sizes.x {
        return;
    }
    slots[thread] = x[id.x];
    workgroupBarrier(); // HERE
    y[id.x] = slots[thread];
}
