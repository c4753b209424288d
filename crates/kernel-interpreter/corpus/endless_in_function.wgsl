// The loop is in a function.
//
// verdict: endless
// browser: compiles
// grid: 1 1 1
// 0: f32 64
// 1: out 64
// steps: 5000

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

fn root(n: f32) -> f32 {
    var guess = n;
    while abs(guess * guess - n) > -1.0 { // HERE
        guess = 0.5 * (guess + n / guess);
    }
    return guess;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
    y[thread] = root(2.0 + abs(x[thread]));
}
