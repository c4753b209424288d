// Workgroups count into one buffer with atomics.
//
// verdict: ok
// browser: compiles
// grid: 3 1 1
// 0: iota 96
// 1: u32 0 0 0 0

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
    atomicAdd(&counts[x[id.x] % 4u], 1u);
}
