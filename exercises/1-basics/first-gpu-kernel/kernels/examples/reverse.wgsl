@group(0) @binding(0) var<storage, read_write> x: array<f32>;

var<workgroup> slots: array<f32, 256>; // one set for each workgroup

@compute @workgroup_size(256)
fn reverse(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    slots[thread] = x[id.x];
    workgroupBarrier();                // now all 256 slots are written
    x[id.x] = slots[255u - thread];    // `u`: an unsigned integer
}
