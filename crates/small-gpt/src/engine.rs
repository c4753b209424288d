//! Gradients of many texts, on many threads.

use crate::{Full, Model, Pass, Portable, Products, Summed, Team, Tuning};

/// Makes what a thread multiplies with.
pub type MakeProducts = fn() -> Box<dyn Products + Send>;

/// Who computes losses and gradients. Texts are shared out in portions; how many threads there are
/// changes no bit of what comes out.
pub struct Engine {
    threads: Vec<Thread>,
    portion: usize,
    /// The gradient of each portion.
    gradients: Vec<Vec<f32>>,
    team: Option<Box<dyn Team>>,
}

struct Thread {
    pass: Pass,
    products: Box<dyn Products + Send>,
}

/// Texts of the same length, one behind the other.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// Their tokens.
    pub ids: &'a [u32],
    /// For each token the one that follows it; below 0 where nothing is to be guessed.
    pub labels: &'a [i64],
    /// Tokens of a text.
    pub seq: usize,
}

impl Default for Engine {
    /// One thread, one text at a time, the same bits on every machine.
    fn default() -> Self {
        Self::new(1, 1, || Box::<Portable>::default())
    }
}

impl Engine {
    /// For portions of so many texts, on so many threads, each at least 1. In a page there is one
    /// thread.
    pub fn new(portion: usize, threads: usize, products: MakeProducts) -> Self {
        let threads = if cfg!(target_family = "wasm") { 1 } else { threads.max(1) };
        let thread = |_| Thread { pass: Pass::default(), products: products() };
        Self {
            threads: (0..threads).map(thread).collect(),
            portion: portion.max(1),
            gradients: Vec::new(),
            team: None,
        }
    }

    /// The same as one of several processes: [`Self::gradient`] computes with a share of the texts,
    /// and has the sums of all.
    #[must_use]
    pub fn in_team(self, team: Box<dyn Team>) -> Self {
        Self { team: Some(team), ..self }
    }

    /// Sums up the losses of texts, and adds to `gradient`, for each number of the model, the slope of
    /// `scale` times that sum.
    ///
    /// # Panics
    /// As [`Pass::forward`] and [`Pass::backward`].
    pub fn gradient(
        &mut self,
        model: &Model,
        texts: Texts<'_>,
        scale: f32,
        gradient: &mut [f32],
    ) -> Summed {
        self.gradient_tuned(model, &Full::of(model), texts, scale, gradient)
    }

    /// As [`Self::gradient`], for each number that learns with `tuning`.
    ///
    /// # Panics
    /// As [`Pass::forward_tuned`] and [`Pass::backward_tuned`].
    pub fn gradient_tuned(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        texts: Texts<'_>,
        scale: f32,
        gradient: &mut [f32],
    ) -> Summed {
        let Some(mut team) = self.team.take() else {
            return self.own_gradient(model, tuning, texts, scale, gradient);
        };
        let share = texts.share(team.rank(), team.size());
        let mut sum = vec![0.0; gradient.len()];
        let mut summed = self.own_gradient(model, tuning, share, scale, &mut sum);
        team.sum(&mut sum, &mut summed);
        crate::layers::add(gradient, &sum);
        self.team = Some(team);
        summed
    }

    fn own_gradient(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        texts: Texts<'_>,
        scale: f32,
        gradient: &mut [f32],
    ) -> Summed {
        let portions = texts.ids.len().div_ceil(self.portion * texts.seq);
        if self.gradients.len() < portions {
            self.gradients.resize_with(portions, Vec::new);
        }
        let gradients = &mut self.gradients[..portions];
        let mut summed = vec![Summed::default(); portions];
        let work = gradients.iter_mut().zip(&mut summed).collect();
        share(&mut self.threads, self.portion, texts, work, |thread, texts, (gradient, summed)| {
            gradient.clear();
            gradient.resize(tuning.len(), 0.0);
            let Thread { pass, products } = thread;
            let products = products.as_mut();
            pass.forward_tuned(model, tuning, texts.ids, texts.seq, products);
            *summed = pass.backward_tuned(model, tuning, texts.labels, scale, gradient, products);
        });
        for portion in gradients {
            crate::layers::add(gradient, portion);
        }
        summed.into_iter().fold(Summed::default(), |a, b| a + b)
    }

    /// Sums up the losses of texts.
    ///
    /// # Panics
    /// As [`Pass::forward`] and [`Pass::loss`].
    pub fn loss(&mut self, model: &Model, texts: Texts<'_>) -> Summed {
        self.loss_tuned(model, &Full::of(model), texts)
    }

