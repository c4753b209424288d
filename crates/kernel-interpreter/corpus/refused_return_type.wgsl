// No valid WGSL: a function returns another type than it says.
//
// verdict: refused
// browser: refuses
// grid: 1 1 1
// 0: out 1
@group(0) @binding(0) var<storage, read_write> y: array<f32>;

fn half() -> u32 {
    return 1.5; // HERE
}

@compute @workgroup_size(1)
fn main() {
    y[0] = f32(half());
}
