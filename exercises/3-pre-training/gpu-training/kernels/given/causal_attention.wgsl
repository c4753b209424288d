// Causal attention that keeps its weights for the way back: one thread a query of
// a head. What is where is said in attention_backward.wgsl.

struct Sizes {
    texts: u32,
    seq: u32,
    n_head: u32,
    d: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> found: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const THREADS: u32 = 64u;
const LOWEST: f32 = -3.4028234e38;

fn part_of(part: u32, token: u32, head: u32) -> u32 {
    return ((3u * token + part) * sizes.n_head + head) * sizes.d;
}

@compute @workgroup_size(THREADS)
fn causal_attention(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    let query = i / sizes.n_head;
    let head = i % sizes.n_head;
    if query >= sizes.texts * sizes.seq {
        return;
    }
    let first = query / sizes.seq * sizes.seq;
    let seen = query - first + 1u;
    let row = ((query / sizes.seq * sizes.n_head + head) * sizes.seq + seen - 1u) * sizes.seq;
    var highest = LOWEST;
    for (var j = 0u; j < seen; j += 1u) {
        var score = 0.0;
        for (var c = 0u; c < sizes.d; c += 1u) {
            score += qkv[part_of(0u, query, head) + c] * qkv[part_of(1u, first + j, head) + c];
        }
        score /= sqrt(f32(sizes.d));
        weights[row + j] = score;
        highest = max(highest, score);
    }
    var total = 0.0;
    for (var j = 0u; j < seen; j += 1u) {
        let w = exp(weights[row + j] - highest);
        weights[row + j] = w;
        total += w;
    }
    for (var j = 0u; j < seen; j += 1u) {
        weights[row + j] /= total;
    }
    for (var c = 0u; c < sizes.d; c += 1u) {
        var sum = 0.0;
        for (var j = 0u; j < seen; j += 1u) {
            sum += weights[row + j] * qkv[part_of(2u, first + j, head) + c];
        }
        found[(query * sizes.n_head + head) * sizes.d + c] = sum;
    }
}
