// The slopes along the scores of causal attention: one thread a score. It does what
// score_slope does in attention_backward.wgsl of the lesson, and keeps it, so that
// no score's slope is computed anew for each number of a query and of a key.
//
//   ds[i, j] = w[i, j] · (dfound_i · v_j − dfound_i · found_i) / √d,   j ≤ i
//
// What is where is said there. slopes lies as weights does, (texts, n_head, seq, seq);
// of a key behind its query, j > i, nothing is written.

struct Sizes {
    texts: u32,
    seq: u32,
    n_head: u32,
    d: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> found: array<f32>;
@group(0) @binding(3) var<storage, read> dfound: array<f32>;
@group(0) @binding(4) var<storage, read_write> slopes: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn score_slopes(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    let key = i % sizes.seq;
    let query = i / sizes.seq % sizes.seq;
    let head = i / (sizes.seq * sizes.seq) % sizes.n_head;
    let text = i / (sizes.seq * sizes.seq * sizes.n_head);
    if text >= sizes.texts || key > query {
        return;
    }
    let first = text * sizes.seq;
    let at = ((first + query) * sizes.n_head + head) * sizes.d;
    let value = ((3u * (first + key) + 2u) * sizes.n_head + head) * sizes.d;
    var sum = 0.0;
    for (var c = 0u; c < sizes.d; c += 1u) {
        sum += dfound[at + c] * (qkv[value + c] - found[at + c]);
    }
    slopes[i] = weights[i] * sum / sqrt(f32(sizes.d));
}
