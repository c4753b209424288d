// GPT-2's GELU, y = ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))): one thread a
// number.

struct Sizes {
    n: u32,
    pad_0: u32,
    pad_1: u32,
    pad_2: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn gelu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
    let i = id.x + id.y * groups.x * THREADS;
    if i >= sizes.n {
        return;
    }
    let v = clamp(x[i], -10.0, 10.0);
    let u = 0.7978845608 * (v + 0.044715 * v * v * v);
    y[i] = 0.5 * x[i] * (1.0 + tanh(clamp(u, -15.0, 15.0)));
}
