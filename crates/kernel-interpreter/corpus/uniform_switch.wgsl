// A switch over the thread's number with a barrier in a case.
//
// verdict: non-uniform, barrier
// note: twice
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    switch thread {
        case 0u: {
            y[thread] += 1.0;
        }
        default: {
            storageBarrier(); // HERE
        }
    }
}
