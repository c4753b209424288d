// The sum of every row of a matrix (rows, cols), as in the lesson, but with
// eight threads a workgroup, so that all of them fit into a picture.

struct Dims {
    rows: u32,
    cols: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> dims: Dims;

const THREADS: u32 = 8u;

var<workgroup> slots: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn sum(
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    let row = group.x;
    if row >= dims.rows {
        return;
    }
    var part = 0.0;
    for (var col = thread; col < dims.cols; col += THREADS) {
        part += x[row * dims.cols + col];
    }
    slots[thread] = part;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    if thread == 0u {
        y[row] = slots[0];
    }
}
