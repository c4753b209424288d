// The surprise at the target of every row of a matrix of logits (rows, cols),
// row-major, in nats, and its gradient: one workgroup a row. With the row's
// probabilities p = softmax(x) and its target t
//
//   loss = ln Σ exp(x[j] − m) − (x[t] − m),   m = max x[j],   j over the row
//   gradient[j] = p[j] − 1 if j = t, else p[j]
//
// A row whose target is `ignore_index` has loss 0 and gradient 0.

struct Dims {
    rows: u32,
    cols: u32,
    ignore_index: u32,
    pad: u32,
}

@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(4) var<uniform> dims: Dims;

const THREADS: u32 = 256u;
const LOWEST: f32 = -3.4028234e38;

// One number a thread, seen by all threads of the workgroup.
var<workgroup> slots: array<f32, THREADS>;

// GIVEN by first-gpu-kernel/softmax.wgsl: max_of_all, sum_of_all
// The largest of all threads' values; every thread gets it.
fn max_of_all(thread: u32, value: f32) -> f32 {
    slots[thread] = value;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            slots[thread] = max(slots[thread], slots[thread + half]);
        }
    }
    workgroupBarrier();
    let result = slots[0];
    // Nobody overwrites the result before everybody has read it.
    workgroupBarrier();
    return result;
}

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
fn cross_entropy(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Many rows come as several lines of workgroups, the last of which may
    // reach past the last row.
    let row = group.x + group.y * groups.x;
    // BEGIN ANSWER
    // STUB: // your code here: the row's loss by one thread, its gradient by
    // STUB: // all of them; what about a row that is to be ignored?
    if row >= dims.rows {
        return;
    }
    let start = row * dims.cols;
    let label = targets[row];
    if label == dims.ignore_index {
        // Written, since nobody says what the buffers held before.
        for (var col = thread; col < dims.cols; col += THREADS) {
            gradient[start + col] = 0.0;
        }
        if thread == 0u {
            loss[row] = 0.0;
        }
        return;
    }

    var row_max = LOWEST;
    for (var col = thread; col < dims.cols; col += THREADS) {
        row_max = max(row_max, logits[start + col]);
    }
    row_max = max_of_all(thread, row_max);

    var row_sum = 0.0;
    for (var col = thread; col < dims.cols; col += THREADS) {
        row_sum += exp(logits[start + col] - row_max);
    }
    row_sum = sum_of_all(thread, row_sum);

    for (var col = thread; col < dims.cols; col += THREADS) {
        let p = exp(logits[start + col] - row_max) / row_sum;
        gradient[start + col] = p - select(0.0, 1.0, col == label);
    }
    if thread == 0u {
        // Subtract first: the large numbers cancel, the small one keeps its digits.
        loss[row] = log(row_sum) - (logits[start + label] - row_max);
    }
    // END ANSWER
}
