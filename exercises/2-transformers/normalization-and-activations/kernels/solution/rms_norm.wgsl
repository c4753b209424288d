// RMSNorm of every row of a matrix (rows, cols), row-major: one workgroup a row.
//
//   y[i] = gamma[i] · x[i] / sqrt(m + eps),   m = (1 / cols) Σ x[j]²,
//   j over the row
//
// The grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are rows. The buffers may be longer than the matrix.

struct Dims {
    rows: u32,
    cols: u32,
    eps: f32,
    pad: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gamma: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> dims: Dims;

const THREADS: u32 = 256u;

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;

// GIVEN by first-gpu-kernel/softmax.wgsl: sum_of_all
// The sum of all threads' values; every thread gets it.
fn sum_of_all(thread: u32, value: f32) -> f32 {
    slots[thread] = value;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    workgroupBarrier();
    let result = slots[0];
    workgroupBarrier();
    return result;
}
// END GIVEN

@compute @workgroup_size(THREADS)
fn rms_norm(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Many rows come as several lines of workgroups, the last of which may
    // reach past the last row.
    let row = group.x + group.y * groups.x;
    // BEGIN ANSWER
    // STUB: // your code here: this thread's part of the sum of squares, the sum
    // STUB: // of all parts, the row of `y`
    if row >= dims.rows {
        return;
    }
    let start = row * dims.cols;

    var squares = 0.0;
    for (var col = thread; col < dims.cols; col += THREADS) {
        squares += x[start + col] * x[start + col];
    }
    squares = sum_of_all(thread, squares);

    // One division and one root for the whole row.
    let scale = inverseSqrt(squares / f32(dims.cols) + dims.eps);
    for (var col = thread; col < dims.cols; col += THREADS) {
        y[start + col] = gamma[col] * x[start + col] * scale;
    }
    // END ANSWER
}
