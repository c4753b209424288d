//! The keys of the quiz, computed by the reference.

use grading::random::seeded;
use grading::{Keys, pick, position};

use crate::solution::{bart_infill, causal, mlm_mask, noise_mask, nsp_pairs, span_corrupt};
use crate::{IGNORED, Infilling, Masking, Sentinels, Spans};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("signal", || {
            const N: usize = 100;
            let ids = vec![9; N];
            let asked = |labels: &[i64]| labels.iter().filter(|&&label| label != IGNORED).count();
            let next = asked(&causal(&ids, &[true; N])?.labels);
            let (masking, mut rng) = (Masking::bert(3, 12), seeded(1));
            let words: Vec<Option<usize>> = (0..N).map(Some).collect();
            let mut masked = 0;
            for _ in 0..400 {
                masked += asked(&mlm_mask(&ids, &words, &masking, &mut rng)?.labels);
            }
            position(
                &[(99, 15), (1, 15), (100, 100)],
                &(next, (masked as f64 / 400.0).round() as usize),
            )
        })
        .key("kept", || {
            let masking = Masking { rate: 1.0, mask: 0.0, random: 0.0, ..Masking::bert(3, 12) };
            let made = mlm_mask(&[7], &[Some(0)], &masking, &mut seeded(1))?;
            let stays = made.inputs == [7];
            let is_asked = made.labels == [7];
            pick([stays && !is_asked, !stays && is_asked, stays && is_asked])
        })
        .key("target", || {
            // the keys on the table are old: 10 to 16.
            let is_hidden = [false, true, false, false, false, true, true];
            let ids = [10, 11, 12, 13, 14, 15, 16];
            let sentinels = Sentinels { ids: vec![90, 91, 92], eos: 1 };
            let made = span_corrupt(&ids, &is_hidden, &sentinels)?;
            let choices = [vec![11, 15, 16, 1], vec![90, 11, 91, 15, 16, 1], ids.to_vec()];
            position(&choices, &made.target)
        })
        .key("nothing", || {
            let infilling = Infilling::bart(0);
            let (mut rng, mut most, mut fewest) = (seeded(3), 0, usize::MAX);
            for _ in 0..2000 {
                let input = bart_infill(&[5, 6, 7, 8], &infilling, &mut rng)?.input;
                let masks = input.iter().filter(|&&id| id == 0).count();
                (most, fewest) = (most.max(masks), fewest.min(masks));
            }
            // Two of the four tokens are hidden, behind one mask or behind three and more.
            pick([most == 2 && fewest == 2, most == 2 && fewest == 1, most > 2 && fewest == 1])
        })
        .key("one-sentence", || {
            let pairs = nsp_pairs(&[1, 1, 1], &mut seeded(1))?;
            position(&[0, 3, 2], &pairs.len())
        })
        .key("rate", || {
            let masking = Masking { rate: 0.0, ..Masking::bert(3, 12) };
            let made = mlm_mask(&[7; 9], &[Some(0); 9], &masking, &mut seeded(1))?;
            let spans = Spans { density: 0.0, ..Spans::T5 };
            let hidden = noise_mask(9, &spans, &mut seeded(1))?.iter().filter(|is| **is).count();
            let asked = made.labels.iter().filter(|&&label| label != IGNORED).count();
            pick([asked == 0 && hidden == 0, asked == 0 && hidden == 1, asked == 1 && hidden == 1])
        })
}
