// One token through a whole GPT-2, from its embedding to the logits, by one
// workgroup in one dispatch.
//
//   x = wte[token] + wpe[position]
//   x ← x + attention(norm(x)),  x ← x + mlp(norm(x))     in each block
//   logits = norm(x) · wte[v]                             for each token v
//
// The weights lie in w, tensor behind tensor, in fours: each row of a tensor
// begins with a new four, and zeros fill it up. The order is
//
//   wte, wpe
//   ln_1, c_attn, c_proj, ln_2, c_fc, c_proj    of each block, a weight and its bias
//   ln_f
//
// As f32, w[i] is the four number i. As f16, it is the fours 2i and 2i + 1, two
// numbers a word, the first one in the low half.
//
// The cache is (n_layer, 2, n_positions, n_embd), row-major: the keys of a
// block, then its values, a row a position, head beside head. Rows before
// state.position are in use, and this token's row is written; behind it may be
// anything. Every head is n_embd / n_head wide.
//
// n_embd is at most 256, n_inner at most 1024, n_head · n_positions at most 2048.
// There is one workgroup. The buffers may be longer than what is in them.

struct State {
    token: u32,
    position: u32,
    pad_0: u32,
    pad_1: u32,
}

struct Sizes {
    n_layer: u32,
    n_head: u32,
    n_embd: u32,
    n_inner: u32,
}

struct More {
    n_positions: u32,
    vocab_size: u32,
    is_f16: u32,
    eps: f32,
}

@group(0) @binding(0) var<storage, read> w: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> cache: array<f32>;
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;
@group(0) @binding(3) var<uniform> state: State;
@group(0) @binding(4) var<uniform> sizes: Sizes;
@group(0) @binding(5) var<uniform> more: More;

const THREADS: u32 = 256u;
const LOWEST: f32 = -3.4028234e38;

// The residual stream.
var<workgroup> x: array<f32, 256>;
// What the next part reads: a normed vector, a query, what the heads found, or
// the inside of the feed-forward network.
var<workgroup> a: array<f32, 1024>;
// A score for each head and key.
var<workgroup> scores: array<f32, 2048>;

// So many fours hold a row of n numbers.
fn fours(n: u32) -> u32 {
    return (n + 3u) / 4u;
}

// The four with this number, from weights of either type.
fn four(i: u32) -> vec4f {
    // your code here: bitcast<vec4f>, or unpack2x16float of two of the four words
    return vec4f();
}

// Number c of the row that begins with this four.
fn number(at: u32, c: u32) -> f32 {
    return four(at + c / 4u)[c % 4u];
}

// a = the layer norm of x, by the gains from the four `at` on, and the biases
// behind them. Each column adds up all numbers by itself, which spares the
// barriers of a tree.
fn norm(at: u32, thread: u32) {
    let n = sizes.n_embd;
    // Behind a row, gain and bias are 0.
    if thread < 4u * fours(n) {
        var mean = 0.0;
        for (var c = 0u; c < n; c += 1u) {
            mean += x[c];
        }
        mean /= f32(n);
        var variance = 0.0;
        for (var c = 0u; c < n; c += 1u) {
            variance += (x[c] - mean) * (x[c] - mean);
        }
        variance /= f32(n);
        let normed = (x[thread] - mean) / sqrt(variance + more.eps);
        a[thread] = normed * number(at, thread) + number(at + fours(n), thread);
    }
    workgroupBarrier();
}

// GELU by tanh. Far out, tanh is ±1, and its exponentials would be no numbers.
fn gelu(v: vec4f) -> vec4f {
    let inner = 0.7978845608 * (v + 0.044715 * v * v * v);
    return 0.5 * v * (1.0 + tanh(clamp(inner, vec4f(-15.0), vec4f(15.0))));
}

// Columns 4 · thread to 4 · thread + 3 of a W + b, 0 in a thread that has none.
// W is (n_in, n_out) and begins with the four `at`; b lies behind it. When a
// thread returns, all have read a, so it may be overwritten.
fn product(at: u32, n_in: u32, n_out: u32, thread: u32) -> vec4f {
    // your code here: the bias, and each a[i] times a four of row i; then a barrier
    return vec4f();
}

// a = what each head finds for the query in a, among the keys and values of this
// block, up to this token's own. Their rows begin at `keys` and at `values`.
fn attend(keys: u32, values: u32, thread: u32) {
    // your code here: first a thread is a head and a key, and then the next
    // 256, and writes a score; then a thread is a column of its head's result
}

// x += these four columns of each thread.
fn add(sum: vec4f, thread: u32) {
    for (var k = 0u; k < 4u; k += 1u) {
        let c = 4u * thread + k;
        if c < sizes.n_embd {
            x[c] += sum[k];
        }
    }
    workgroupBarrier();
}

// x goes through a block whose weights begin with the four `start`. Returns
// where those of the next block begin.
fn block(layer: u32, start: u32, thread: u32) -> u32 {
    let n = sizes.n_embd;
    let inner = sizes.n_inner;
    let keys = 2u * layer * more.n_positions * n;
    let values = keys + more.n_positions * n;
    let c_attn = start + 2u * fours(n);
    let c_proj = c_attn + (n + 1u) * fours(3u * n);
    let ln_2 = c_proj + (n + 1u) * fours(n);
    let c_fc = ln_2 + 2u * fours(n);
    let mlp_c_proj = c_fc + (n + 1u) * fours(inner);
    // your code here: norm, product, query into a, key and value into the cache,
    // barriers, attend, product, add; norm, product, gelu into a, product, add
    return mlp_c_proj + (inner + 1u) * fours(n);
}

@compute @workgroup_size(THREADS)
fn decode_step(@builtin(local_invocation_index) thread: u32) {
    let n = sizes.n_embd;
    let wpe = more.vocab_size * fours(n);
    var at = wpe + more.n_positions * fours(n);
    // your code here: x from wte and wpe, a barrier, all blocks, the last norm;
    // then a thread is a token, and then the next 256: a row of wte times a
}
