// The usual test of bounds as an early return before a barrier.
//
// verdict: non-uniform, barrier
// browser: refuses
// grid: 2 1 1
// 0: f32 100
// 1: out 100
// 2: u32 100 0 0 0

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
