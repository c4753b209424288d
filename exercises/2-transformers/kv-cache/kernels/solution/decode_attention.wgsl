// One new token a text looks at the cache: one workgroup for each of its heads.
//
//   out[c] = Σ_j w_j · v_j[c] / Σ_j w_j,   w_j = exp(s_j − m),   m = max s_j,
//   s_j = q · k_j / √d,                    j from 0 to t − 1
//
// The queries have the shape (batch, n_heads, d) and the results (batch,
// n_heads, d_v), d_v at most 256. The cache has room for capacity tokens: keys
// (batch, n_kv_heads, capacity, d), values (batch, n_kv_heads, capacity, d_v),
// all row-major. The first t places are in use, and behind them may be anything.
// With g = n_heads / n_kv_heads, the first g heads look at the first head of keys
// and values, the next g at the second, and so on. With t = 0 the result is 0.
//
// Keys and values are read once, 256 keys at a time, with the highest score so
// far. The grid may have any number of lines of workgroups, of any width, and
// more workgroups than there are queries. The buffers may be longer than what
// is in them.

struct Sizes {
    n_heads: u32,
    n_kv_heads: u32,
    t: u32,
    capacity: u32,
}

struct Widths {
    batch: u32,
    d: u32,
    d_v: u32,
    pad: u32,
}

@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read> k: array<f32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;
@group(0) @binding(5) var<uniform> widths: Widths;

const THREADS: u32 = 256u;
const LOWEST: f32 = -3.4028234e38;

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;

// GIVEN by first-gpu-kernel/softmax.wgsl: max_of_all
// The largest of all threads' values; every thread gets it.
fn max_of_all(thread: u32, value: f32) -> f32 {
    slots[thread] = value;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] = max(slots[thread], slots[thread + half]);
        }
    }
    workgroupBarrier();
    let result = slots[0];
    // Nobody overwrites the result before everybody has read it.
    workgroupBarrier();
    return result;
}
// END GIVEN

// How well a key fits a query: their dot product over √d. Queries are counted
// through all heads of all texts, keys through all places of all rooms.
fn score(query: u32, key: u32) -> f32 {
    var sum = 0.0;
    for (var i = 0u; i < widths.d; i += 1u) {
        sum += q[query * widths.d + i] * k[key * widths.d + i];
    }
    return sum / sqrt(f32(widths.d));
}

@compute @workgroup_size(THREADS)
fn decode_attention(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // This workgroup's query, counted through all heads of all texts.
    let query = group.x + group.y * groups.x;
    // BEGIN ANSWER
    // STUB: // your code here: where do the keys of this head begin? Then, 256 keys
    // STUB: // at a time: a score a thread, the highest so far, what the sums shrink
    // STUB: // by, weights into `slots`, and each thread a column of the sum
    if query >= widths.batch * sizes.n_heads {
        return;
    }
    let text = query / sizes.n_heads;
    let kv_head = query % sizes.n_heads / (sizes.n_heads / sizes.n_kv_heads);
    let first_key = (text * sizes.n_kv_heads + kv_head) * sizes.capacity;

    var highest = LOWEST;
    var total = 0.0;
    var column = 0.0;
    for (var start = 0u; start < sizes.t; start += THREADS) {
        // A thread is a key.
        let is_key = start + thread < sizes.t;
        var own = LOWEST;
        if is_key {
            own = score(query, first_key + start + thread);
        }
        let before = highest;
        highest = max(before, max_of_all(thread, own));
        if is_key {
            slots[thread] = exp(own - highest);
        }
        workgroupBarrier();
        // A thread is a column.
        if thread < widths.d_v {
            // What was added so far was weighed against the old maximum.
            let shrink = exp(before - highest);
            total *= shrink;
            column *= shrink;
            for (var j = 0u; j < min(THREADS, sizes.t - start); j += 1u) {
                total += slots[j];
                column += slots[j] * v[(first_key + start + j) * widths.d_v + thread];
            }
        }
        // Nobody overwrites a weight before everybody has read it.
        workgroupBarrier();
    }
    if thread < widths.d_v {
        out[query * widths.d_v + thread] = select(0.0, column / total, sizes.t > 0u);
    }
    // END ANSWER
}
