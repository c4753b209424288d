// A sum as a tree: the barrier stands inside the loop, outside the branch.
//
// verdict: ok
// browser: compiles
// grid: 2 1 1
// 0: f32 128
// 1: out 2

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

fn sum_of_all(thread: u32, value: f32) -> f32 {
    slots[thread] = value;
    for (var half = 32u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    workgroupBarrier();
    let result = slots[0];
    workgroupBarrier();
    return result;
}

@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
) {
    let total = sum_of_all(thread, x[id.x]);
    if thread == 0u {
        y[group.x] = total;
    }
}
