// Multiplies and adds in registers, and reads and writes next to nothing: what
// arithmetic can do. A GPU, and its compiler, makes one instruction of `x * a + b`.

@group(0) @binding(0) var<storage, read> factors: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

// Two vec4f are eight numbers that do not wait for each other. 256 rounds of 16 of
// them, with a product and a sum in each.
const ROUNDS: u32 = 256u;

@compute @workgroup_size(256)
fn arithmetic(@builtin(global_invocation_id) id: vec3u) {
    // Read, so that no compiler can compute ahead.
    let a = factors[0];
    let b = factors[1];
    var first = vec4f(f32(id.x));
    var second = first + 1.0;
    for (var round = 0u; round < ROUNDS; round += 1u) {
        first = first * a + b;
        second = second * a + b;
        first = first * a + b;
        second = second * a + b;
        first = first * a + b;
        second = second * a + b;
        first = first * a + b;
        second = second * a + b;
    }
    let all = first + second;
    y[id.x] = all.x + all.y + all.z + all.w;
}
