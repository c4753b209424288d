// C = A · B: one thread a number of C.
//
//   c[i, j] = Σ a[i, p] · b[p, j],   p from 0 to k − 1
//
// A has the shape (m, k), B (k, n) and C (m, n); all are row-major, and the
// buffers may be longer than what is in them. A workgroup takes a tile of C,
// TILE by TILE. Its threads stand in a square, too: `local.x` counts columns,
// `local.y` rows. Tiles are counted along the rows of C, as the workgroups are
// along the lines of the grid. There may be more workgroups than tiles.

struct Dims {
    m: u32,
    k: u32,
    n: u32,
    pad_0: u32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@group(0) @binding(3) var<uniform> dims: Dims;

const TILE: u32 = 16u;

@compute @workgroup_size(TILE, TILE)
fn matmul_naive(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
) {
    // Where in C this thread's number is; at the edges, outside of it.
    let tile = group.x + group.y * groups.x;
    let tiles_across = (dims.n + TILE - 1u) / TILE;
    let row = tile / tiles_across * TILE + local.y;
    let col = tile % tiles_across * TILE + local.x;
    // your code here: is there such a number? If so, compute it
}
