@group(0) @binding(0) var<storage, read> x: array<f32>; // main memory
var<workgroup> slots: array<f32, 256>;                  // workgroup memory

@compute @workgroup_size(256)
fn every_256th(@builtin(local_invocation_index) thread: u32) {
    let end = arrayLength(&x);                          // `let` is fixed
    var sum = 0.0;                                      // `var` may change
    for (var i = thread; i < end; i += 256u) {          // `u`: an unsigned integer
        sum += x[i];
    }
    slots[thread] = sum;
}
