// The variable of the condition is never changed.
//
// verdict: endless
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0
// steps: 5000

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = x[thread];
    var i = 0u;
    while i < sizes.x { // HERE
        y[thread] += 1.0;
    }
}
