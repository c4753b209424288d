//! The keys of the quiz, computed by the lesson's code.

use grading::{Keys, pick, position};

use crate::readers::{Reads, Sharing, read_tile, tiles};
use crate::solution::numbers_read;
use crate::{Dims, Machine, intensity};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("flops", || {
            let dims = Dims { m: 32, k: 64, n: 16 };
            position(&[32_768.0, 65_536.0, 6144.0], &dims.flops())
        })
        .key("how-often", || {
            let dims = Dims { m: 8, k: 4, n: 32 };
            let mut reads = Reads::none(dims);
            for one in tiles(dims, 16) {
                read_tile(&mut reads, dims, 16, &one, Sharing::Nothing);
            }
            position(&[8, 4, 32], &reads.a[0])
        })
        .key("twice-the-tile", || {
            let dims = Dims::square(1024);
            let [small, large] = [numbers_read(dims, 16)?, numbers_read(dims, 32)?];
            pick([large == small, large == small / 2, large == small / 4])
        })
        .key("corner", || {
            let dims = Dims { m: 17, k: 10, n: 17 };
            let last = tiles(dims, 16).pop().map_or(0, |[rows, _]| rows.len() * dims.k);
            position(&[160, 10, 170], &last)
        })
        .key("under-the-roof", || {
            let machine = Machine { flops: 10e12, bandwidth: 400e9 };
            let mut reach = Vec::new();
            for tile in [32, 64, 128] {
                reach.push(intensity(Dims::square(1024), tile)? >= machine.ridge());
            }
            position(&[Some(0), Some(1), Some(2)], &reach.iter().position(|&reaches| reaches))
        })
        .key("more-tokens", || {
            let time = |m| {
                let dims = Dims { m, k: 4096, n: 4096 };
                let intensity = intensity(dims, dims.n)?;
                Ok::<f64, crate::MatmulError>(dims.flops() / Machine::H100.attainable(intensity))
            };
            let times = time(16)? / time(1)?;
            pick([times < 1.1, (1.1..8.0).contains(&times), times > 8.0])
        })
}
