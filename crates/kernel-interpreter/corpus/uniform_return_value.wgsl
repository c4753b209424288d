// A function gives back something that depends on the thread.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

fn larger(a: u32, b: u32) -> bool {
    if a > b {
        return true;
    }
    return a + 1u > 0u;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    if larger(thread, 3u) {
        storageBarrier(); // HERE
    }
}
