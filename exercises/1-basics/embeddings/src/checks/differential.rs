//! Answers beside the reference, on drawn inputs.

use grading::draw::{self, Just, Strategy, list, prop_oneof, select};
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect, expect_close, expect_eq,
    expect_same,
};
use rand::Rng;

use crate::oracle::{self, expect_found, refs, spread, spread_rows};
use crate::{Answers, EmbeddingError, Found, Model, Noise, SOLUTION, Schedule, Vectors};

/// Ids of which two look alike where 8, 16 or 24 bits of them are kept.
const IDS: [u32; 6] = [0, 1, 256, 65_536, (1 << 24) + 1, u32::MAX - 1];

pub fn pairs_like_reference(answers: &Answers) -> Outcome {
    let window = prop_oneof![0..=12_usize, draw::lengths(0..=usize::MAX), Just(usize::MAX)];
    let long = |least, most| {
        (list(0..6_u32, 1..=9), draw::lengths(least..=most))
            .prop_map(|(phrase, len)| phrase.into_iter().cycle().take(len).collect::<Vec<u32>>())
    };
    let texts = prop_oneof![
        80 => (draw::tokens(6, 100), window),
        1 => (long(200, 600), 0..=600_usize),
    ];
    let check = |(places, window): &(Vec<u32>, usize)| {
        let tokens: Vec<u32> = places.iter().map(|&place| IDS[place as usize]).collect();
        let [got, want] = [answers, &SOLUTION].map(|of| (of.pairs)(&tokens, *window));
        expect_eq(&format!("the pairs of {} tokens", tokens.len()), &got, &want)
    };
    differential(texts, check)?;
    // More than 16 bits count.
    Differential::cases(1).run((long(65_600, 70_000), 1..=2_usize), check)
}

pub fn noise_like_reference(answers: &Answers) -> Outcome {
    let counts = prop_oneof![draw::counts(60), list(draw::any_u64(), 0..=60)];
    let times = select([vec![1; 40], vec![2000]].concat());
    differential((counts, times), |(counts, times)| {
        let counts = counts.repeat(*times);
        let [got, want] = [answers, &SOLUTION].map(|of| (of.noise_distribution)(&counts));
        agree("the noise", got, want, |got, want| {
            expect_close("the noise", &[], got, want, Tolerance { rtol: 1e-9, atol: 0.0 })
        })
    })
}

/// Weights of up to so many words, of which at least one can be drawn.
fn weights(words: usize) -> impl Strategy<Value = Vec<f64>> {
    list(select(vec![0.0, 0.0, 1.0, 0.01, 3.5]), 1..=words).prop_map(|mut weights| {
        let none = weights.iter().all(|&weight| weight == 0.0);
        weights[0] = if none { 1.0 } else { weights[0] };
        weights
    })
}

pub fn negatives_like_reference(answers: &Answers) -> Outcome {
    // The other word comes once in ten thousand draws, and is waited for.
    let rare = Noise::new(&[1e-4, 1.0])?;
    let found = (answers.draw_negatives)(&rare, 1, 3, &mut seeded(1))?;
    expect_eq("3 negatives where the context is drawn nearly always", &found, &[0; 3])?;
    let times = select([vec![1; 20], vec![7000]].concat());
    let context = prop_oneof![0..12_u32, select(vec![65_536, 65_537, u32::MAX])];
    let calls = list((context, draw::lengths(0..=300)), 1..=5);
    differential((weights(11), times, calls, draw::any_u64()), |(weights, times, calls, seed)| {
        let noise = Noise::new(&weights.repeat(*times))?;
        // One call after the other, so that nothing may be left over from the last.
        let mut generators = [seeded(*seed), seeded(*seed)];
        for &(context, n) in calls {
            let [got, want] = [(answers, 0), (&SOLUTION, 1)]
                .map(|(of, i)| (of.draw_negatives)(&noise, context, n, &mut generators[i]));
            let what = format!("{n} negatives of the context {context}");
            let fails = want.is_err();
            agree(&what, got, want, |got, want| expect_eq(&what, got, want))?;
            if fails {
                break;
            }
        }
        let [got, want] = generators.map(|mut rng| rng.next_u64());
        expect_same("what the generator yields next", &got, &want)
    })
}

