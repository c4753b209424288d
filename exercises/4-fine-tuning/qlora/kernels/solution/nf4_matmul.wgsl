// Y = X W, with W packed in NF4: a thread computes eight neighboring numbers in
// each of up to eight rows of Y.
//
//   y[i, j] = Σ x[i, p] · w[p, j],   p from 0 to k − 1
//   w[p, j] = level of its code · absmax[(p · n + j) / block]
//
// X has the shape (m, k), W (k, n) and Y (m, n), all row by row; n and block are
// multiples of 8. A word of `codes` has eight codes of W, neighbors in one row and
// one block. Its lowest byte comes first; in a byte the upper four bits come first.
// So the code with number c = 0, …, 7 of a word is
//
//   (word >> shift[c]) & 15,   shift = 4, 0, 12, 8, 20, 16, 28, 24
//
// The threads stand in line, also over several lines of workgroups: first all
// n / 8 words of a row of Y for its first eight rows, then for the next eight, ….
// There may be more threads than that, and longer buffers.

struct Dims {
    m: u32,
    k: u32,
    n: u32,
    block: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> absmax: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> dims: Dims;

const THREADS: u32 = 64u;
const ROWS: u32 = 8u;

const NF4 = array<f32, 16>(
    -1.0, -0.6961928, -0.52507305, -0.3949175, -0.28444138, -0.18477343, -0.091050036, 0.0,
    0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0,
);

// The levels where every thread of the workgroup can look them up.
var<workgroup> levels: array<f32, 16>;

// The levels of the first four codes of the lower half of a word.
fn four(half: u32) -> vec4f {
    return vec4f(
        levels[(half >> 4u) & 15u],
        levels[half & 15u],
        levels[(half >> 12u) & 15u],
        levels[(half >> 8u) & 15u],
    );
}

@compute @workgroup_size(THREADS)
fn nf4_matmul(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let table = NF4;
    if local < 16u {
        levels[local] = table[local];
    }
    workgroupBarrier();
    let thread = id.x + id.y * groups.x * THREADS;
    // BEGIN ANSWER
    // STUB: // your code here: which word of a row is this thread's, and which rows?
    // STUB: // Then one word of W after the other, down its column of words
    let words = dims.n / 8u;
    let word = thread % words;
    let top = thread / words * ROWS;
    if top >= dims.m {
        return;
    }
    var left: array<vec4f, ROWS>;
    var right: array<vec4f, ROWS>;
    for (var p = 0u; p < dims.k; p += 1u) {
        let at = p * words + word;
        let packed = codes[at];
        let scale = absmax[at * 8u / dims.block];
        let first = four(packed) * scale;
        let second = four(packed >> 16u) * scale;
        // A row that is not there repeats the last one, and is not written below: a loop with a
        // fixed count keeps its sums in registers.
        for (var r = 0u; r < ROWS; r += 1u) {
            let number = x[min(top + r, dims.m - 1u) * dims.k + p];
            left[r] += number * first;
            right[r] += number * second;
        }
    }
    for (var r = 0u; r < ROWS && top + r < dims.m; r += 1u) {
        let to = (top + r) * dims.n + word * 8u;
        for (var c = 0u; c < 4u; c += 1u) {
            y[to + c] = left[r][c];
            y[to + 4u + c] = right[r][c];
        }
    }
    // END ANSWER
}
