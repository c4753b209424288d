//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::oracle::Head;
use crate::solution::{flash, flash_bytes, merge};
use crate::{FlashError, Hbm, Matrix, Part, Shape, Tile};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("exact", || {
            let head = Head::drawn([6, 6, 4, 2], 1);
            let mut hbm = Hbm::new(head.slices(), head.shape)?;
            flash(&mut hbm, Tile { queries: 2, keys: 3 }, false)?;
            let want = head.attended(false);
            let off = |(&got, want): (&f32, f64)| (f64::from(got) - want).abs();
            let most = hbm.out().iter().zip(want).map(off).fold(0.0, f64::max);
            pick([most > 1e-2, most < 1e-5, most.is_nan()])
        })
        .key("lower-score", || {
            let before = Part { m: 3.0, l: 2.0, o: vec![6.0] };
            let tile = Part { m: 1.0, l: 1.0, o: vec![5.0] };
            let merged = merge(&before, &tile)?;
            let is = |l: f64| (f64::from(merged.l) - l).abs() < 1e-5;
            let shrink = (-2.0_f64).exp();
            pick([is(2.0 + 1.0), is(2.0 * shrink + 1.0), is(2.0 + shrink)])
        })
        .key("kept", || {
            let part = Part::empty(64);
            position(&[1024, 64, 66], &(part.o.len() + 2))
        })
        .key("wider-blocks", || {
            let bytes =
                |queries| flash_bytes(Shape::square(4096, 64), Tile { queries, keys: 16 }, false);
            let share = bytes(128)? as f64 / bytes(64)? as f64;
            pick([(0.45..0.55).contains(&share), share == 1.0, share < 0.3])
        })
        .key("twice-the-text", || {
            let times = |bytes: &dyn Fn(Shape) -> Result<u64, FlashError>| {
                let [long, short] = [8192, 4096].map(|n| bytes(Shape::square(n, 64)));
                Ok::<f64, FlashError>((long? as f64 / short? as f64).round())
            };
            let tile = Tile { queries: 64, keys: 16 };
            let moved = times(&|shape| flash_bytes(shape, tile, false))?;
            // What is there: queries, keys, values and results.
            let there = times(&|shape| {
                let size = |matrix| -> usize { shape.rows_and_columns(matrix).iter().product() };
                Ok(Matrix::ALL.into_iter().map(size).sum::<usize>() as u64)
            })?;
            position(&[(2.0, 2.0), (4.0, 2.0), (4.0, 4.0)], &(moved, there))
        })
}