/// A center, a context and negatives. The scores of some are given, up to those that f32 barely
/// holds; their products have one sign, so that no order of adding them matters. Now and then the
/// center is zero, or the others are equal in turn, as all are before training.
fn vectors() -> impl Strategy<Value = Vec<Vec<f32>>> {
    let sizes = [0.0, 1e-3, 1.0, 5.0, 30.0, 80.0, 200.0, 1e4, 1e6, 1e20];
    let score = select([sizes, sizes.map(|x| -x)].concat());
    let length = select(vec![1.0, 1.0, 1e-6, 1e6]);
    let dim = prop_oneof![24 => draw::lengths(1..=64), 1 => Just(300)];
    let special = select(["", "", "", "", "", "", "zero", "twins", "self"].to_vec());
    (dim, length, list(draw::option(score), 1..=30), special, draw::any_u64()).prop_map(
        |(dim, length, scores, special, seed)| {
            let center = spread(dim, seed);
            let mut rows = spread_rows(scores.len(), dim, seed ^ 1);
            for (row, score) in rows.iter_mut().zip(scores) {
                let Some(score) = score else { continue };
                row.iter_mut().zip(&center).for_each(|(x, c)| *x = x.abs() * c.signum());
                let own: f32 = row.iter().zip(&center).map(|(x, c)| x * c).sum();
                row.iter_mut().for_each(|x| *x *= score / own);
            }
            rows.iter_mut().flatten().for_each(|x| *x /= length);
            if special == "twins" {
                rows = rows.iter().take(2).cycle().take(rows.len()).cloned().collect();
            }
            let length = if special == "zero" { 0.0 } else { length };
            let center: Vec<f32> = center.iter().map(|x| x * length).collect();
            if special == "self" {
                rows[0] = center.clone();
            }
            rows.insert(0, center);
            rows
        },
    )
}

pub fn loss_like_reference(answers: &Answers) -> Outcome {
    differential(vectors(), |rows| {
        let [got, want] = [answers, &SOLUTION]
            .map(|of| (of.loss_and_gradients)(&rows[0], &rows[1], &refs(&rows[2..])));
        let loss = Tolerance { rtol: 3e-4, atol: 1e-36 };
        expect_close("the loss", &[], &[got.loss], &[want.loss], loss)?;
        let largest = |row: &[f32]| row.iter().fold(0.0_f64, |most, &x| most.max(x.abs().into()));
        // An error of a few roundings, times a vector.
        let slope = |of: f64| Tolerance { rtol: 1e-4, atol: 2e-6 * of };
        let all = rows[1..].iter().map(|row| largest(row)).sum();
        expect_close("∂L/∂v of the center", &[], &got.center, &want.center, slope(all))?;
        let own = slope(largest(&rows[0]));
        expect_close("∂L/∂u of the context", &[], &got.context, &want.context, own)?;
        expect_eq("how many ∂L/∂u_k", &[got.negatives.len()], &[want.negatives.len()])?;
        for (k, (got, want)) in got.negatives.iter().zip(&want.negatives).enumerate() {
            expect_close(&format!("∂L/∂u_{k}"), &[], got, want, own)?;
        }
        Ok(())
    })
}

/// Tables of different heights, now and then of `tall` rows.
fn models(tall: usize) -> impl Strategy<Value = Model> {
    let rows = || prop_oneof![60 => 1..=9_usize, 1 => Just(tall)];
    (rows(), rows(), 1..=8_usize, draw::any_u64()).prop_map(|(inputs, outputs, dim, seed)| {
        let table = |rows, seed| {
            let few = spread_rows(97, dim, seed);
            table_of(&few.into_iter().cycle().take(rows).collect::<Vec<_>>())
        };
        Model { input: table(inputs, seed), output: table(outputs, seed ^ 1) }
    })
}

/// A table of rows of one length.
fn table_of(rows: &[Vec<f32>]) -> Vectors {
    Vectors::from_rows(rows).unwrap_or_else(|_| Vectors::zeros(0, 0))
}

/// The row at so many eighths of a table, of a very long one among the last nine; from 9 on none.
fn row_at(place: u32, table: &Vectors) -> u32 {
    let last = (table.rows() as u32).saturating_sub(1);
    match place {
        11 => u32::MAX,
        9.. => last + place - 8,
        _ if last > 100 => last - 8 + place,
        _ => place * last / 8,
    }
}

/// Which of several places is to be unknown, if any.
fn unknown() -> impl Strategy<Value = Option<(usize, u32)>> {
    prop_oneof![3 => Just(None), 1 => (0..9_usize, 9..=11_u32).prop_map(Some)]
}