    /// As [`Self::loss`], with what `tuning` adds to the model.
    ///
    /// # Panics
    /// As [`Pass::forward_tuned`] and [`Pass::loss`].
    pub fn loss_tuned(&mut self, model: &Model, tuning: &dyn Tuning, texts: Texts<'_>) -> Summed {
        let portions = texts.ids.len().div_ceil(self.portion * texts.seq);
        let mut summed = vec![Summed::default(); portions];
        let work = summed.iter_mut().collect();
        share(&mut self.threads, self.portion, texts, work, |thread, texts, summed| {
            let Thread { pass, products } = thread;
            pass.forward_tuned(model, tuning, texts.ids, texts.seq, products.as_mut());
            *summed = pass.loss(texts.labels);
        });
        summed.into_iter().fold(Summed::default(), |a, b| a + b)
    }

    /// The logits for the token that follows a text, by the first thread.
    ///
    /// # Panics
    /// As [`Pass::forward`], or if the text has no tokens.
    pub fn next_logits(&mut self, model: &Model, ids: &[u32]) -> &[f32] {
        let Thread { pass, products } = &mut self.threads[0];
        let logits = pass.forward(model, ids, ids.len(), products.as_mut());
        &logits[logits.len() - model.sizes.vocab_size..]
    }

    /// The way that [`Self::next_logits`] went: what it kept can be looked at.
    pub fn pass(&self) -> &Pass {
        &self.threads[0].pass
    }
}

/// Gives the portions of `texts`, each with a piece of `work`, to threads in turn.
fn share<W: Send>(
    threads: &mut [Thread],
    portion: usize,
    texts: Texts<'_>,
    work: Vec<W>,
    run: impl Fn(&mut Thread, Texts<'_>, W) + Sync,
) {
    let len = portion * texts.seq;
    let parts = texts.ids.chunks(len).zip(texts.labels.chunks(len));
    let parts = parts.map(|(ids, labels)| Texts { ids, labels, ..texts });
    // A page has one thread, and what starts others would only make it heavier.
    if cfg!(target_family = "wasm") {
        for (texts, work) in parts.zip(work) {
            run(&mut threads[0], texts, work);
        }
        return;
    }
    let hands = threads.len().min(work.len());
    let mut dealt: Vec<Vec<(Texts<'_>, W)>> = (0..hands).map(|_| Vec::new()).collect();
    for (i, part) in parts.zip(work).enumerate() {
        dealt[i % hands].push(part);
    }
    let run = |thread: &mut Thread, parts: Vec<(Texts<'_>, W)>| {
        for (texts, work) in parts {
            run(thread, texts, work);
        }
    };
    let mut hands = threads.iter_mut().zip(dealt);
    let Some((first, parts)) = hands.next() else { return };
    std::thread::scope(|scope| {
        for (thread, parts) in hands {
            let run = &run;
            scope.spawn(move || run(thread, parts));
        }
        run(first, parts);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sizes;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const SIZES: Sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 8, n_positions: 6, vocab_size: 11 };

    #[test]
    fn threads_change_no_bit_and_portions_only_the_last_ones() {
        let model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
        let ids: Vec<u32> = (0..42).map(|i| i * i % 11).collect();
        let labels: Vec<i64> = (0..42).map(|i| if i % 5 == 0 { -100 } else { i % 11 }).collect();
        let texts = Texts { ids: &ids, labels: &labels, seq: 6 };
        let run = |portion, threads| {
            let mut engine = Engine::new(portion, threads, || Box::<Portable>::default());
            let mut gradient = vec![0.0; model.parameters.len()];
            // Twice: what was computed before leaves no trace.
            engine.gradient(&model, texts, 0.5, &mut gradient.clone());
            let summed = engine.gradient(&model, texts, 0.5, &mut gradient);
            assert_eq!(engine.loss(&model, texts), summed);
            (summed, gradient)
        };
        let (summed, gradient) = run(2, 1);
        assert_eq!(summed.tokens, 33);
        for threads in 2..6 {
            assert_eq!(run(2, threads), (summed, gradient.clone()));
        }
        let (all, together) = run(7, 1);
        assert!((all.loss - summed.loss).abs() < 1e-5);
        for (a, b) in together.iter().zip(&gradient) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn no_texts_have_no_loss() {
        let model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
        let texts = Texts { ids: &[], labels: &[], seq: 6 };
        let mut gradient = vec![0.0; model.parameters.len()];
        let summed = Engine::default().gradient(&model, texts, 1.0, &mut gradient);
        assert_eq!(summed, Summed::default());
    }
}
