// A variable takes the thread's number in one round and decides in the next.
//
// verdict: non-uniform, barrier
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    var turn = 0u;
    for (var i = 0u; i < 3u; i++) {
        if turn < 2u {
            storageBarrier(); // HERE
        }
        turn = thread;
    }
}
