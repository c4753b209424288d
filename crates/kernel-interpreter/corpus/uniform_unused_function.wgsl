// A function that nobody calls has a barrier in a branch that differs.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> flag: u32;

fn never() {
    if flag > 0u {
        workgroupBarrier(); // HERE
    }
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
}
