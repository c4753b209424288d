// What LoRA adds to the result of a frozen layer: one workgroup a row.
//
//   y[i, j] ← y[i, j] + scale · Σ_k low[i, k] · b[j, k]
//   low[i, k] = Σ_p x[i, p] · a[k, p]
//
// x has the shape (rows, inputs), a has (rank, inputs), b has (outputs, rank),
// y has (rows, outputs); all lie row by row. rank is from 1 to 256.
//
// The numbers low of a row are computed once, by all threads together, and kept
// in workgroup memory, where every thread reads them.
//
// The grid may have any number of lines of workgroups, of any width, and more
// workgroups than there are rows. The buffers may be longer.

struct Sizes {
    rows: u32,
    inputs: u32,
    outputs: u32,
    rank: u32,
}

struct Factor {
    scale: f32,
    pad_0: u32,
    pad_1: u32,
    pad_2: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;
@group(0) @binding(5) var<uniform> factor: Factor;

const THREADS: u32 = 256u;
const MAX_RANK: u32 = 256u;

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;
// The numbers of this row in between: the first `rank` of them are in use.
var<workgroup> low: array<f32, MAX_RANK>;

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
fn lora(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // This workgroup's row.
    let row = group.x + group.y * groups.x;
    // your code here: down to the numbers low, by all threads together; a
    // barrier; then up, each thread for its own numbers of y
}