/// Some places, one of them unknown.
fn with(unknown: Option<(usize, u32)>, places: &[u32]) -> Vec<u32> {
    let mut places = places.to_vec();
    if let Some((slot, place)) = unknown {
        let slot = slot % places.len();
        places[slot] = place;
    }
    places
}

/// Compares two tables: the rows of these ids closely, the others exactly.
fn expect_rows(
    what: &str,
    got: &Vectors,
    want: &Vectors,
    moved: &[u32],
    close: Tolerance,
) -> Outcome {
    for id in 0..want.rows() as u32 {
        let (got, want, is_moved) = (got.row(id)?, want.row(id)?, moved.contains(&id));
        if is_moved || got != want {
            let exact = Tolerance { rtol: 0.0, atol: 0.0 };
            let close = if is_moved { close } else { exact };
            expect_close(&format!("{what} row {id}"), &[], got, want, close)?;
        }
    }
    Ok(())
}

pub fn step_like_reference(answers: &Answers) -> Outcome {
    let rate = select(vec![0.35, 0.01, 1.0, 0.0]);
    let mut broken = oracle::model(3, 2, 1)?;
    broken.input.row_mut(1)?[0] = f32::NAN;
    let loss = (answers.train_step)(&mut broken, 1, 0, &[2], 0.1)?;
    expect(loss.is_nan(), || format!("the loss of a center that holds NaN is NaN, got {loss}"))?;
    // Steps as long as those that others would cut.
    let scale = select(vec![1.0_f32, 1.0, 1.0, 10.0]);
    let inputs = (models(80_000), scale, list(0..=8_u32, 2..=9), rate, unknown());
    differential(inputs, |&(ref model, scale, ref places, rate, unknown)| {
        let mut model = model.clone();
        for id in 0..model.input.rows() as u32 {
            model.input.row_mut(id)?.iter_mut().for_each(|x| *x *= scale);
        }
        let places = with(unknown, places);
        let center = row_at(places[0], &model.input);
        let contexts: Vec<u32> = places[1..].iter().map(|&at| row_at(at, &model.output)).collect();
        let what = format!("the step of ({center}, {}), {:?}", contexts[0], &contexts[1..]);
        let (mut got, mut want) = (model.clone(), model.clone());
        let step = |of: &Answers, model: &mut Model| {
            (of.train_step)(model, center, contexts[0], &contexts[1..], rate)
        };
        let (loss, right) = (step(answers, &mut got), step(&SOLUTION, &mut want));
        let (input, output) =
            if right.is_ok() { (&[center][..], &contexts[..]) } else { (&[][..], &[][..]) };
        agree(&what, loss, right, |&loss, &right| {
            let close = Tolerance { rtol: 1e-4, atol: f64::from(1e-6 * scale * scale) };
            expect_close(&format!("the loss before {what}"), &[], &[loss], &[right], close)
        })?;
        let close = Tolerance { rtol: 1e-4, atol: f64::from(5e-6 * scale * scale) };
        expect_rows(&format!("after {what}: input"), &got.input, &want.input, input, close)?;
        expect_rows(&format!("after {what}: output"), &got.output, &want.output, output, close)
    })
}

