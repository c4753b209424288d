//! A network of 2003 learns the stories of Tinytown, against the lines of what counting reaches.

use demo::control::{Slider, Typed};
use demo::format::{count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use neural_language_model::{
    Answers, Losses, Model, NetError, Run, Settings, Sizes, Town, draw_token,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

const CONTEXT: Slider =
    Slider::new("context", "Context: words it looks back", 4.0, [1.0, 8.0], 1.0);
const WIDTH: Slider =
    Slider::new("width", "Width: neurons of the hidden layer", 48.0, [8.0, 72.0], 8.0);
const RATE: Slider = Slider::new("rate", "Learning rate at the start", 1.0, [0.1, 20.0], 0.1);

const SEED: u64 = 1;
/// Words of a sample.
const SAMPLE: usize = 14;
/// To the power of a context.
const POWERS: [&str; 9] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸"];
/// Samples in the table, the last included.
const SAMPLES: usize = 6;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "first-network",
        title: "A network learns in the page",
        lesson: "neural-language-model",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || vec![CONTEXT.control(), WIDTH.control(), RATE.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// What a run is compared with, and what it has shown so far.
struct Board {
    town: Town,
    sizes: Sizes,
    settings: Settings,
    /// The mean loss of the counts of each order from 1 on.
    counted: Vec<f64>,
    /// After how many steps, with which loss held out, and what was written then.
    samples: Vec<(usize, Option<f64>, String)>,
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (context, hidden) = (cx.get(&CONTEXT)? as usize, cx.get(&WIDTH)? as usize);
    let start_rate = cx.get(&RATE)? as f32;
    cx.progress("counting", 0, 0).await?;
    let town = Town::new();
    let sizes = Sizes { context, hidden, ..town.sizes() };
    let settings = Settings { start_rate, ..town.settings() };
    let counted = town.counted()?;
    let mut rng = StdRng::seed_from_u64(SEED);
    let model = Model::new(sizes, &mut rng);
    let [training, held_out] = [&town.training, &town.held_out]
        .map(|tokens| (answers.shift)(tokens, context, model.pad()));
    let mut board = Board { town, sizes, settings, counted, samples: Vec::new() };
    board.sample(answers, &model, 0, None)?;
    let mut run = Run::new(model, settings);
    let mut goes_on = true;
    while goes_on && run.step < settings.total {
        cx.progress("training", run.step as u64, settings.total as u64).await?;
        goes_on = match (answers.train_round)(&mut run, &training, &held_out, &mut rng) {
            Ok(goes_on) => goes_on,
            Err(NetError::Diverged { step, loss }) => {
                board.show_explosion(&cx, &run, step, loss);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let Some(&losses) = run.losses.last() else { break };
        board.sample(answers, &run.model, losses.step, Some(losses.held_out))?;
        let far = 100 * losses.step / settings.total.max(1);
        let summary = format!("{far}% learned, a loss of {} held out.", number(losses.held_out));
        cx.show(summary, &board.views(&run.losses));
    }
    let end = if goes_on {
        format!("all {} steps were taken", count(run.step))
    } else {
        format!(
            "the loss held out had not fallen for {} rounds, so training ended early",
            settings.patience
        )
    };
    let mut views = board.views(&run.losses);
    views.push(board.facts(&run, &end));
    cx.show(board.verdict(run.best_loss), &views);
    Ok(())
}

impl Board {
    /// The lowest loss of the counts, and its order.
    fn best_counts(&self) -> (usize, f64) {
        let by_order = (1..).zip(self.counted.iter().copied());
        by_order.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((1, f64::INFINITY))
    }

    fn bigram(&self) -> f64 {
        self.counted.get(1).copied().unwrap_or(f64::INFINITY)
    }

    /// Lets a model write from where a text begins, each time with the same luck.
    fn sample(
        &mut self,
        answers: Answers,
        model: &Model,
        step: usize,
        loss: Option<f64>,
    ) -> Result<(), DemoError> {
        let mut rng = StdRng::seed_from_u64(SEED);
        let mut tokens = vec![model.pad(); self.sizes.context];
        for _ in 0..SAMPLE {
            let context = &tokens[tokens.len() - self.sizes.context..];
            let mut logits = (answers.forward)(model, context)?.logits;
            // A word that is not known cannot be written.
            if let Some(unknown) = logits.data_mut().last_mut() {
                *unknown = f32::NEG_INFINITY;
            }
            tokens.push(draw_token(logits.data(), &mut rng));
        }
        let text = self.town.text(&tokens[self.sizes.context..]);
        self.samples.push((step, loss, text));
        Ok(())
    }

    fn views(&self, losses: &[Losses]) -> Vec<View> {
        let curve = |name: &str, of: fn(&Losses) -> f64| Line {
            name: name.into(),
            points: losses.iter().map(|round| (round.step as f64, of(round))).collect(),
        };
        let ends = [self.settings.steps, self.settings.total].map(|step| step as f64);
        let level = |name: String, loss: f64| Line { name, points: ends.map(|x| (x, loss)).into() };
        let (order, best) = self.best_counts();
        let lines = vec![
            curve("network, held out", |round| round.held_out),
            curve("network, its mini-batches", |round| round.training),
            level("counted bigram, held out".into(), self.bigram()),
            level(format!("best counts, order {order}, held out"), best),
        ];
        vec![
            View::Lines {
                label: "The loss as it learns".into(),
                x_label: "step".into(),
                y_label: "loss, nats a word".into(),
                lines,
            },
            self.sample_table(),
        ]
    }

    /// Some of the samples, evenly over the training, the first and the last among them.
    fn sample_table(&self) -> View {
        let last = self.samples.len().saturating_sub(1);
        let shown = SAMPLES.min(self.samples.len());
        let places = (0..shown).map(|i| i * last / (shown - 1).max(1));
        let row = |(step, loss, text): &(usize, Option<f64>, String)| {
            let loss = loss.map_or_else(|| "–".to_owned(), number);
            let numbers = [count(*step), loss].map(Cell::Number);
            [numbers.into(), vec![text.as_str().into()]].concat()
        };
        View::Table {
            label: "What it writes as it learns, each time with the same luck".into(),
            columns: ["Steps", "Loss held out", "Sample"].map(String::from).into(),
            rows: places.map(|place| row(&self.samples[place])).collect(),
        }
    }

    fn verdict(&self, loss: f64) -> String {
        let (order, best) = self.best_counts();
        let bigram = self.bigram();
        let place = match loss {
            _ if loss < best => format!("below that of the best counts (order {order})"),
            _ if loss < bigram => {
                format!("below that of the counted bigram, not of the best counts (order {order})")
            }
            _ => "above that of the counted bigram".into(),
        };
        format!(
            "Its best loss held out is {}, {place}: the bigram has {}, the best counts have {}.",
            number(loss),
            number(bigram),
            number(best)
        )
    }

    fn facts(&self, run: &Run, end: &str) -> View {
        let Sizes { vocab, context, .. } = self.sizes;
        let best = run.losses.iter().find(|losses| losses.held_out == run.best_loss);
        View::Prose(vec![format!(
            "{} parameters learned from {} words; a table of counts for every context of {context} \
             would need {vocab}{} rows. The best model is that of step {}; {end}.",
            count(run.model.parameters()),
            count(self.town.training.len()),
            POWERS.get(context).copied().unwrap_or_default(),
            best.map_or_else(|| "0".to_owned(), |losses| count(losses.step)),
        )])
    }

    /// What was seen, in place of what was hoped for.
    fn show_explosion(&self, cx: &Context, run: &Run, step: usize, loss: f64) {
        let blind = (self.town.vocab_size() as f64).ln();
        let seen = if loss.is_finite() { number(loss) } else { "no number any more".into() };
        let rate = number(self.settings.start_rate.into());
        let summary = format!(
            "It exploded: after {} the loss was {seen}. A blind guess has {}. The learning \
             rate of {rate} is too high.",
            counted(step, "step"),
            number(blind)
        );
        let mut views = vec![View::Prose(vec![
            summary.clone(),
            "A step goes as far as the learning rate says, beyond the bottom and up the other \
             side, where the slope is steeper: so the next step goes further still. Training ends \
             where the loss is no number, or three times that of a blind guess."
                .into(),
        ])];
        if !run.losses.is_empty() {
            views.extend(self.views(&run.losses));
        }
        cx.show(summary, &views);
    }
}
