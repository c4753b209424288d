// Back through the lookup of embeddings: one thread a number of the table.
//
//   x[t] = table[ids[t]]
//
//   dtable[id, c] ← dtable[id, c] + Σ dx[t, c],   over the tokens t with ids[t] = id
//
// The table has the shape (vocab_size, n_embd), dx has (tokens, n_embd), both are
// row-major. A row whose token does not occur stays as it is.
//
// The grid may have any number of lines of workgroups, of any width, and more
// threads than there are numbers. The buffers may be longer.

struct Sizes {
    tokens: u32,
    vocab_size: u32,
    n_embd: u32,
    pad_0: u32,
}

@group(0) @binding(0) var<storage, read> ids: array<u32>;
@group(0) @binding(1) var<storage, read> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dtable: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const THREADS: u32 = 256u;

@compute @workgroup_size(THREADS)
fn embedding_backward(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let i = id.x + id.y * groups.x * THREADS;
    // your code here: which row of the table is it, and is there one?
    // Go through all tokens, and collect from those with this id
}
