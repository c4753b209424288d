// Conditions on workgroup_id and num_workgroups are uniform.
//
// verdict: ok
// browser: compiles
// grid: 2 1 1
// 0: f32 64
// 1: out 128

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    slots[thread] = x[thread];
    if group.x + 1u == groups.x {
        workgroupBarrier();
    }
    workgroupBarrier();
    y[group.x * 64u + thread] = slots[63u - thread];
}
