// The halves of a tree never get smaller.
//
// verdict: endless
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// steps: 2000

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    for (var half = 32u; half > 0u; half /= 1u) { // HERE
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    y[thread] = slots[0];
}
