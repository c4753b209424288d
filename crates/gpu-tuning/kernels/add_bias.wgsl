// What stands behind a product: y[i, j] ← y[i, j] + bias[j], and with adds = 1 also
// + stream[i, j]: one thread a number.
//
// y and stream have the shape (rows, cols), row-major. The grid may have any number
// of lines of workgroups, of any width, and more threads than there are numbers.
// The buffers may be longer.

struct Sizes {
    rows: u32,
    cols: u32,
    adds: u32,
    pad_0: u32,
}

@group(0) @binding(0) var<storage, read> bias: array<f32>;
@group(0) @binding(1) var<storage, read> stream: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn add_bias(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    if i >= sizes.rows * sizes.cols {
        return;
    }
    var sum = y[i] + bias[i % sizes.cols];
    if sizes.adds == 1u {
        sum += stream[i];
    }
    y[i] = sum;
}