pub fn training_like_reference(answers: &Answers) -> Outcome {
    // At rate 0 all losses are those of the start, and a long sum shows how it is added up.
    let rate = prop_oneof![18 => select(vec![0.1_f32, 0.02]), 1 => Just(0.0_f32)];
    let total = prop_oneof![1 => Just(0_usize), 4 => draw::lengths(0..=100)];
    let schedule = (rate, draw::lengths(0..=50), total, 0..=4_usize).prop_map(
        |(rate, done, total, negatives)| {
            // Where the rate is at its lowest, it still moves.
            let start_rate = if done >= total.max(1) { 1e3 * rate } else { rate };
            Schedule { start_rate, done, total, negatives }
        },
    );
    let places = (list((0..=8_u32, 0..=8_u32), 0..=40), unknown());
    let inputs = (models(9), places, weights(9), schedule, draw::any_u64());
    Differential::cases(400).run(inputs, |(model, (places, unknown), weights, schedule, seed)| {
        let ids = |(i, &(center, context)): (usize, &(u32, u32))| {
            let places = with(unknown.filter(|_| i + 1 == places.len()), &[center, context]);
            (row_at(places[0], &model.input), row_at(places[1], &model.output))
        };
        let pairs = places.iter().enumerate().map(ids).collect::<Vec<_>>();
        let len = if schedule.start_rate == 0.0 { 40_000 } else { pairs.len() };
        let pairs: Vec<(u32, u32)> = pairs.into_iter().cycle().take(len).collect();
        // Every word of the noise has a row.
        let known = &weights[..weights.len().min(model.output.rows())];
        let Ok(noise) = Noise::new(known) else { return Ok(()) };
        let (mut got, mut want) = (model.clone(), model.clone());
        let train = |of: &Answers, model: &mut Model| {
            let mut rng = seeded(*seed);
            let loss = (of.train)(model, &pairs, &noise, schedule, &mut rng)?;
            Ok::<_, EmbeddingError>((loss, rng.next_u64()))
        };
        let (loss, right) = (train(answers, &mut got), train(&SOLUTION, &mut want));
        let close = match schedule.start_rate {
            0.0 => Tolerance { rtol: 2e-5, atol: 1e-6 },
            _ => Tolerance { rtol: 1e-3, atol: 1e-4 },
        };
        agree("training", loss, right, |got_end, want_end| {
            expect_close("the mean loss", &[], &[got_end.0], &[want_end.0], close)?;
            expect_same("what the generator yields next", &got_end.1, &want_end.1)?;
            let all: Vec<u32> = (0..9).collect();
            expect_rows("after training: input", &got.input, &want.input, &all, close)?;
            expect_rows("after training: output", &got.output, &want.output, &all, close)
        })
    })
}

pub fn cosine_like_reference(answers: &Answers) -> Outcome {
    let small = || select(vec![1.0_f32, 0.0, -0.0, -1.0, 2.0, 3.0]);
    let dim = prop_oneof![19 => draw::lengths(1..=1500), 1 => draw::lengths(4000..=5000)];
    let long = (dim, draw::any_u64()).prop_map(|(dim, seed)| {
        spread(dim, seed).into_iter().zip(spread(dim, seed ^ 1)).collect::<Vec<_>>()
    });
    let vectors = prop_oneof![
        list((small(), small()), 1..=9),
        long,
        list((small(), Just(0.0)), 1..=9),
        list(small(), 1..=9).prop_map(|a| a.iter().map(|&x| (x, -x)).collect()),
    ];
    differential((vectors, -14..=13_i32, -14..=13_i32), |(numbers, x, y)| {
        let (a, b): (Vec<f32>, Vec<f32>) =
            numbers.iter().map(|(a, b)| (a * 10_f32.powi(*x), b * 10_f32.powi(*y))).unzip();
        for (a, b) in [(&a, &b), (&b, &a), (&a, &a)] {
            let [got, want] = [answers, &SOLUTION].map(|of| (of.cosine)(a, b));
            let close = Tolerance { rtol: 0.0, atol: 1e-5 };
            expect_close(&format!("the cosine of {a:?} and {b:?}"), &[], &[got], &[want], close)?;
        }
        Ok(())
    })
}

/// A table of few directions, each at lengths that are powers of two apart, so that equals are
/// equal in any arithmetic; the last two are along the first axis, and nowhere. Now and then so many
/// zeros come first that 16 bits do not count the rest.
fn table(least: usize) -> impl Strategy<Value = (Vectors, u64)> {
    let zeros = select([vec![0; 60], vec![66_000]].concat());
    let rows = list((0..7_usize, -45..=45), least..=50);
    (3..=9_usize, draw::any_u64(), rows, zeros).prop_map(|(dim, seed, rows, zeros)| {
        let mut ways = spread_rows(7, dim, seed);
        ways[5].fill(0.0);
        ways[5][0] = 1.0;
        ways[6].fill(0.0);
        let rows = [vec![(6, 0); zeros], rows].concat();
        let rows = rows
            .iter()
            .map(|&(way, power)| ways[way].iter().map(|x| x * 2_f32.powi(power)).collect())
            .collect::<Vec<_>>();
        (table_of(&rows), seed)
    })
}

/// Not so many that to reserve memory for them would end the process.
fn how_many() -> impl Strategy<Value = usize> {
    prop_oneof![draw::lengths(0..=9), draw::lengths(0..=80_000), Just(usize::MAX)]
}

