// An unsigned number is never less than 0.
//
// verdict: endless
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// steps: 5000

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var sum = 0.0;
    for (var i = 3u; i >= 0u; i--) { // HERE
        sum += x[i % 4u];
    }
    y[thread] = sum;
}
