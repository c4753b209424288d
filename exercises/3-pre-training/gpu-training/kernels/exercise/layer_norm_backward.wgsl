// Back through layer norm to its input: one workgroup a row.
//
//   y[j] = gain[j] · z[j] + shift[j],   z[j] = (x[j] − mean) · r
//
//   dx[j] ← dx[j] + r · (s[j] − mean of s − z[j] · mean of (s · z)),
//   s[j] = gain[j] · dy[j],             j over the row
//
// x, dy and dx have the shape (rows, cols), row-major. The way forward has kept
// two numbers of each row in moments: its mean, then its r = 1 / √(σ² + ε).
//
// The grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are rows. The buffers may be longer.

struct Sizes {
    rows: u32,
    cols: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gain: array<f32>;
@group(0) @binding(2) var<storage, read> moments: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

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
fn layer_norm_backward(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // This workgroup's row.
    let row = group.x + group.y * groups.x;
    // your code here: two sums over the row, by all threads together;
    // then each thread adds to its numbers of dx
}
