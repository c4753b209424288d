// Flash attention: one workgroup a block of 64 queries, one thread a query.
//
//   out[c] = Σ_j w_j · v_j[c] / Σ_j w_j,   w_j = exp(s_j − m),   m = max s_j,
//   s_j = q · k_j / √d,                    j over the keys that the query sees
//
// The queries have the shape (rows, t_q, d), the keys (rows, t_k, d), the
// values (rows, t_k, d_v) and the results (rows, t_q, d_v), all row-major; rows
// is batch · heads, and d and d_v are at most 64. If causal is 1, query i sees
// the keys j ≤ t_k − t_q + i, which may be none, else all of them. A query that
// sees none gets zeros. A block begins with query 0, 64, 128, … of its row, and
// holds queries of no other.
//
// A workgroup reads each number of the keys and values that its queries see at
// most once, 16 keys at a time; of a tile of 16 that is seen in part, it may
// read all. Scores are kept by no memory but the thread's own.
//
// The grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are blocks. The buffers may be longer than what is in
// them.

struct Sizes {
    rows: u32,
    t_q: u32,
    t_k: u32,
    d: u32,
}

struct Options {
    d_v: u32,
    causal: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read> k: array<f32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;
@group(0) @binding(5) var<uniform> options: Options;

// Threads of a workgroup, and queries of a block.
const THREADS: u32 = 64u;
// Keys of a tile.
const KEYS: u32 = 16u;
// A vector of up to 64 numbers as fours.
const FOURS: u32 = 16u;
const LOWEST: f32 = -3.4028234e38;

// A tile: the fours of key j begin at j · FOURS. Workgroup memory starts as zeros,
// and so do variables: fours that nobody fills add nothing.
var<workgroup> tile_k: array<vec4f, KEYS * FOURS>;
var<workgroup> tile_v: array<vec4f, KEYS * FOURS>;

// Numbers 4 · four and the next three of a query, a key and a value, which are
// counted through all rows; zeros after the last, and for a four past the end.
fn four_of_q(query: u32, four: u32) -> vec4f {
    var numbers = vec4f();
    for (var c = 4u * four; c < min(4u * four + 4u, sizes.d); c += 1u) {
        numbers[c - 4u * four] = q[query * sizes.d + c];
    }
    return numbers;
}

fn four_of_k(key: u32, four: u32) -> vec4f {
    var numbers = vec4f();
    for (var c = 4u * four; c < min(4u * four + 4u, sizes.d); c += 1u) {
        numbers[c - 4u * four] = k[key * sizes.d + c];
    }
    return numbers;
}

fn four_of_v(key: u32, four: u32) -> vec4f {
    var numbers = vec4f();
    for (var c = 4u * four; c < min(4u * four + 4u, options.d_v); c += 1u) {
        numbers[c - 4u * four] = v[key * options.d_v + c];
    }
    return numbers;
}

// How many keys query i of a row sees.
fn seen_by(i: u32) -> u32 {
    // your code here: all, or if it is causal, t_k − t_q + i + 1, or none
    return sizes.t_k;
}

@compute @workgroup_size(THREADS)
fn flash_attention(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // This workgroup's block, counted through all rows, and its row.
    let block = group.x + group.y * groups.x;
    let blocks = (sizes.t_q + THREADS - 1u) / THREADS;
    if block >= sizes.rows * blocks {
        return;
    }
    let row = block / blocks;
    // The block's first query in its row, and this thread's, if there is one.
    let first = block % blocks * THREADS;
    let i = first + thread;
    // The fours of a query and of a key that are filled, and those of a value. A loop
    // over all FOURS has a length that the compiler knows: it can write the steps
    // out, and keep an array in registers.
    let fours = (sizes.d + 3u) / 4u;
    let fours_v = (options.d_v + 3u) / 4u;

    // What this thread's query knows so far.
    var m = LOWEST;
    var l = 0.0;
    var o: array<vec4f, FOURS>;

    // your code here: fetch the query; then, for each tile of keys that the
    // block sees: fetch it together, wait, take the scores of the keys that
    // this query sees, make m, l and o theirs, and wait again

    if i < sizes.t_q {
        // your code here: o / l, or zeros for a query that sees nothing
    }
}
