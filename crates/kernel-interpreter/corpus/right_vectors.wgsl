// Vectors, a structure, a matrix and a private variable.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 32
// 1: out 32

struct Point {
    at: vec3f,
    weight: f32,
}

@group(0) @binding(0) var<storage, read> points: array<Point>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
var<private> scale: f32 = 2.0;

@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) thread: u32) {
    let turn = mat2x2f(0.0, 1.0, -1.0, 0.0);
    var point = points[thread];
    point.at = vec3f(turn * point.at.xy, point.at.z);
    scale *= point.weight;
    y[thread] = vec4f(scale * point.at, dot(point.at, vec3f(1.0)));
}
