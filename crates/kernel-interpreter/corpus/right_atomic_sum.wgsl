// All threads add to one counter: atomics do not race.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: iota 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
var<workgroup> total: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    atomicAdd(&total, x[thread]);
    workgroupBarrier();
    y[thread] = atomicLoad(&total);
}
