// The sum of every row of a matrix (rows, cols), row-major: one workgroup a row.
//
//   y[r] = Σ x[r · cols + j],   j from 0 to cols − 1
//
// The grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are rows.

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

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;

// The sum of all threads' values; every thread gets it.
fn sum_of_all(thread: u32, value: f32) -> f32 {
    // BEGIN ANSWER
    // STUB: // your code here: put the value into its slot, then halve the
    // STUB: // number of slots again and again; mind the barriers
    // STUB: return value;
    slots[thread] = value;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] += slots[thread + half];
        }
    }
    workgroupBarrier();
    let result = slots[0];
    // Nobody overwrites the result before everybody has read it.
    workgroupBarrier();
    return result;
    // END ANSWER
}

@compute @workgroup_size(THREADS)
fn sum(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Many rows come as several lines of workgroups.
    let row = group.x + group.y * groups.x;
    // BEGIN ANSWER
    // STUB: // your code here: this thread's part of the row, the sum of all
    // STUB: // parts, the one number of `y`
    if row >= dims.rows {
        return;
    }
    let start = row * dims.cols;

    // Thread t takes columns t, t + 256, t + 512, …: neighbors read
    // neighboring numbers.
    var part = 0.0;
    for (var col = thread; col < dims.cols; col += THREADS) {
        part += x[start + col];
    }
    let total = sum_of_all(thread, part);
    if thread == 0u {
        y[row] = total;
    }
    // END ANSWER
}
