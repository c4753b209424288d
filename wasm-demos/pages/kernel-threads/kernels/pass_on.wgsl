// Eight threads in a circle. Each takes over the number of its neighbor,
// three times.

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

var<workgroup> slots: array<f32, 8>;

@compute @workgroup_size(8)
fn pass_on(@builtin(local_invocation_index) thread: u32) {
    slots[thread] = x[thread];
    for (var round = 0u; round < 3u; round += 1u) {
        workgroupBarrier();
        let number = slots[(thread + 1u) % 8u];
        workgroupBarrier();
        slots[thread] = number;
    }
    y[thread] = slots[thread];
}
