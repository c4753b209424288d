#![allow(warnings)]
use embeddings::*;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use std::cell::RefCell;

mod other {
    use super::*;
    pub fn pairs(tokens: &[u32], window: usize) -> Vec<(u32, u32)> {
        let n = tokens.len();
        (0..n).flat_map(|i| {
            let left = (i.max(window) - window..i);
            let right = i + 1..(i + 1 + window.min(n)).min(n);
            left.chain(right).map(move |j| (tokens[i], tokens[j]))
        }).collect()
    }
    pub fn noise_distribution(counts: &[u64]) -> Result<Vec<f64>, EmbeddingError> {
        let w: Vec<f64> = counts.iter().map(|&c| { let r = (c as f64).sqrt(); r * r.sqrt() }).collect();
        let total: f64 = w.iter().rev().sum();
        if !(total > 0.0) { return Err(EmbeddingError::NothingToDraw); }
        Ok(w.iter().map(|x| x * (1.0 / total)).collect())
    }
    pub fn draw_negatives(noise: &Noise, context: u32, n: usize, rng: &mut dyn Rng) -> Result<Vec<u32>, EmbeddingError> {
        if !noise.has_other_than(context) { return Err(EmbeddingError::NothingToDraw); }
        Ok((0..n).map(|_| loop { let id = noise.draw(rng); if id != context { break id } }).collect())
    }
    fn d(a: &[f32], b: &[f32]) -> f64 { a.iter().zip(b).rev().map(|(&a, &b)| a as f64 * b as f64).sum() }
    pub fn loss_and_gradients(center: &[f32], context: &[f32], negatives: &[&[f32]]) -> Gradients {
        let softplus = |x: f64| if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() };
        let sig = |x: f64| 1.0 / (1.0 + (-x).exp());
        let s = d(context, center);
        let e = -sig(-s);
        let mut loss = softplus(-s);
        let mut c: Vec<f64> = context.iter().map(|&x| e * x as f64).collect();
        let mut ns = vec![];
        for n in negatives {
            let s = d(n, center); let e = sig(s);
            loss += softplus(s);
            for (c, &x) in c.iter_mut().zip(*n) { *c += e * x as f64; }
            ns.push(center.iter().map(|&x| (e * x as f64) as f32).collect());
        }
        Gradients { loss: loss as f32, center: c.iter().map(|&x| x as f32).collect(),
            context: center.iter().map(|&x| (e * x as f64) as f32).collect(), negatives: ns }
    }
    pub fn train_step(m: &mut Model, center: u32, context: u32, negatives: &[u32], rate: f32) -> Result<f32, EmbeddingError> {
        let v = m.input.row(center)?.to_vec();
        let u = m.output.row(context)?.to_vec();
        let ns: Vec<Vec<f32>> = negatives.iter().map(|&n| m.output.row(n).map(|r| r.to_vec())).collect::<Result<_, _>>()?;
        let g = loss_and_gradients(&v, &u, &ns.iter().map(|n| &n[..]).collect::<Vec<_>>());
        for (&id, g) in negatives.iter().zip(&g.negatives).rev() {
            for (x, g) in m.output.row_mut(id)?.iter_mut().zip(g) { *x -= rate * g; }
        }
        for (x, g) in m.output.row_mut(context)?.iter_mut().zip(&g.context) { *x -= rate * g; }
        for (x, g) in m.input.row_mut(center)?.iter_mut().zip(&g.center) { *x -= rate * g; }
        Ok(g.loss)
    }
    pub fn train(m: &mut Model, pairs: &[(u32, u32)], noise: &Noise, s: &Schedule, rng: &mut dyn Rng) -> Result<f32, EmbeddingError> {
        if pairs.is_empty() { return Ok(0.0); }
        let mut mean = 0.0_f64;
        for (i, &(a, b)) in pairs.iter().enumerate() {
            let n = draw_negatives(noise, b, s.negatives, rng)?;
            mean += train_step(m, a, b, &n, s.rate(i))? as f64 / pairs.len() as f64;
        }
        Ok(mean as f32)
    }
    pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
        let l = (d(a, a) * d(b, b)).sqrt();
        if l == 0.0 { 0.0 } else { (d(a, b) / l) as f32 }
    }
    pub fn nearest(v: &Vectors, query: &[f32], k: usize, exclude: &[u32]) -> Result<Vec<(u32, f32)>, EmbeddingError> {
        if query.len() != v.dim() { return Err(EmbeddingError::Lengths(query.len(), v.dim())); }
        let mut all = vec![];
        for id in 0..v.rows() as u32 { if !exclude.contains(&id) { all.push((id, cosine(query, v.row(id)?))); } }
        all.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap().then(a.0.cmp(&b.0)));
        Ok(all.into_iter().take(k).collect())
    }
    pub fn analogy(v: &Vectors, abc: [u32; 3], k: usize) -> Result<Vec<(u32, f32)>, EmbeddingError> {
        let mut q = vec![0.0_f64; v.dim()];
        for (&id, s) in abc.iter().zip([-1.0, 1.0, 1.0]).rev() {
            let r = v.row(id)?; let l = d(r, r).sqrt();
            if l != 0.0 { for (q, &x) in q.iter_mut().zip(r) { *q += s * x as f64 / l; } }
        }
        let q: Vec<f32> = q.iter().map(|&x| x as f32).collect();
        nearest(v, &q, k, &abc)
    }
}
embeddings::as_tests!(embeddings::LESSON, embeddings::answers!(embeddings, other));

