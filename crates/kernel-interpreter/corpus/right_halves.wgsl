// Two numbers of 16 bits in a word.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: iota 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    let pair = unpack2x16float(x[thread] | (0x3c00u << 16u));
    y[thread] = pair.x + pair.y;
}
