// A thread waits for another one's flag: nobody promises that the other runs.
//
// verdict: endless
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// steps: 5000

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> flag: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    if thread == 40u {
        while atomicLoad(&flag) < 63u {} // HERE
    }
    atomicAdd(&flag, 1u);
    y[thread] = x[thread];
}
