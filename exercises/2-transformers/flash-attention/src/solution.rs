//! The reference: attention tile by tile, and what it moves.

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
    // BEGIN ANSWER
    let d = q.len();
    Shape { t_q: 1, t_k: keys, d, d_v }.of([q, k, v])?;
    let score = |key: &[f32]| -> f32 {
        q.iter().zip(key).map(|(q, k)| q * k).sum::<f32>() / (d as f32).sqrt()
    };
    let scores: Vec<f32> = k.chunks(d).map(score).collect();
    let mut part = Part::empty(d_v);
    part.m = scores.iter().copied().fold(part.m, f32::max);
    for (score, value) in scores.iter().zip(v.chunks(d_v)) {
        let weight = (score - part.m).exp();
        part.l += weight;
        for (o, v) in part.o.iter_mut().zip(value) {
            *o += weight * v;
        }
    }
    Ok(part)
    // END ANSWER
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
    // BEGIN ANSWER
    if a.o.len() != b.o.len() {
        return Err(FlashError::Columns { a: a.o.len(), b: b.o.len() });
    }
    let m = a.m.max(b.m);
    if m == f32::NEG_INFINITY {
        // Neither has seen a key, and −∞ − (−∞) would be NaN.
        return Ok(Part::empty(a.o.len()));
    }
    let (of_a, of_b) = ((a.m - m).exp(), (b.m - m).exp());
    let sum = |(x, y): (&f32, &f32)| x * of_a + y * of_b;
    Ok(Part { m, l: sum((&a.l, &b.l)), o: a.o.iter().zip(&b.o).map(sum).collect() })
    // END ANSWER
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
    // BEGIN ANSWER
    let Tile { queries, keys } = tile;
    if queries == 0 || keys == 0 {
        return Err(FlashError::NoTile { queries, keys });
    }
    let shape @ Shape { t_q, t_k, d, d_v } = hbm.shape();
    for first in (0..t_q).step_by(queries) {
        let block = first..t_q.min(first + queries);
        let q = hbm.fetch(Matrix::Q, block.clone())?;
        let mut parts = vec![Part::empty(d_v); block.len()];
        // The last query of the block sees the most.
        for start in (0..shape.seen(block.end - 1, causal)).step_by(keys) {
            let len = keys.min(t_k - start);
            let k = hbm.fetch(Matrix::K, start..start + len)?;
            let v = hbm.fetch(Matrix::V, start..start + len)?;
            for ((i, q), known) in block.clone().zip(q.chunks(d)).zip(&mut parts) {
                let seen = shape.seen(i, causal).saturating_sub(start).min(len);
                *known = merge(known, &part(q, &k[..seen * d], &v[..seen * d_v], seen, d_v)?)?;
            }
        }
        let row = |part: &Part| -> Vec<f32> {
            let l = if part.l == 0.0 { 1.0 } else { part.l };
            part.o.iter().map(|o| o / l).collect()
        };
        hbm.store(block, &parts.iter().flat_map(row).collect::<Vec<_>>())?;
    }
    Ok(())
    // END ANSWER
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
    // BEGIN ANSWER
    let Shape { t_q, t_k, d, d_v } = shape.checked()?;
    let [t_q, t_k, d, d_v] = [t_q, t_k, d, d_v].map(|size| size as u64);
    let scores = t_q * t_k;
    let (first, second, third) =
        (t_q * d + t_k * d + scores, scores + scores, scores + t_k * d_v + t_q * d_v);
    Ok(4 * (first + second + third))
    // END ANSWER
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
    // BEGIN ANSWER
    let Tile { queries, keys } = tile;
    if queries == 0 || keys == 0 {
        return Err(FlashError::NoTile { queries, keys });
    }
    let Shape { t_q, t_k, d, d_v } = shape.checked()?;
    let mut fetched = 0_u64;
    for first in (0..t_q).step_by(queries) {
        let last = t_q.min(first + queries) - 1;
        // Up to the end of the last tile that is seen, or of the keys.
        fetched += shape.seen(last, causal).next_multiple_of(keys).min(t_k) as u64;
    }
    Ok(4 * (t_q as u64 + fetched) * (d + d_v) as u64)
    // END ANSWER
}

/// The source of a kernel that does the same for one block of queries a
/// workgroup; what it binds is said in the file.
pub fn flash_attention_wgsl() -> &'static str {
    include_str!("../kernels/solution/flash_attention.wgsl")
}
