//! Code compiled twice: for every processor, and for those with wide vectors.

/// What is computed. `run` must be `#[inline(always)]`: only what is inlined is compiled twice.
pub(crate) trait Work {
    fn run(self);
}

/// Runs it with the widest vectors that both the processor and this crate know: eight f32 on x86-64
/// with AVX2, elsewhere four, which 64-bit Arm, and WebAssembly as this book compiles it, always have.
pub(crate) fn run(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { with_avx2(work) };
    }
    work.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(work: impl Work) {
    work.run();
}
