// One workgroup a row, more columns than threads.
//
// verdict: ok
// browser: compiles
// grid: 3 1 1
// 0: f32 300
// 1: out 3
// 2: u32 100 0 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

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
    var part = 0.0;
    for (var col = thread; col < sizes.x; col += 64u) {
        part += x[group.x * sizes.x + col];
    }
    let total = sum_of_all(thread, part);
    if thread == 0u {
        y[group.x] = total;
    }
}
