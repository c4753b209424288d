// workgroupUniformLoad makes a shared value uniform.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> limit: u32;
var<workgroup> slots: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    if thread == 7u {
        limit = 3u;
    }
    let rounds = workgroupUniformLoad(&limit);
    slots[thread] = x[thread];
    for (var i = 0u; i < rounds; i++) {
        workgroupBarrier();
    }
    y[thread] = slots[63u - thread];
}
