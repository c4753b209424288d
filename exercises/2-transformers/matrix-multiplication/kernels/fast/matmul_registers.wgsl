// C = A · B on a CPU that stands in for a GPU: a thread computes 8 by 8 numbers of C
// in registers, reads four numbers at a time, and neither shares nor waits.
//
// A has the shape (m, k), B (k, n) and C (m, n). The host fills their rows, and B's
// columns, up with zeros to a multiple of four: a vec4f is four neighbors in a row.
// There may be more threads than blocks.

struct Dims {
    m: u32,
    k: u32,
    n: u32,
    pad_0: u32,
}

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(3) var<uniform> dims: Dims;

// Rows and columns of a workgroup's tile, 8 by 8 threads with 8 by 8 numbers each.
const TILE: u32 = 64u;

@compute @workgroup_size(8, 8)
fn matmul_registers(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_id) local: vec3u,
) {
    // Rows of A, and rows of B and C, in vec4f.
    let a_width = (dims.k + 3u) / 4u;
    let width = (dims.n + 3u) / 4u;
    let tile = group.x + group.y * groups.x;
    let tiles_across = (dims.n + TILE - 1u) / TILE;
    let top = tile / tiles_across * TILE + local.y * 8u;
    let left = (tile % tiles_across * TILE + local.x * 8u) / 4u;
    if top >= dims.m || left >= width {
        return;
    }
    // At the edges a thread computes the last row, or the last columns, more than once.
    let right = min(left + 1u, width - 1u);
    let a_0 = top * a_width;
    let a_1 = min(top + 1u, dims.m - 1u) * a_width;
    let a_2 = min(top + 2u, dims.m - 1u) * a_width;
    let a_3 = min(top + 3u, dims.m - 1u) * a_width;
    let a_4 = min(top + 4u, dims.m - 1u) * a_width;
    let a_5 = min(top + 5u, dims.m - 1u) * a_width;
    let a_6 = min(top + 6u, dims.m - 1u) * a_width;
    let a_7 = min(top + 7u, dims.m - 1u) * a_width;
    var left_0 = vec4f();
    var right_0 = vec4f();
    var left_1 = vec4f();
    var right_1 = vec4f();
    var left_2 = vec4f();
    var right_2 = vec4f();
    var left_3 = vec4f();
    var right_3 = vec4f();
    var left_4 = vec4f();
    var right_4 = vec4f();
    var left_5 = vec4f();
    var right_5 = vec4f();
    var left_6 = vec4f();
    var right_6 = vec4f();
    var left_7 = vec4f();
    var right_7 = vec4f();
    for (var p = 0u; p < a_width; p += 1u) {
        // Four rows of B. Times four numbers of a row of A, that is four products each.
        let b_0 = 4u * p * width;
        let b_1 = b_0 + width;
        let b_2 = b_1 + width;
        let b_3 = b_2 + width;
        let b_left = mat4x4f(b[b_0 + left], b[b_1 + left], b[b_2 + left], b[b_3 + left]);
        let b_right = mat4x4f(b[b_0 + right], b[b_1 + right], b[b_2 + right], b[b_3 + right]);
        let row_0 = a[a_0 + p];
        left_0 += b_left * row_0;
        right_0 += b_right * row_0;
        let row_1 = a[a_1 + p];
        left_1 += b_left * row_1;
        right_1 += b_right * row_1;
        let row_2 = a[a_2 + p];
        left_2 += b_left * row_2;
        right_2 += b_right * row_2;
        let row_3 = a[a_3 + p];
        left_3 += b_left * row_3;
        right_3 += b_right * row_3;
        let row_4 = a[a_4 + p];
        left_4 += b_left * row_4;
        right_4 += b_right * row_4;
        let row_5 = a[a_5 + p];
        left_5 += b_left * row_5;
        right_5 += b_right * row_5;
        let row_6 = a[a_6 + p];
        left_6 += b_left * row_6;
        right_6 += b_right * row_6;
        let row_7 = a[a_7 + p];
        left_7 += b_left * row_7;
        right_7 += b_right * row_7;
    }
    write(top + 0u, left, left_0, right_0);
    write(top + 1u, left, left_1, right_1);
    write(top + 2u, left, left_2, right_2);
    write(top + 3u, left, left_3, right_3);
    write(top + 4u, left, left_4, right_4);
    write(top + 5u, left, left_5, right_5);
    write(top + 6u, left, left_6, right_6);
    write(top + 7u, left, left_7, right_7);
}

// Two vec4f of a row of C, as far as they are there.
fn write(row: u32, left: u32, first: vec4f, second: vec4f) {
    let width = (dims.n + 3u) / 4u;
    if row < dims.m {
        c[row * width + left] = first;
        if left + 1u < width {
            c[row * width + left + 1u] = second;
        }
    }
}
