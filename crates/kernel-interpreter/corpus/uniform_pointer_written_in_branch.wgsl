// A helper writes through a pointer in a branch of its own that differs.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

fn mark(flag: ptr<function, u32>, thread: u32) {
    if thread > 3u {
        *flag = 1u;
    }
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var flag = 1u;
    mark(&flag, thread);
    y[thread] = x[thread];
    if flag > 0u {
        storageBarrier(); // HERE
    }
}
