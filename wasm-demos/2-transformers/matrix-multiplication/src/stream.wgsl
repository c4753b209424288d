// Reads every number once, writes one for it, and computes next to nothing: what
// memory can do. Threads side by side read numbers side by side.

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(256)
fn stream(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    for (var i = id.x; i < arrayLength(&y); i += 256u * groups.x) {
        y[i] = 2.0 * x[i];
    }
}
