// All threads write one cell of workgroup memory.
//
// verdict: race
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> last: f32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    last = x[thread]; // HERE
    workgroupBarrier();
    y[thread] = last;
}
