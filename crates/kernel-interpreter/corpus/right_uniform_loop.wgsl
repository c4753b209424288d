// A loop whose count comes from a uniform has a barrier inside.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    for (var round = 0u; round < sizes.y; round++) {
        workgroupBarrier();
        let next = slots[(thread + 1u) % 64u];
        workgroupBarrier();
        slots[thread] = next;
    }
    y[thread] = slots[thread];
}
