// A function calls a function with a barrier in a branch.
//
// verdict: non-uniform, barrier
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

fn settle() {
    workgroupBarrier();
}

fn share(thread: u32, value: f32) {
    slots[thread] = value;
    if value > 0.0 {
        settle();
    }
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    share(thread, x[thread]); // HERE
    y[thread] = slots[thread];
}
