// A tile of a matrix in shared memory, turned around.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> tile: array<array<f32, 8>, 8>;

@compute @workgroup_size(8, 8)
fn main(@builtin(local_invocation_id) at: vec3u) {
    tile[at.y][at.x] = x[at.y * 8u + at.x];
    workgroupBarrier();
    y[at.y * 8u + at.x] = tile[at.x][at.y];
}
