// Valid, but not understood by the interpreter: a texture.
//
// verdict: unknown
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var picture: texture_2d<f32>; // HERE
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = textureLoad(picture, vec2u(thread, 0u), 0).x;
}
