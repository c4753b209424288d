// The same step as five kernels of many dispatches each: between two of them
// everything has to be in storage. `rooms` holds the residual stream x and two
// vectors, a and b, that parts hand on to each other.

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

// What a dispatch is for: where its weights begin, the size of its product, its
// block, and what happens to the result.
struct Op {
    at: u32,
    n_in: u32,
    n_out: u32,
    layer: u32,
    kind: u32,
    pad_0: u32,
    pad_1: u32,
    pad_2: u32,
}

const TO_QKV: u32 = 0u;
const FROM_A_TO_X: u32 = 1u;
const TO_GELU: u32 = 2u;
const FROM_B_TO_X: u32 = 3u;

@group(0) @binding(0) var<storage, read> w: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> cache: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> state: State;
@group(0) @binding(4) var<uniform> sizes: Sizes;
@group(0) @binding(5) var<uniform> more: More;
@group(0) @binding(6) var<storage, read_write> rooms: array<f32>;
@group(0) @binding(7) var<uniform> op: Op;

const THREADS: u32 = 64u;
const LOWEST: f32 = -3.4028234e38;

var<workgroup> scores: array<f32, 2048>;

fn fours(n: u32) -> u32 {
    return (n + 3u) / 4u;
}

fn four(i: u32) -> vec4f {
    if more.is_f16 == 0u {
        return bitcast<vec4f>(w[i]);
    }
    let two = w[i / 2u];
    let words = select(two.xy, two.zw, i % 2u == 1u);
    return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}

fn number(at: u32, c: u32) -> f32 {
    return four(at + c / 4u)[c % 4u];
}

// Where the vectors a and b begin; x begins at 0.
fn room() -> u32 {
    return 4u * max(fours(sizes.n_embd), fours(sizes.n_inner));
}

@compute @workgroup_size(THREADS)
fn embed(@builtin(local_invocation_index) thread: u32) {
    let wide = fours(sizes.n_embd);
    for (var c = thread; c < sizes.n_embd; c += THREADS) {
        rooms[c] = number(state.token * wide, c)
            + number((more.vocab_size + state.position) * wide, c);
    }
}

@compute @workgroup_size(THREADS)
fn norm(@builtin(local_invocation_index) thread: u32) {
    let n = sizes.n_embd;
    var mean = 0.0;
    for (var c = 0u; c < n; c += 1u) {
        mean += rooms[c];
    }
    mean /= f32(n);
    var variance = 0.0;
    for (var c = 0u; c < n; c += 1u) {
        variance += (rooms[c] - mean) * (rooms[c] - mean);
    }
    variance /= f32(n);
    for (var c = thread; c < n; c += THREADS) {
        let normed = (rooms[c] - mean) / sqrt(variance + more.eps);
        rooms[room() + c] = normed * number(op.at, c) + number(op.at + fours(n), c);
    }
}

fn gelu(v: f32) -> f32 {
    let inner = 0.7978845608 * (v + 0.044715 * v * v * v);
    return 0.5 * v * (1.0 + tanh(clamp(inner, -15.0, 15.0)));
}

@compute @workgroup_size(THREADS)
fn product(@builtin(global_invocation_id) id: vec3u) {
    let n = sizes.n_embd;
    let width = fours(op.n_out);
    if id.x >= width {
        return;
    }
    let from_b = op.kind == FROM_B_TO_X;
    let start = select(room(), 2u * room(), from_b);
    var sum = four(op.at + op.n_in * width + id.x);
    for (var i = 0u; i < op.n_in; i += 1u) {
        sum += rooms[start + i] * four(op.at + i * width + id.x);
    }
    let keys = 2u * op.layer * more.n_positions * n + state.position * n;
    for (var k = 0u; k < 4u; k += 1u) {
        let c = 4u * id.x + k;
        if c >= op.n_out {
            return;
        }
        if op.kind == TO_GELU {
            rooms[2u * room() + c] = gelu(sum[k]);
        } else if op.kind != TO_QKV {
            rooms[c] += sum[k];
        } else if c < n {
            rooms[2u * room() + c] = sum[k];
        } else if c < 2u * n {
            cache[keys + c - n] = sum[k];
        } else {
            cache[keys + more.n_positions * n + c - 2u * n] = sum[k];
        }
    }
}

// A workgroup is a head.
@compute @workgroup_size(THREADS)
fn attend(
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    let n = sizes.n_embd;
    let d = n / sizes.n_head;
    let t = state.position + 1u;
    let first = group.x * d;
    let keys = 2u * op.layer * more.n_positions * n + first;
    let values = keys + more.n_positions * n;
    for (var j = thread; j < t; j += THREADS) {
        var sum = 0.0;
        for (var c = 0u; c < d; c += 1u) {
            sum += rooms[2u * room() + first + c] * cache[keys + j * n + c];
        }
        scores[j] = sum / sqrt(f32(d));
    }
    workgroupBarrier();
    for (var c = thread; c < d; c += THREADS) {
        var highest = LOWEST;
        for (var j = 0u; j < t; j += 1u) {
            highest = max(highest, scores[j]);
        }
        var total = 0.0;
        var sum = 0.0;
        for (var j = 0u; j < t; j += 1u) {
            let weight = exp(scores[j] - highest);
            total += weight;
            sum += weight * cache[values + j * n + c];
        }
        rooms[room() + first + c] = sum / total;
    }
}

// A thread is a token.
@compute @workgroup_size(THREADS)
fn logits(@builtin(global_invocation_id) id: vec3u) {
    let n = sizes.n_embd;
    if id.x >= more.vocab_size {
        return;
    }
    var sum = 0.0;
    for (var i = 0u; i < fours(n); i += 1u) {
        let weights = four(id.x * fours(n) + i);
        for (var k = 0u; k < min(4u, n - 4u * i); k += 1u) {
            sum += rooms[room() + 4u * i + k] * weights[k];
        }
    }
    out[id.x] = sum;
}
