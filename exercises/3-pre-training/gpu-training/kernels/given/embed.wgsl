// x[t] = tokens[ids[t]] + positions[t mod seq]: one thread a number.

struct Sizes {
    tokens: u32,
    seq: u32,
    n_embd: u32,
    pad_0: u32,
}

@group(0) @binding(0) var<storage, read> ids: array<u32>;
@group(0) @binding(1) var<storage, read> tokens: array<f32>;
@group(0) @binding(2) var<storage, read> positions: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn embed(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
    let i = id.x + id.y * groups.x * THREADS;
    let token = i / sizes.n_embd;
    if token >= sizes.tokens {
        return;
    }
    let c = i % sizes.n_embd;
    x[i] = tokens[ids[token] * sizes.n_embd + c] + positions[token % sizes.seq * sizes.n_embd + c];
}
