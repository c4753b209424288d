// A condition on a value in workgroup memory, the same for all: refused all the same.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> limit: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    if thread == 0u {
        limit = 3u;
    }
    workgroupBarrier();
    y[thread] = x[thread];
    if limit > 2u {
        workgroupBarrier(); // HERE
    }
}
