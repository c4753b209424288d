// Layer norm of each row, y = gain · (x − mean) · r + shift with r = 1 / √(σ² + ε),
// which keeps mean and r for the way back: one thread a row.

struct Sizes {
    rows: u32,
    cols: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gain: array<f32>;
@group(0) @binding(2) var<storage, read> shift: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> moments: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

const THREADS: u32 = 64u;
const EPSILON: f32 = 1e-5;

@compute @workgroup_size(THREADS)
fn layer_norm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
    let row = id.x + id.y * groups.x * THREADS;
    if row >= sizes.rows {
        return;
    }
    let start = row * sizes.cols;
    var mean = 0.0;
    for (var j = 0u; j < sizes.cols; j += 1u) {
        mean += x[start + j];
    }
    mean /= f32(sizes.cols);
    var variance = 0.0;
    for (var j = 0u; j < sizes.cols; j += 1u) {
        variance += (x[start + j] - mean) * (x[start + j] - mean);
    }
    let r = 1.0 / sqrt(variance / f32(sizes.cols) + EPSILON);
    for (var j = 0u; j < sizes.cols; j += 1u) {
        y[start + j] = gain[j] * ((x[start + j] - mean) * r) + shift[j];
    }
    moments[2u * row] = mean;
    moments[2u * row + 1u] = r;
}
