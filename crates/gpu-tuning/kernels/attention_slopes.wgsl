// From the slopes along the scores to those along queries, keys and values: one
// thread a number of dqkv.
//
//   dq_i = Σ ds[i, j] · k_j,   dk_j = Σ ds[i, j] · q_i,   dv_j = Σ w[i, j] · dfound_i
//
// ds is what score_slopes.wgsl wrote; sums go over j ≤ i. What is where is said in
// attention_backward.wgsl of the lesson.

struct Sizes {
    texts: u32,
    seq: u32,
    n_head: u32,
    d: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> slopes: array<f32>;
@group(0) @binding(3) var<storage, read> dfound: array<f32>;
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn attention_slopes(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    let n_embd = sizes.n_head * sizes.d;
    let token = i / (3u * n_embd);
    if token >= sizes.texts * sizes.seq {
        return;
    }
    let part = i / n_embd % 3u;
    // Where in its part a number stands: of all heads, one behind the other.
    let c = i % n_embd;
    let text = token / sizes.seq;
    let first = text * sizes.seq;
    let here = token - first;
    let square = (text * sizes.n_head + c / sizes.d) * sizes.seq * sizes.seq;
    var sum = 0.0;
    if part == 0u {
        for (var key = 0u; key <= here; key += 1u) {
            sum += slopes[square + here * sizes.seq + key] * qkv[(3u * (first + key) + 1u) * n_embd + c];
        }
    } else if part == 1u {
        for (var query = here; query < sizes.seq; query += 1u) {
            sum += slopes[square + query * sizes.seq + here] * qkv[3u * (first + query) * n_embd + c];
        }
    } else {
        for (var query = here; query < sizes.seq; query += 1u) {
            sum += weights[square + query * sizes.seq + here] * dfound[(first + query) * n_embd + c];
        }
    }
    dqkv[i] = sum;
}
