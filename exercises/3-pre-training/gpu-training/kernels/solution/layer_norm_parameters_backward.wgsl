// Back through layer norm to its parameters: one thread a column.
//
//   y[i, j] = gain[j] · z[i, j] + shift[j],   z[i, j] = (x[i, j] − mean[i]) · r[i]
//
//   dgain[j] = Σ dy[i, j] · z[i, j],   dshift[j] = Σ dy[i, j],   i over all rows
//
// x and dy have the shape (rows, cols), row-major. The way forward has kept two
// numbers of each row in moments: its mean, then its r.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are columns. The buffers may be longer.

struct Sizes {
    rows: u32,
    cols: u32,
    pad_0: u32,
    pad_1: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgain: array<f32>;
@group(0) @binding(4) var<storage, read_write> dshift: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn layer_norm_parameters_backward(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // This thread's column.
    let col = id.x + id.y * groups.x * THREADS;
    // BEGIN ANSWER
    // STUB: // your code here: is there such a column? Then go down through all
    // STUB: // rows; each has a mean and an r of its own
    if col >= sizes.cols {
        return;
    }
    var gain = 0.0;
    var shift = 0.0;
    for (var row = 0u; row < sizes.rows; row += 1u) {
        let i = row * sizes.cols + col;
        gain += dy[i] * (x[i] - moments[2u * row]) * moments[2u * row + 1u];
        shift += dy[i];
    }
    dgain[col] = gain;
    dshift[col] = shift;
    // END ANSWER
}
