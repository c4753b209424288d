// C = A · B: one thread a number of C, and tiles of A and B that the threads of
// a workgroup fetch together.
//
//   c[i, j] = Σ a[i, p] · b[p, j],   p from 0 to k − 1
//
// A has the shape (m, k), B (k, n) and C (m, n); all are row-major, and the
// buffers may be longer than what is in them. A workgroup takes a tile of C,
// TILE by TILE. Its threads stand in a square, too: `local.x` counts columns,
// `local.y` rows. Tiles are counted along the rows of C, as the workgroups are
// along the lines of the grid. There may be more workgroups than tiles.
//
// For every tile of C a number of A, or of B, is read from its buffer at most
// once.

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

var<workgroup> tile_a: array<array<f32, TILE>, TILE>;
var<workgroup> tile_b: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn matmul_tiled(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
) {
    // Where in C this thread's number is; at the edges, outside of it.
    let tile = group.x + group.y * groups.x;
    let tiles_across = (dims.n + TILE - 1u) / TILE;
    let row = tile / tiles_across * TILE + local.y;
    let col = tile % tiles_across * TILE + local.x;
    // your code here: step by step along k, fetch a tile of A and one of
    // B, a number each a thread; then go through them; mind the barriers
}
