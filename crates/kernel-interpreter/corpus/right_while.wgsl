// while, break if and continuing.
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
    var n = thread;
    var steps = 0u;
    while n > 1u {
        n = select(n / 2u, 3u * n + 1u, n % 2u == 1u);
        steps++;
    }
    var sum = 0.0;
    var i = 0u;
    loop {
        sum += x[i];
        continuing {
            i++;
            break if i > thread;
        }
    }
    y[thread] = sum + f32(steps);
}
