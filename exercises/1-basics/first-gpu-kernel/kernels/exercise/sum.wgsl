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
    // your code here: put the value into its slot, then halve the
    // number of slots again and again; mind the barriers
    return value;
}

@compute @workgroup_size(THREADS)
fn sum(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Many rows come as several lines of workgroups.
    let row = group.x + group.y * groups.x;
    // your code here: this thread's part of the row, the sum of all
    // parts, the one number of `y`
}
