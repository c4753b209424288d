// Threads write components of one vector: words of their own, no race.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> v: array<vec4f, 16>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    v[thread / 4u][thread % 4u] = x[thread];
    workgroupBarrier();
    y[thread] = v[15u - thread / 4u][thread % 4u];
}
