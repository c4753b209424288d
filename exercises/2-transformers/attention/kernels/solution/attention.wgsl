// Scaled dot-product attention: one workgroup a query.
//
//   out[c] = Σ_j w_j · v_j[c] / Σ_j w_j,   w_j = exp(s_j − m),   m = max s_j,
//   s_j = q · k_j / √d,                    j over the keys that the query sees
//
// The queries have the shape (rows, t_q, d), the keys (rows, t_k, d), the
// values (rows, t_k, d_v) and the results (rows, t_q, d_v), all row-major; rows
// is batch · heads, and d_v at most 256. If causal is 1, query i sees the keys
// j ≤ t_k − t_q + i, which may be none, else all of them. A query that sees
// none gets zeros.
//
// There may be any number of keys, so nothing here has room for all scores. The
// grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are queries. The buffers may be longer than what is in
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

// How well a key fits a query: their dot product over √d. Both are counted
// through all rows.
fn score(query: u32, key: u32) -> f32 {
    // BEGIN ANSWER
    // STUB: // your code here: where does the query begin, where the key?
    // STUB: return 0.0;
    var sum = 0.0;
    for (var i = 0u; i < sizes.d; i += 1u) {
        sum += q[query * sizes.d + i] * k[key * sizes.d + i];
    }
    return sum / sqrt(f32(sizes.d));
    // END ANSWER
}

@compute @workgroup_size(THREADS)
fn attention(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // This workgroup's query, counted through all rows.
    let query = group.x + group.y * groups.x;
    // BEGIN ANSWER
    // STUB: // your code here: how many keys does the query see? Their highest
    // STUB: // score; then, 256 keys at a time, their weights into `slots`, and
    // STUB: // each thread a column of the weighted sum
    if query >= sizes.rows * sizes.t_q {
        return;
    }
    let first_key = query / sizes.t_q * sizes.t_k;
    var seen = sizes.t_k;
    if options.causal == 1u {
        // t_k − t_q + i + 1, or none: first add, then subtract no more than there is.
        let end = sizes.t_k + query % sizes.t_q + 1u;
        seen = end - min(end, sizes.t_q);
    }

    var highest = LOWEST;
    for (var j = thread; j < seen; j += THREADS) {
        highest = max(highest, score(query, first_key + j));
    }
    highest = max_of_all(thread, highest);

    var total = 0.0;
    var column = 0.0;
    for (var start = 0u; start < seen; start += THREADS) {
        // A thread is a key.
        if start + thread < seen {
            slots[thread] = exp(score(query, first_key + start + thread) - highest);
        }
        workgroupBarrier();
        // A thread is a column.
        if thread < options.d_v {
            for (var j = 0u; j < min(THREADS, seen - start); j += 1u) {
                total += slots[j];
                column += slots[j] * v[(first_key + start + j) * options.d_v + thread];
            }
        }
        // Nobody overwrites a weight before everybody has read it.
        workgroupBarrier();
    }
    if thread < options.d_v {
        out[query * options.d_v + thread] = select(0.0, column / total, seen > 0u);
    }
    // END ANSWER
}
