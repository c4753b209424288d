// A function with barriers is called by some threads only.
//
// verdict: non-uniform, barrier
// note: twice
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

fn sum_of_all(thread: u32, value: f32) -> f32 {
    slots[thread] = value;
    for (var half = 32u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    workgroupBarrier();
    let result = slots[0];
    workgroupBarrier();
    return result;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    if thread < 32u {
        y[thread] = sum_of_all(thread, x[thread]); // HERE
    }
}