/// Compares words and cosines, unless rounding decides the order of two of `all`: those of different
/// directions that are about as close.
fn expect_same_found(what: &str, table: &Vectors, [got, want, all]: [Found; 3]) -> Outcome {
    for pair in all.iter().flat_map(|all| all.windows(2)) {
        let ((a, x), (b, y)) = (pair[0], pair[1]);
        let same_way =
            x == y && (x == 0.0 || (SOLUTION.cosine)(table.row(a)?, table.row(b)?) > 0.999);
        if x - y < 1e-5 && !same_way {
            return Ok(());
        }
    }
    agree(what, got, want, |got, want| {
        let (ids, cosines): (Vec<u32>, Vec<f64>) =
            want.iter().map(|&(id, cosine)| (id, f64::from(cosine))).unzip();
        expect_found(what, got, &ids, &cosines)
    })
}

pub fn nearest_like_reference(answers: &Answers) -> Outcome {
    let kind = select(vec!["any", "any", "a row", "across the axis", "zero", "short", "long"]);
    let exclude = list(0..=11_u32, 0..=6);
    let broken = prop_oneof![7 => Just(None), 1 => (0..=8_u32).prop_map(Some)];
    let inputs = (table(0), kind, how_many(), exclude, broken);
    differential(inputs, |((table, seed), kind, k, exclude, broken)| {
        let exclude: Vec<u32> = exclude.iter().map(|&place| row_at(place, table)).collect();
        let mut query = spread(table.dim(), seed ^ 1);
        match *kind {
            "a row" if table.rows() > 0 => query = table.row(row_at(3, table))?.to_vec(),
            // All products with the axis are −0.
            "across the axis" if table.rows() > 0 => {
                query.iter_mut().for_each(|x| *x = -x.abs());
                query[0] = -0.0;
            }
            "zero" => query.fill(0.0),
            "short" => query.truncate(table.dim().saturating_sub(1)),
            "long" => query.push(1.0),
            _ => {}
        }
        let find = |of: &Answers, k| (of.nearest)(table, &query, k, &exclude);
        if let Some(place) = broken.filter(|_| table.rows() > 0) {
            return nearest_beside_nan(answers, table, place, &query, &exclude);
        }
        let found = [find(answers, *k), find(&SOLUTION, *k), find(&SOLUTION, usize::MAX)];
        expect_same_found(&format!("the nearest {k}, without {exclude:?}"), table, found)
    })
}

/// A row that training has broken must not bring the others out of order.
fn nearest_beside_nan(
    answers: &Answers,
    table: &Vectors,
    place: u32,
    query: &[f32],
    exclude: &[u32],
) -> Outcome {
    let mut table = table.clone();
    table.row_mut(row_at(place, &table))?.fill(f32::NAN);
    let what = format!("the nearest, without {exclude:?}, where row {place} is NaN");
    let mut broken = [0, 0];
    let [got, want] = [(answers, 0), (&SOLUTION, 1)].map(|(of, i)| {
        let (nan, others): (Vec<_>, Vec<_>) = (of.nearest)(&table, query, usize::MAX, exclude)?
            .into_iter()
            .partition(|(_, cosine)| cosine.is_nan());
        broken[i] = nan.len();
        Ok(others)
    });
    expect_same(&format!("{what}: how many cosines are NaN"), &broken[0], &broken[1])?;
    expect_same_found(&what, &table, [got, want.clone(), want])
}

pub fn analogy_like_reference(answers: &Answers) -> Outcome {
    let words = (0..=8_u32, 0..=8_u32, 0..=8_u32);
    differential((table(1), words, how_many(), unknown()), |((table, _), words, k, unknown)| {
        let places = with(*unknown, &<[u32; 3]>::from(*words));
        let abc = [0, 1, 2].map(|i| row_at(places[i], table));
        if let [Ok(a), Ok(b), Ok(c)] = abc.map(|id| table.row(id)) {
            let cos = SOLUTION.cosine;
            let square =
                cos(a, a) + cos(b, b) + cos(c, c) - 2.0 * (cos(a, b) + cos(a, c) - cos(b, c));
            // Of a query that nearly cancels, only rounding is left.
            if square != 0.0 && square < 0.1 {
                return Ok(());
            }
        }
        let answer = |of: &Answers, k| (of.analogy)(table, abc, k);
        let found = [answer(answers, *k), answer(&SOLUTION, *k), answer(&SOLUTION, usize::MAX)];
        expect_same_found(&format!("the {k} best answers to {abc:?}"), table, found)
    })
}
