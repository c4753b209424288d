// C = A · B: a thread computes a block of 4 by 4 numbers of C, which it keeps in
// registers, from tiles of A and B that its workgroup fetches.
//
//   c[i, j] = Σ a[i, p] · b[p, j],   p from 0 to k − 1
//
// A has the shape (m, k), B (k, n) and C (m, n); all are row-major, and the
// buffers may be longer than what is in them. A workgroup takes a tile of C,
// TILE by TILE. Its threads stand in a square of 16 by 16: `local.x` counts
// blocks of columns, `local.y` blocks of rows. Tiles are counted along the rows
// of C, as the workgroups are along the lines of the grid. There may be more
// workgroups than tiles.
//
// For every tile of C a number of A, or of B, is read from its buffer at most
// once; and a thread reads at most eight numbers of the tiles in workgroup
// memory for every sixteen products.

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

// Rows and columns of a thread's block; of a workgroup's tile of C; and how far
// along k the tiles of A and B reach.
const BLOCK: u32 = 4u;
const TILE: u32 = 64u;
const DEPTH: u32 = 16u;
const THREADS: u32 = 256u;

var<workgroup> tile_a: array<array<f32, DEPTH>, TILE>;
var<workgroup> tile_b: array<array<f32, TILE>, DEPTH>;

@compute @workgroup_size(16, 16)
fn matmul_blocked(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    // Where in C the workgroup's tile begins, and where in it the thread's block.
    let tile = group.x + group.y * groups.x;
    let tiles_across = (dims.n + TILE - 1u) / TILE;
    let top = tile / tiles_across * TILE;
    let left = tile % tiles_across * TILE;
    let block_row = local.y * BLOCK;
    let block_col = local.x * BLOCK;
    // BEGIN ANSWER
    // STUB: // your code here: step by step along k, 256 threads fetch a tile of A
    // STUB: // and one of B, 1024 numbers each; then each thread adds to its sums
    // One row of the block in each.
    var sums: array<vec4f, BLOCK>;
    for (var start = 0u; start < dims.k; start += DEPTH) {
        // Outside of A and B are zeros, which add nothing.
        for (var i = thread; i < TILE * DEPTH; i += THREADS) {
            let row = i / DEPTH;
            let p = i % DEPTH;
            var from_a = 0.0;
            if top + row < dims.m && start + p < dims.k {
                from_a = a[(top + row) * dims.k + start + p];
            }
            tile_a[row][p] = from_a;
        }
        for (var i = thread; i < DEPTH * TILE; i += THREADS) {
            let p = i / TILE;
            let col = i % TILE;
            var from_b = 0.0;
            if start + p < dims.k && left + col < dims.n {
                from_b = b[(start + p) * dims.n + left + col];
            }
            tile_b[p][col] = from_b;
        }
        workgroupBarrier();
        for (var p = 0u; p < DEPTH; p += 1u) {
            // Four numbers of a row of B, each used for four rows of C.
            let from_b = vec4f(
                tile_b[p][block_col],
                tile_b[p][block_col + 1u],
                tile_b[p][block_col + 2u],
                tile_b[p][block_col + 3u],
            );
            for (var i = 0u; i < BLOCK; i += 1u) {
                sums[i] += tile_a[block_row + i][p] * from_b;
            }
        }
        // Nobody fetches the next tiles before everybody is done with these.
        workgroupBarrier();
    }
    for (var i = 0u; i < BLOCK; i += 1u) {
        for (var j = 0u; j < BLOCK; j += 1u) {
            let row = top + block_row + i;
            let col = left + block_col + j;
            if row < dims.m && col < dims.n {
                c[row * dims.n + col] = sums[i][j];
            }
        }
    }
    // END ANSWER
}
