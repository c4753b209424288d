@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(256)
fn add(@builtin(global_invocation_id) id: vec3u) {
    let i = id.x;              // `let` is fixed; `var` may change
    if i < arrayLength(&c) {   // is there a number for this thread?
        c[i] = a[i] + b[i];
    }
}
