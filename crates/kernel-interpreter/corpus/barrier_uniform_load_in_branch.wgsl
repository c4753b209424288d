// workgroupUniformLoad waits, so it may not stand in a branch.
//
// verdict: non-uniform, barrier
// note: twice, unset
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> limit: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    if thread > 3u {
        y[thread] += f32(workgroupUniformLoad(&limit)); // HERE
    }
}
