// Eight threads add up eight numbers as a tree.

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

var<workgroup> slots: array<f32, 8>;

@compute @workgroup_size(8)
fn add_up(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    for (var half = 4u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    if thread == 0u {
        y[0] = slots[0];
    }
}
