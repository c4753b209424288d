//! Bugs of `cosine`, `nearest` and `analogy`.

use crate::{EmbeddingError, Vectors, dot};

/// `cosine` with one bug a module.
macro_rules! cosine_mutants {
    ($($(#[$doc:meta])* $name:ident: |$a:ident, $b:ident| $cosine:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            #[allow(unused_imports)]
            use crate::dot;

            pub fn cosine($a: &[f32], $b: &[f32]) -> f32 {
                $cosine
            }
        }
    )+};
}

cosine_mutants! {
    /// Right for vectors of length 1.
    cosine_is_the_dot_product: |a, b| dot(a, b);
    /// 0 / 0.
    cosine_of_zero_is_nan: |a, b| dot(a, b) / (dot(a, a).sqrt() * dot(b, b).sqrt());
    /// Divides by the length of the second vector only.
    cosine_forgets_one_length: |a, b| {
        let length = dot(b, b).sqrt();
        if length > 0.0 { dot(a, b) / length } else { 0.0 }
    };
    /// Opposite vectors come out as equal.
    cosine_without_sign: |a, b| crate::solution::cosine(a, b).abs();
    /// Divides by the squares of the lengths.
    cosine_without_roots: |a, b| {
        let lengths = dot(a, a) * dot(b, b);
        if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
    };
}

/// The `k` best rows by a score, highest first.
fn best(
    vectors: &Vectors,
    k: usize,
    exclude: &[u32],
    score: impl Fn(&[f32]) -> f32,
) -> Result<Vec<(u32, f32)>, EmbeddingError> {
    let mut found = Vec::new();
    for id in (0..vectors.rows() as u32).filter(|id| !exclude.contains(id)) {
        found.push((id, score(vectors.row(id)?)));
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(k);
    Ok(found)
}

/// `nearest` with one bug a module.
macro_rules! nearest_mutants {
    ($($(#[$doc:meta])* $name:ident: |$vectors:ident, $query:ident, $k:ident, $exclude:ident| $found:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use crate::{EmbeddingError, Vectors};
            #[allow(unused_imports)]
            use crate::dot;
            pub use crate::solution::*;
            #[allow(unused_imports)]
            use super::best;

            pub fn nearest(
                $vectors: &Vectors,
                $query: &[f32],
                $k: usize,
                $exclude: &[u32],
            ) -> Result<Vec<(u32, f32)>, EmbeddingError> {
                $found
            }
        }
    )+};
}

nearest_mutants! {
    /// Long vectors win.
    nearest_by_dot_product: |vectors, query, k, exclude| {
        best(vectors, k, exclude, |row| dot(row, query))
    };
    /// Sorts upward.
    nearest_farthest_first: |vectors, query, k, exclude| {
        let mut found = best(vectors, usize::MAX, exclude, |row| cosine(row, query))?;
        found.reverse();
        found.truncate(k);
        Ok(found)
    };
    /// The word itself is always the nearest.
    nearest_keeps_the_excluded: |vectors, query, k, _exclude| {
        best(vectors, k, &[], |row| cosine(row, query))
    };
    /// Leaves out too late, and has too few.
    nearest_cuts_before_excluding: |vectors, query, k, exclude| {
        let mut found = best(vectors, k, &[], |row| cosine(row, query))?;
        found.retain(|(id, _)| !exclude.contains(id));
        Ok(found)
    };
    /// The distance between the points, which hears the lengths.
    nearest_by_distance: |vectors, query, k, exclude| {
        best(vectors, k, exclude, |row| {
            -row.iter().zip(query).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
        })
    };
    /// Compares what both vectors have.
    nearest_cuts_the_query: |vectors, query, k, exclude| {
        best(vectors, k, exclude, |row| {
            let n = row.len().min(query.len());
            cosine(&row[..n], &query[..n])
        })
    };
}

/// `analogy` with one bug a module: how the query is made, and what is excluded.
fn by_signs(
    vectors: &Vectors,
    [a, b, c]: [u32; 3],
    k: usize,
    signs: [f32; 3],
    unit: bool,
    exclude: &[u32],
) -> Result<Vec<(u32, f32)>, EmbeddingError> {
    let mut query = vec![0.0; vectors.dim()];
    for (id, sign) in [a, b, c].into_iter().zip(signs) {
        let row = vectors.row(id)?;
        let length = if unit { dot(row, row).sqrt() } else { 1.0 };
        query.iter_mut().zip(row).for_each(|(q, x)| *q += sign * x / length);
    }
    crate::solution::nearest(vectors, &query, k, exclude)
}

macro_rules! analogy_mutants {
    ($($(#[$doc:meta])* $name:ident: |$vectors:ident, $abc:ident, $k:ident| $found:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use crate::{EmbeddingError, Vectors};
            pub use crate::solution::*;
            #[allow(unused_imports)]
            use super::by_signs;

            pub fn analogy(
                $vectors: &Vectors,
                $abc: [u32; 3],
                $k: usize,
            ) -> Result<Vec<(u32, f32)>, EmbeddingError> {
                $found
            }
        }
    )+};
}

analogy_mutants! {
    /// Long vectors have more to say.
    analogy_without_lengths: |vectors, abc, k| {
        by_signs(vectors, abc, k, [-1.0, 1.0, 1.0], false, &abc)
    };
    /// c, or b, is mostly the nearest word.
    analogy_answers_with_its_question: |vectors, abc, k| {
        by_signs(vectors, abc, k, [-1.0, 1.0, 1.0], true, &[])
    };
    /// a − b + c: the step backward.
    analogy_the_other_way: |vectors, abc, k| {
        by_signs(vectors, abc, k, [1.0, -1.0, 1.0], true, &abc)
    };
    /// b − a.
    analogy_forgets_c: |vectors, abc, k| by_signs(vectors, abc, k, [-1.0, 1.0, 0.0], true, &abc);
    /// An unknown word counts as none.
    analogy_of_unknown_words: |vectors, abc, k| {
        let known = abc.iter().all(|&id| vectors.row(id).is_ok());
        if known { crate::solution::analogy(vectors, abc, k) } else { Ok(Vec::new()) }
    };
}
