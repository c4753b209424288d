// Constants, an override with a value, bit operations and conversions.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: iota 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
const PRIME = 2654435761u;
const TABLE = array<u32, 4>(1u, 2u, 4u, 8u);
override ROUNDS: u32 = 3u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var h = x[thread];
    for (var i = 0u; i < ROUNDS; i++) {
        h = (h * PRIME) ^ (h >> 15u) ^ TABLE[h % 4u];
    }
    y[thread] = h + u32(f32(thread) * 0.5) + bitcast<u32>(i32(thread) - 3);
}
