//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/flash-attention.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade flash-attention`.
//! - Stuck? `cargo study hint flash-attention` gives one hint at a time.

use flash_attention::{FlashError, Hbm, Matrix, Part, Shape, Tile};

/// What one query knows after a tile of `keys` keys (Milakov and Gimelshein,
/// 2018, section 3, and Dao and others, 2022, algorithm 1).
///
/// With the scores `s_j = q · k_j / √d`, a [`Part`] has
/// `m = max s_j`, `l = Σ exp(s_j − m)` and `o = Σ exp(s_j − m) · v_j`, both sums
/// over all keys of the tile; nothing is divided by `l` yet. After no keys it is
/// [`Part::empty`].
///
/// `q` has `d` numbers, `k` has the shape `(keys, d)`, `v` `(keys, d_v)`, both
/// row-major. All numbers and scores are finite, also as f32; scores may be so
/// high that their exponential overflows, or so low that it is 0. Sums may be
/// taken in any order, in f32 or f64.
///
/// # Errors
/// As [`Shape::of`] for one query, so for `t_q` of 1, `t_k` of `keys`, and `d`
/// as long as `q`.
pub fn part(q: &[f32], k: &[f32], v: &[f32], keys: usize, d_v: usize) -> Result<Part, FlashError> {
    todo!("part")
}

/// What a query knows after the keys of both parts, which have none in common.
///
/// The higher `m` is that of both. The sums of the other part were made with a
/// lower one, so they are multiplied by `exp(lower − higher)` before they are
/// added. A part after no keys ([`Part::empty`]) changes nothing; two of them
/// give another.
///
/// # Errors
/// [`FlashError::Columns`] with the lengths of both `o` if they differ.
pub fn merge(a: &Part, b: &Part) -> Result<Part, FlashError> {
    todo!("merge")
}

/// Flash attention (Dao, 2023, algorithm 1): `softmax(q kᵀ / √d) v`, tile by
/// tile, from and to a memory that writes down what is moved.
///
/// The queries are taken in blocks of `tile.queries`, the keys in tiles of
/// `tile.keys`, both from the first one on; the last of them may be shorter.
/// Each block of queries is fetched once, and its rows of the result are stored
/// once. In between, each tile of keys, and of values, is fetched once and
/// whole, if a query of the block sees one of its keys, else not at all. That
/// takes [`flash_bytes`] bytes. A tile may be larger than all there is.
///
/// If it is causal, query `i` sees the first `hbm.shape().seen(i, causal)` keys,
/// which may be none, and no others. A query that sees none gets zeros.
///
/// # Errors
/// [`FlashError::NoTile`] if a tile has no queries or no keys.
pub fn flash(hbm: &mut Hbm<'_>, tile: Tile, causal: bool) -> Result<(), FlashError> {
    todo!("flash")
}

/// The bytes that attention moves from and to memory in three kernels (Dao and
/// others, 2022, algorithm 0), at 4 bytes a number.
///
/// The first reads the queries and the keys, and writes the `(t_q, t_k)` scores;
/// the second, softmax, reads these and writes as many weights; the third reads
/// the weights and the values, and writes the result. Each reads a number once.
/// A mask hides numbers, but moves them all the same.
///
/// # Errors
/// As [`Shape::checked`].
pub fn unfused_bytes(shape: Shape) -> Result<u64, FlashError> {
    todo!("unfused_bytes")
}

/// The bytes that [`flash`] moves from and to memory, at 4 bytes a number.
///
/// Each block of queries is read once, and as many rows of the result are
/// written. For each block, the tiles of keys and values of which one of its
/// queries sees a key are read, and these whole: only the last tile of all may
/// be shorter.
///
/// # Errors
/// [`FlashError::NoTile`] if a tile has no queries or no keys; then as
/// [`Shape::checked`].
pub fn flash_bytes(shape: Shape, tile: Tile, causal: bool) -> Result<u64, FlashError> {
    todo!("flash_bytes")
}

/// The source of a kernel that does the same for one block of queries a
/// workgroup; what it binds is said in the file.
pub fn flash_attention_wgsl() -> &'static str {
    include_str!("../kernels/exercise/flash_attention.wgsl")
}
