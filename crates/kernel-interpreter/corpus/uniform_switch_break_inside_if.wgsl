// A break out of a switch that depends on the thread: behind the switch all meet again.
//
// verdict: ok
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// 2: u32 64 3 0 0

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: vec4u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    var value = x[thread];
    switch sizes.y {
        case 3u: {
            if value > 0.0 {
                break;
            }
            value += 2.0;
        }
        default: {}
    }
    y[thread] = value;
    storageBarrier();
}
