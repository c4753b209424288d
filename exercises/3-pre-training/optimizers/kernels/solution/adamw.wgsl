// A step of AdamW in place: one thread a weight, for the weights from
// params.start to params.end − 1.
//
//   w ← keep · w
//   m ← beta1 · m + (1 − beta1) · g
//   v ← beta2 · v + (1 − beta2) · g²
//   w ← w − step_size · m / (sqrt(v) / root + eps)
//
// What is the same for all weights comes from the host: keep is 1 − lr · decay,
// step_size is lr / (1 − beta1^t), root is sqrt(1 − beta2^t).
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are weights. The buffers may be longer, and what is
// outside of the range stays as it is.

struct Params {
    start: u32,
    end: u32,
    keep: f32,
    step_size: f32,
}

struct Means {
    beta1: f32,
    beta2: f32,
    eps: f32,
    root: f32,
}

@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;
@group(0) @binding(3) var<storage, read_write> v: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;
@group(0) @binding(5) var<uniform> means: Means;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn adamw(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    // Many weights come as several lines of workgroups.
    let thread = id.x + id.y * groups.x * THREADS;
    // BEGIN ANSWER
    // STUB: // your code here: which weight is this thread's, and is there one?
    // STUB: // Then its two means, and the weight itself
    let i = params.start + thread;
    if i >= params.end {
        return;
    }
    let g = gradients[i];
    let mean = means.beta1 * m[i] + (1.0 - means.beta1) * g;
    let square = means.beta2 * v[i] + (1.0 - means.beta2) * g * g;
    m[i] = mean;
    v[i] = square;
    let w = params.keep * weights[i];
    weights[i] = w - params.step_size * mean / (sqrt(square) / means.root + means.eps);
    // END ANSWER
}
