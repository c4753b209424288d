// Softmax of every row of a matrix (rows, cols), row-major: one workgroup a row.
//
//   y[i] = exp(x[i] − m) / Σ exp(x[j] − m),   m = max x[j],   j over the row
//
// WGSL may assume that no value is infinite or NaN, so masked entries come
// as large negative numbers such as −1e30, and so should the start of a
// maximum.
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
const LOWEST: f32 = -3.4028234e38;

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;

// The largest of all threads' values; every thread gets it.
fn max_of_all(thread: u32, value: f32) -> f32 {
    // your code here: your tree of sum.wgsl with another operation
    return value;
}

// The sum of all threads' values; every thread gets it.
fn sum_of_all(thread: u32, value: f32) -> f32 {
    // your code here: your tree of sum.wgsl as it is
    return value;
}

@compute @workgroup_size(THREADS)
fn softmax(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Many rows come as several lines of workgroups.
    let row = group.x + group.y * groups.x;
    // your code here: the maximum of the row, the sum of its
    // weights, the row of `y`
}
