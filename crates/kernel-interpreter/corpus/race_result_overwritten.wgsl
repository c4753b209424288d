// The slots are used again before all have read the result.
//
// verdict: race
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    workgroupBarrier();
    let first = slots[0]; // HERE
    slots[thread] = first + 1.0;
    workgroupBarrier();
    y[thread] = slots[63u - thread];
}
