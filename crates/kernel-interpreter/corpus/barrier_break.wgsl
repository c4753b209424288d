// Threads leave a loop one by one; inside is a barrier.
//
// verdict: non-uniform, barrier
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    for (var i = 0u; i < 8u; i++) {
        if i > thread {
            break;
        }
        workgroupBarrier(); // HERE
    }
    y[thread] = slots[thread];
}
