// Threads part in a switch and meet again behind it.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var value = x[thread];
    switch thread % 3u {
        case 0u: {
            value += 1.0;
            break;
        }
        case 1u: {
            value += 2.0;
        }
        default: {}
    }
    y[thread] = value;
    storageBarrier();
}
