// A helper that writes a uniform value through a pointer in a uniform branch.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

fn mark(flag: ptr<function, u32>, value: u32) {
    if value > 100u {
        return;
    }
    *flag = value;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var flag = 1u;
    mark(&flag, sizes.y);
    y[thread] = x[thread];
    if flag > 0u {
        storageBarrier();
    }
}
