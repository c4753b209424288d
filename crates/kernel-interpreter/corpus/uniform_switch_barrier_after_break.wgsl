// A barrier in a case behind a break that depends on the thread.
//
// verdict: non-uniform, barrier
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    switch sizes.y {
        case 3u: {
            if thread > 5u {
                break;
            }
            storageBarrier(); // HERE
        }
        default: {}
    }
}
