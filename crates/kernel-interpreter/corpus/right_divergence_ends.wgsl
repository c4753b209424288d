// Threads part in a branch and meet again before the barrier.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var value = x[thread];
    if value < 0.0 {
        value = -value;
    } else {
        value = 2.0 * value;
    }
    for (var i = 0u; i < thread; i++) {
        value += 1.0;
        if value > 10.0 {
            break;
        }
    }
    slots[thread] = value;
    workgroupBarrier();
    y[thread] = slots[63u - thread];
}
