// The slopes along GELU's results become those along its inputs, in place: one
// thread a number.
//
//   y = ½ · x · (1 + tanh(u)),   u = √(2/π) · (x + 0.044715 · x³)
//
//   slopes[i] ← slopes[i] · dy/dx at x[i]
//
// A finite x may be so large that x³ is no f32: there dy/dx is 0 or 1.
//
// There are n numbers. The grid may have any number of lines of workgroups, of
// any width, and more threads than there are numbers. The buffers may be longer.

struct Sizes {
    n: u32,
    pad_0: u32,
    pad_1: u32,
    pad_2: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> slopes: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;
// √(2/π), and the weight of the cube.
const FACTOR: f32 = 0.7978845608;
const CUBE: f32 = 0.044715;

@compute @workgroup_size(THREADS)
fn gelu_backward(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // Many numbers come as several lines of workgroups.
    let i = id.x + id.y * groups.x * THREADS;
    // your code here: is there such a number? Its derivative has two
    // parts, one for the x outside of tanh and one for the x inside
}
