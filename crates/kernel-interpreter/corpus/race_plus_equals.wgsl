// A counter without an atomic loses additions.
//
// verdict: race
// note: unset
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> count: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    count += 1u; // HERE
    workgroupBarrier();
    y[thread] = x[thread] + f32(count);
}
