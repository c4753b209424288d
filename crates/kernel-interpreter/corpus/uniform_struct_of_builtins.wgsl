// Builtins in a structure: one that differs makes all of them differ.
//
// verdict: non-uniform
// browser: refuses
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

struct Input {
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
}

@compute @workgroup_size(64)
fn main(input: Input) {
    y[input.thread] = x[input.thread];
    if input.group.x < 1000u {
        storageBarrier(); // HERE
    }
}