const S: Answers = SOLUTION;
fn rejected(answers: Answers) -> Vec<&'static str> {
    LESSON.checks.iter().map(|c| c.info.name).filter(|name| {
        std::panic::catch_unwind(|| grading::judge::mutant(&LESSON, name, answers)).is_ok()
    }).collect()
}
thread_local! { static STATE: RefCell<Vec<u32>> = RefCell::new(vec![]); }
use std::sync::atomic::{AtomicUsize, Ordering as O};
static CALLS: AtomicUsize = AtomicUsize::new(0);
fn planted() -> Vec<(&'static str, Answers)> { vec![
    ("pairs window u8", Answers { pairs: |t, w| (S.pairs)(t, w.min(255)), ..S }),
    ("pairs window min 64", Answers { pairs: |t, w| (S.pairs)(t, w.min(64)), ..S }),
    ("pairs ids u16", Answers { pairs: |t, w| (S.pairs)(&t.iter().map(|&x| x as u16 as u32).collect::<Vec<_>>(), w), ..S }),
    ("pairs ids 24 bit", Answers { pairs: |t, w| (S.pairs)(&t.iter().map(|&x| x as f32 as u32).collect::<Vec<_>>(), w), ..S }),
    ("pairs 65536 tokens", Answers { pairs: |t, w| (S.pairs)(&t[..t.len().min(65_536)], w), ..S }),
    ("noise f32", Answers { noise_distribution: |c| { let w: Vec<f32> = c.iter().map(|&n| (n as f32).powf(0.75)).collect(); let s: f32 = w.iter().sum(); if s == 0.0 { return Err(EmbeddingError::NothingToDraw) } Ok(w.iter().map(|w| (w / s) as f64).collect()) }, ..S }),
    ("noise u32", Answers { noise_distribution: |c| (S.noise_distribution)(&c.iter().map(|&n| n as u32 as u64).collect::<Vec<_>>()), ..S }),
    ("noise via wrapping total", Answers { noise_distribution: |c| { let t = c.iter().fold(0_u64, |a, &b| a.wrapping_add(b)); if t == 0 { return Err(EmbeddingError::NothingToDraw) } (S.noise_distribution)(c) }, ..S }),
    ("noise wrong error", Answers { noise_distribution: |c| (S.noise_distribution)(c).map_err(|_| EmbeddingError::Probability(0.0)), ..S }),
    ("noise empty ok", Answers { noise_distribution: |c| if c.is_empty() { Ok(vec![]) } else { (S.noise_distribution)(c) }, ..S }),
    ("neg n0 lonely ok", Answers { draw_negatives: |x, c, n, r| if n == 0 { Ok(vec![]) } else { (S.draw_negatives)(x, c, n, r) }, ..S }),
    ("neg own rng", Answers { draw_negatives: |x, c, n, r| (S.draw_negatives)(x, c, n, &mut StdRng::seed_from_u64(CALLS.fetch_add(1, O::Relaxed) as u64)), ..S }),
    ("neg one number more", Answers { draw_negatives: |x, c, n, r| { let d = (S.draw_negatives)(x, c, n, r)?; r.next_u64(); Ok(d) }, ..S }),
    ("neg sorted", Answers { draw_negatives: |x, c, n, r| { let mut d = (S.draw_negatives)(x, c, n, r)?; d.sort(); Ok(d) }, ..S }),
    ("neg gives up after 100", Answers { draw_negatives: |x, c, n, r| { if !x.has_other_than(c) { return Err(EmbeddingError::NothingToDraw) } let mut v = vec![]; for _ in 0..n { let mut id = x.draw(r); for _ in 0..100 { if id != c { break } id = x.draw(r); } v.push(id) } Ok(v) }, ..S }),
    ("neg u16 context", Answers { draw_negatives: |x, c, n, r| (S.draw_negatives)(x, c as u16 as u32, n, r), ..S }),
    ("neg at most 256", Answers { draw_negatives: |x, c, n, r| (S.draw_negatives)(x, c, n.min(256), r), ..S }),
    ("neg same as last call", Answers { draw_negatives: |x, c, n, r| STATE.with(|s| { let d = (S.draw_negatives)(x, c, n, r)?; let mut s = s.borrow_mut(); let old = std::mem::replace(&mut *s, d.clone()); Ok(if old.len() == d.len() && n == 1 && old[0] != c { old } else { d }) }), ..S }),
    ("loss ln(1+e)", Answers { loss_and_gradients: |v, u, n| { let g = (S.loss_and_gradients)(v, u, n); let f = |x: f32| if x > -80.0 { (1.0 + (-x).exp()).ln() } else { -x }; Gradients { loss: f(dot(u, v)) + n.iter().map(|n| f(-dot(n, v))).sum::<f32>(), ..g } }, ..S }),
    ("grad word2vec max_exp 6", Answers { loss_and_gradients: |v, u, n| { let mut g = (S.loss_and_gradients)(v, u, n); if dot(u, v) < -6.0 { g.context.fill(0.0) } g }, ..S }),
    ("grad max_exp 35", Answers { loss_and_gradients: |v, u, n| { let mut g = (S.loss_and_gradients)(v, u, n); for (g, n) in g.negatives.iter_mut().zip(n) { if dot(n, v) > 35.0 { g.fill(0.0) } } g }, ..S }),
    ("grad 16 negatives", Answers { loss_and_gradients: |v, u, n| { let all = (S.loss_and_gradients)(v, u, n); let few = (S.loss_and_gradients)(v, u, &n[..n.len().min(16)]); Gradients { center: few.center, ..all } }, ..S }),
    ("grad 32 dims", Answers { loss_and_gradients: |v, u, n| { let mut g = (S.loss_and_gradients)(v, u, n); g.center.iter_mut().skip(32).for_each(|x| *x = 0.0); g }, ..S }),
    ("grad normalized center", Answers { loss_and_gradients: |v, u, n| { let mut g = (S.loss_and_gradients)(v, u, n); let l = dot(&g.center, &g.center).sqrt(); if l > 1e3 { g.center.iter_mut().for_each(|x| *x *= 1e3 / l) } g }, ..S }),
    ("step rows of other table", Answers { train_step: |m, v, u, n, r| (S.train_step)(m, v, u, n, r).map_err(|e| match e { EmbeddingError::NoSuchRow { id, .. } => EmbeddingError::NoSuchRow { id, rows: m.input.rows() }, e => e }), ..S }),
    ("step moves before error", Answers { train_step: |m, v, u, n, r| match (S.train_step)(m, v, u, n, r) { Ok(x) => Ok(x), Err(e) => { if v < m.input.rows() as u32 && u < m.output.rows() as u32 { let _ = (S.train_step)(m, v, u, &[], r); } Err(e) } }, ..S }),
    ("step skips negative = context", Answers { train_step: |m, v, u, n, r| { let n: Vec<u32> = n.iter().copied().filter(|&x| x != u).collect(); (S.train_step)(m, v, u, &n, r) }, ..S }),
    ("step u16", Answers { train_step: |m, v, u, n, r| (S.train_step)(m, if (v as usize) < m.input.rows() { v as u16 as u32 } else { v }, u, n, r), ..S }),
    ("step u16 negatives", Answers { train_step: |m, v, u, n, r| { let k: Vec<u32> = n.iter().map(|&x| if (x as usize) < m.output.rows() { x as u16 as u32 } else { x }).collect(); (S.train_step)(m, v, u, &k, r) }, ..S }),
    ("step decays all rows", Answers { train_step: |m, v, u, n, r| { let l = (S.train_step)(m, v, u, n, r)?; for id in 0..m.output.rows().min(50) as u32 { m.output.row_mut(id)?.iter_mut().for_each(|x| *x *= 1.0 - 1e-6) } Ok(l) }, ..S }),
    ("step 5 negatives only", Answers { train_step: |m, v, u, n, r| { (S.train_step)(m, v, u, n, r)?; Ok(0.0) }, ..S }),
    ("train f32 sum", Answers { train: |m, p, n, s, r| { let mut sum = 0.0_f32; for (i, &(a, b)) in p.iter().enumerate() { let k = (S.draw_negatives)(n, b, s.negatives, r)?; sum += (S.train_step)(m, a, b, &k, s.rate(i))?; } Ok(sum / p.len().max(1) as f32) }, ..S }),
    ("train rate done+1", Answers { train: |m, p, n, s, r| (S.train)(m, p, n, &Schedule { done: s.done + 1, ..*s }, r), ..S }),
    ("train no floor", Answers { train: |m, p, n, s, r| { let mut sum = 0.0; for (i, &(a, b)) in p.iter().enumerate() { let k = (S.draw_negatives)(n, b, s.negatives, r)?; let left = 1.0 - (s.done + i) as f32 / s.total.max(1) as f32; sum += (S.train_step)(m, a, b, &k, s.start_rate * left.max(0.0))? as f64; } Ok((sum / p.len().max(1) as f64) as f32) }, ..S }),
    ("train shuffles", Answers { train: |m, p, n, s, r| { let mut p = p.to_vec(); p.reverse(); (S.train)(m, &p, n, s, r) }, ..S }),
    ("train 0 negatives = 1", Answers { train: |m, p, n, s, r| (S.train)(m, p, n, &Schedule { negatives: s.negatives.max(1), ..*s }, r), ..S }),
    ("train draws for the center", Answers { train: |m, p, n, s, r| { let mut sum = 0.0; for (i, &(a, b)) in p.iter().enumerate() { let k = (S.draw_negatives)(n, a, s.negatives, r)?; sum += (S.train_step)(m, a, b, &k, s.rate(i))? as f64; } Ok((sum / p.len().max(1) as f64) as f32) }, ..S }),
    ("train swallows errors", Answers { train: |m, p, n, s, r| { let mut sum = 0.0; for (i, &(a, b)) in p.iter().enumerate() { let k = (S.draw_negatives)(n, b, s.negatives, r)?; sum += (S.train_step)(m, a, b, &k, s.rate(i)).unwrap_or(0.0) as f64; } Ok((sum / p.len().max(1) as f64) as f32) }, ..S }),
    ("train checks ids first", Answers { train: |m, p, n, s, r| { for &(a, b) in p { m.input.row(a)?; } (S.train)(m, p, n, s, r) }, ..S }),
    ("cosine one root", Answers { cosine: |a, b| { let l = (dot(a, a) * dot(b, b)).sqrt(); if l > 0.0 { dot(a, b) / l } else { 0.0 } }, ..S }),
    ("cosine eps 1e-8", Answers { cosine: |a, b| { let l = dot(a, a).sqrt() * dot(b, b).sqrt(); if l > 1e-8 { dot(a, b) / l } else { 0.0 } }, ..S }),
    ("cosine + eps", Answers { cosine: |a, b| dot(a, b) / (dot(a, a).sqrt() * dot(b, b).sqrt() + 1e-12), ..S }),
    ("cosine 1024 dims", Answers { cosine: |a, b| (S.cosine)(&a[..a.len().min(1024)], &b[..b.len().min(1024)]), ..S }),
    ("cosine max(0)", Answers { cosine: |a, b| (S.cosine)(a, b).max(-0.99), ..S }),
    ("nearest unstable", Answers { nearest: |v, q, k, e| { let mut f = (S.nearest)(v, q, usize::MAX, e)?; f.sort_by_key(|x| x.0); f.sort_unstable_by(|a, b| b.1.total_cmp(&a.1)); f.truncate(k); Ok(f) }, ..S }),
    ("nearest last of ties", Answers { nearest: |v, q, k, e| { let mut f = (S.nearest)(v, q, usize::MAX, e)?; f.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0))); f.truncate(k); Ok(f) }, ..S }),
    ("nearest u16", Answers { nearest: |v, q, k, e| Ok((S.nearest)(v, q, k, e)?.into_iter().map(|(i, c)| (i as u16 as u32, c)).collect()), ..S }),
    ("nearest own dot −0", Answers { nearest: |v, q, k, e| { if q.len() != v.dim() { return Err(EmbeddingError::Lengths(q.len(), v.dim())); } let mut f = vec![]; for id in (0..v.rows() as u32).filter(|i| !e.contains(i)) { let r = v.row(id)?; let l = dot(r, r).sqrt() * dot(q, q).sqrt(); let d: f32 = r.iter().zip(q).map(|(a, b)| a * b).sum(); f.push((id, if l > 0.0 { d / l } else { 0.0 })); } f.sort_by(|a, b| b.1.total_cmp(&a.1)); f.truncate(k); Ok(f) }, ..S }),
    ("nearest k 0 = 1", Answers { nearest: |v, q, k, e| (S.nearest)(v, q, k.max(1), e), ..S }),
    ("nearest capacity k", Answers { nearest: |v, q, k, e| { let mut f = Vec::with_capacity(k); f.extend((S.nearest)(v, q, k, e)?); Ok(f) }, ..S }),
    ("nearest lengths swapped", Answers { nearest: |v, q, k, e| (S.nearest)(v, q, k, e).map_err(|e| match e { EmbeddingError::Lengths(a, b) => EmbeddingError::Lengths(b, a), e => e }), ..S }),
    ("nearest k0 no error", Answers { nearest: |v, q, k, e| if k == 0 { Ok(vec![]) } else { (S.nearest)(v, q, k, e) }, ..S }),
    ("nearest skips zero rows", Answers { nearest: |v, q, k, e| { let mut f = (S.nearest)(v, q, usize::MAX, e)?; f.retain(|x| v.row(x.0).unwrap().iter().any(|&x| x != 0.0)); f.truncate(k); Ok(f) }, ..S }),
    ("nearest excludes one", Answers { nearest: |v, q, k, e| (S.nearest)(v, q, k, &e[..e.len().min(1)]), ..S }),
    ("nearest unknown exclude", Answers { nearest: |v, q, k, e| { for &x in e { v.row(x)?; } (S.nearest)(v, q, k, e) }, ..S }),
    ("nearest zero query empty", Answers { nearest: |v, q, k, e| if q.len() == v.dim() && q.iter().all(|&x| x == 0.0) { Ok(vec![]) } else { (S.nearest)(v, q, k, e) }, ..S }),
    ("nearest only positive", Answers { nearest: |v, q, k, e| { let mut f = (S.nearest)(v, q, k, e)?; f.retain(|x| x.1 > -0.9); Ok(f) }, ..S }),
    ("analogy max(1e-9)", Answers { analogy: |v, abc, k| { let mut q = vec![0.0_f32; v.dim()]; for (id, s) in abc.into_iter().zip([-1.0, 1.0, 1.0]) { let r = v.row(id)?; let l = dot(r, r).sqrt().max(1e-9); q.iter_mut().zip(r).for_each(|(q, x)| *q += s * x / l); } (S.nearest)(v, &q, k, &abc) }, ..S }),
    ("analogy wrong rows", Answers { analogy: |v, abc, k| (S.analogy)(v, abc, k).map_err(|e| match e { EmbeddingError::NoSuchRow { id, .. } => EmbeddingError::NoSuchRow { id, rows: v.dim() }, e => e }), ..S }),
    ("analogy k0 no error", Answers { analogy: |v, abc, k| if k == 0 { Ok(vec![]) } else { (S.analogy)(v, abc, k) }, ..S }),
    ("analogy keeps a", Answers { analogy: |v, [a, b, c], k| { let f = (S.analogy)(v, [a, b, c], k)?; if a == b { return (S.nearest)(v, v.row(c)?, k, &[c]); } Ok(f) }, ..S }),
    ("analogy zero is nan", Answers { analogy: |v, abc, k| { let mut q = vec![0.0_f32; v.dim()]; for (id, s) in abc.into_iter().zip([-1.0, 1.0, 1.0]) { let r = v.row(id)?; let l = dot(r, r).sqrt(); q.iter_mut().zip(r).for_each(|(q, x)| *q += s * x / l); } (S.nearest)(v, &q, k, &abc) }, ..S }),
    ("analogy query normalized twice / returns dot", Answers { analogy: |v, abc, k| Ok((S.analogy)(v, abc, k)?.into_iter().map(|(i, c)| (i, c.clamp(-0.95, 0.95))).collect()), ..S }),
] }
#[test]
fn zz_planted() {
    std::panic::set_hook(Box::new(|_| {}));
    let runs: usize = std::env::var("RUNS").ok().and_then(|x| x.parse().ok()).unwrap_or(1);
    for (name, answers) in planted() {
        for _ in 0..runs {
            let by = rejected(answers);
            println!("{} {name}: {by:?}", if by.is_empty() { "SURVIVES" } else { "dead" });
        }
    }
}
