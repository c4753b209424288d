// Back through causal attention to queries, keys and values: one thread a number
// of dqkv.
//
//   found_i = Σ w[i, j] · v_j,          w[i, ·] = softmax of q_i · k_j / √d, j ≤ i
//
//   ds[i, j] = w[i, j] · (dfound_i · v_j − dfound_i · found_i) / √d
//   dq_i = Σ ds[i, j] · k_j,            j ≤ i
//   dk_j = Σ ds[i, j] · q_i,            i ≥ j
//   dv_j = Σ w[i, j] · dfound_i,        i ≥ j
//
// There are texts of seq tokens each, one behind the other, and n_head heads with
// vectors of d numbers. A token has in qkv, and in dqkv, the queries of all heads,
// then the keys of all heads, then the values; in found and dfound it has a vector
// for each head. weights has a square for each text and, in it, each head:
// (texts, n_head, seq, seq). What stands there for a key behind its query, j > i,
// was never written.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are numbers. The buffers may be longer.

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
@group(0) @binding(4) var<storage, read_write> dqkv: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

// Where the part (0 query, 1 key, 2 value) of a token's head begins in qkv. Tokens
// are counted through all texts.
fn part_of(part: u32, token: u32, head: u32) -> u32 {
    return ((3u * token + part) * sizes.n_head + head) * sizes.d;
}

// Where a head's vector of a token begins in found and dfound.
fn found_of(token: u32, head: u32) -> u32 {
    return (token * sizes.n_head + head) * sizes.d;
}

// How much of a key's value a query took; both are of the same text.
fn weight(query: u32, key: u32, head: u32) -> f32 {
    let text = query / sizes.seq;
    let row = (text * sizes.n_head + head) * sizes.seq + query % sizes.seq;
    return weights[row * sizes.seq + key % sizes.seq];
}

// The slope along the score of a query and a key, ds[i, j].
fn score_slope(query: u32, key: u32, head: u32) -> f32 {
    // your code here: two dot products with the query's dfound
    return 0.0;
}

@compute @workgroup_size(THREADS)
fn attention_backward(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    // Whose number it is: part, head and place in the vector of a token.
    let n_embd = sizes.n_head * sizes.d;
    let token = i / (3u * n_embd);
    let part = i / n_embd % 3u;
    let head = i / sizes.d % sizes.n_head;
    let c = i % sizes.d;
    // your code here: is there such a token? A query's number has a sum
    // over the keys up to it; one of a key or value a sum over the
    // queries from it on, to the end of the text
}
