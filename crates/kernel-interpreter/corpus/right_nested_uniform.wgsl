// Barriers in nested uniform branches and loops.
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
    for (var i = 0u; i < sizes.y; i++) {
        if i % 2u == 0u {
            for (var j = 0u; j < i; j++) {
                workgroupBarrier();
            }
        } else {
            workgroupBarrier();
        }
    }
    workgroupBarrier();
    y[thread] = slots[63u - thread];
}
