// Columns are taken with a stride, and the barrier is inside.
//
// verdict: non-uniform, barrier, race
// browser: refuses
// grid: 1 1 1
// 0: f32 100
// 1: out 64
// 2: u32 100 0 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var sum = 0.0;
    for (var col = thread; col < sizes.x; col += 64u) {
        slots[thread] = x[col];
        workgroupBarrier(); // HERE
        sum += slots[0];
    }
    y[thread] = sum;
}
