// C = A · B, or C = C + A · B, of matrices that lie in their buffers in any way:
// one thread a number of C.
//
//   c[i, j] = Σ a[i, p] · b[p, j],   p from 0 to k − 1
//
// A has the shape (m, k), B (k, n) and C (m, n). C is row-major. In the buffer a,
// the numbers of a column of A are a_row apart and those of a row a_col apart; in
// b, those of B are b_row and b_col apart. So a transposed matrix is read where
// it lies, and with steps of 0 one number stands for all.
//
// If adds is 1, the sums are added to what c holds; else c is written. With k = 0
// every sum is 0.
//
// A workgroup takes a tile of C, TILE by TILE. Tiles are counted along the rows
// of C, as the workgroups are along the lines of the grid. There may be more
// workgroups than tiles, and the buffers may be longer than what is in them.

struct Dims {
    m: u32,
    k: u32,
    n: u32,
    adds: u32,
}

struct Steps {
    a_row: u32,
    a_col: u32,
    b_row: u32,
    b_col: u32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@group(0) @binding(3) var<uniform> dims: Dims;
@group(0) @binding(4) var<uniform> steps: Steps;

const TILE: u32 = 16u;

@compute @workgroup_size(TILE, TILE)
fn matmul_strided(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
) {
    // Where in C this thread's number is; at the edges, outside of it.
    let tile = group.x + group.y * groups.x;
    let tiles_across = (dims.n + TILE - 1u) / TILE;
    let row = tile / tiles_across * TILE + local.y;
    let col = tile % tiles_across * TILE + local.x;
    // BEGIN ANSWER
    // STUB: // your code here: is there such a number? Its sum, and where do the
    // STUB: // numbers of A and B lie? Then write it, or add it
    if row >= dims.m || col >= dims.n {
        return;
    }
    var sum = 0.0;
    for (var p = 0u; p < dims.k; p += 1u) {
        sum += a[row * steps.a_row + p * steps.a_col] * b[p * steps.b_row + col * steps.b_col];
    }
    let i = row * dims.n + col;
    if dims.adds == 1u {
        sum += c[i];
    }
    c[i] = sum;
    // END ANSWER
}
