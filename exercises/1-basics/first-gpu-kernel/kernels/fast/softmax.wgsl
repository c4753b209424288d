// Softmax of every row of a matrix (rows, cols): each number is read once and written once.
//
// A thread keeps 16 columns in registers, as four vectors of four; 256 threads hold 4,096 columns.
// Longer rows are read twice.

struct Dims {
    rows: u32,
    cols: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> dims: Dims;

const THREADS: u32 = 256u;
const LOWEST: f32 = -3.4028234e38;

// What is known of a part of the row: its largest number, and Σ exp(x − max) over the part.
struct Part {
    max: f32,
    sum: f32,
}

var<workgroup> parts: array<Part, THREADS>;

// Two parts as one: each sum is rescaled to the common maximum.
fn join(a: Part, b: Part) -> Part {
    let m = max(a.max, b.max);
    return Part(m, a.sum * exp(a.max - m) + b.sum * exp(b.max - m));
}

// The join of all threads' parts; every thread gets it. Joining four at a time takes four rounds
// where pairs take eight.
fn join_all(thread: u32, own: Part) -> Part {
    parts[thread] = own;
    for (var n = THREADS / 4u; n > 0u; n /= 4u) {
        workgroupBarrier();
        if thread < n {
            let low = join(parts[thread], parts[thread + n]);
            let high = join(parts[thread + 2u * n], parts[thread + 3u * n]);
            parts[thread] = join(low, high);
        }
    }
    workgroupBarrier();
    return parts[0];
}

// The four columns of a thread in the q-th quarter: at each of the four steps, neighboring threads
// touch neighboring numbers, whatever the alignment of the row.
fn columns(thread: u32, q: u32) -> vec4u {
    let first = thread + q * 4u * THREADS;
    return vec4u(first, first + THREADS, first + 2u * THREADS, first + 3u * THREADS);
}

// Whether the q-th quarter of 4,096 columns lies in the row as a whole: then nothing is asked of a
// single column. It is the same for all threads.
fn is_whole(q: u32) -> bool {
    return (q + 1u) * 4u * THREADS <= dims.cols;
}

// Loads that wait for nothing, so that all 16 are under way at once. In the quarter in which the
// row ends, columns past the end read the last.
fn load(start: u32, column: vec4u, q: u32) -> vec4f {
    if is_whole(q) {
        let at = start + column;
        return vec4f(x[at.x], x[at.y], x[at.z], x[at.w]);
    }
    let at = start + min(column, vec4u(dims.cols - 1u));
    let v = vec4f(x[at.x], x[at.y], x[at.z], x[at.w]);
    return select(vec4f(LOWEST), v, column < vec4u(dims.cols));
}

fn weights(v: vec4f, own_max: f32, column: vec4u, q: u32) -> vec4f {
    let w = exp(v - own_max);
    if is_whole(q) {
        return w;
    }
    return select(vec4f(0.0), w, column < vec4u(dims.cols));
}

fn store(start: u32, column: vec4u, q: u32, v: vec4f) {
    if is_whole(q) {
        let at = start + column;
        y[at.x] = v.x;
        y[at.y] = v.y;
        y[at.z] = v.z;
        y[at.w] = v.w;
        return;
    }
    if column.x < dims.cols { y[start + column.x] = v.x; }
    if column.y < dims.cols { y[start + column.y] = v.y; }
    if column.z < dims.cols { y[start + column.z] = v.z; }
    if column.w < dims.cols { y[start + column.w] = v.w; }
}

// Everything between the one read and the one write stays in registers.
fn in_registers(thread: u32, start: u32) {
    let ca = columns(thread, 0u);
    let cb = columns(thread, 1u);
    let cc = columns(thread, 2u);
    let cd = columns(thread, 3u);
    let a = load(start, ca, 0u);
    let b = load(start, cb, 1u);
    let c = load(start, cc, 2u);
    let d = load(start, cd, 3u);
    let top = max(max(a, b), max(c, d));
    let own_max = max(max(top.x, top.y), max(top.z, top.w));
    let wa = weights(a, own_max, ca, 0u);
    let wb = weights(b, own_max, cb, 1u);
    let wc = weights(c, own_max, cc, 2u);
    let wd = weights(d, own_max, cd, 3u);
    let row = join_all(thread, Part(own_max, dot(wa + wb + wc + wd, vec4f(1.0))));
    let factor = exp(own_max - row.max) / row.sum;
    store(start, ca, 0u, wa * factor);
    store(start, cb, 1u, wb * factor);
    store(start, cc, 2u, wc * factor);
    store(start, cd, 3u, wd * factor);
}

// One pass finds maximum and sum together, a second one writes.
fn in_two_passes(thread: u32, start: u32) {
    var own = Part(LOWEST, 0.0);
    for (var col = thread; col < dims.cols; col += THREADS) {
        own = join(own, Part(x[start + col], 1.0));
    }
    let row = join_all(thread, own);
    let factor = 1.0 / row.sum;
    for (var col = thread; col < dims.cols; col += THREADS) {
        y[start + col] = exp(x[start + col] - row.max) * factor;
    }
}

@compute @workgroup_size(THREADS)
fn softmax(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    let row = group.x + group.y * groups.x;
    if row >= dims.rows {
        return;
    }
    if dims.cols <= 16u * THREADS {
        in_registers(thread, row * dims.cols);
    } else {
        in_two_passes(thread, row * dims.cols);
    }
}
