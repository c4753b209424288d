//! One tuning, measured.

use anyhow::{Context, Result, ensure};
use buddy::VALIDATION;
use optimizers::solution::adamw_step;
use optimizers::{AdamW, Moments};
use schedules_and_stability::solution::{clip_grad_norm, lr_at};
use small_gpt::{Engine, Pass, Summed, Texts};
use task_heads::solution::head_backward;
use training_loop::solution::rows_at;
use tune::arguments::{Method, Recipe};
use tune::{Base, Data, Item, Learner, Rows, Task, class, last_hidden, measure};
use tuned_runs::{Run, Settings};

pub const SETTINGS: Settings = Settings {
    parameters: 875_264,
    examples: 4000,
    batch: 8,
    steps: 1000,
    tokens: 8,
    judged: 200,
    stories: 100,
    seed: 1,
};
pub const TASKS: [(Task, &str); 3] = [
    (Task::Sentiment, "sentiment"),
    (Task::Questions, "questions"),
    (Task::Translation, "translation"),
];

/// A method, LoRA's rank, and its learning rate for each task.
pub type Way = (Option<Method>, usize, [f64; 3]);

/// In the order of the table. The rates are the best of those that `golden/rates.json` tried; QLoRA
/// and both ranks of LoRA share one, as none of them trains otherwise.
pub const METHODS: [Way; 8] = [
    (None, 0, [0.0; 3]),
    (Some(Method::Head), 0, [1e-2; 3]),
    (Some(Method::SoftPrompt), 0, [0.3, 0.3, 0.3]),
    (Some(Method::Prefix), 0, [0.1, 0.3, 0.3]),
    (Some(Method::Lora), 2, [5e-3, 5e-3, 1e-2]),
    (Some(Method::Lora), 8, [5e-3, 5e-3, 1e-2]),
    (Some(Method::Qlora), 8, [5e-3, 5e-3, 1e-2]),
    (Some(Method::Full), 0, [1e-3, 3e-4, 3e-3]),
];
/// Rates are tried with another seed, fewer examples and fewer steps.
pub const TRIED_SEED: u64 = 2;
/// So many examples.
pub const TRIED_EXAMPLES: usize = 2000;
/// So many steps.
pub const TRIED_STEPS: usize = 125;

/// The rates that are tried; QLoRA has those of LoRA.
pub fn tried_rates(method: Method) -> &'static [f64] {
    match method {
        Method::Head => &[1e-3, 3e-3, 1e-2, 3e-2],
        Method::SoftPrompt | Method::Prefix => &[1e-2, 3e-2, 0.1, 0.3],
        Method::Lora => &[5e-4, 1e-3, 2e-3, 5e-3, 1e-2],
        Method::Qlora => &[],
        Method::Full => &[1e-4, 3e-4, 1e-3, 3e-3],
    }
}
/// Tokens of a story that are read.
const STORY: usize = 96;

/// Of a run: what differs from run to run.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Which of [`TASKS`].
    pub task: usize,
    /// Which of [`METHODS`].
    pub method: usize,
    pub lr: f64,
    pub seed: u64,
    pub examples: usize,
    pub steps: usize,
}

impl Wanted {
    /// What the table has.
    pub fn of(task: usize, method: usize) -> Self {
        let Settings { seed, examples, steps, .. } = SETTINGS;
        Self { task, method, lr: METHODS[method].2[task], seed, examples, steps }
    }

    /// A head knows labels only.
    pub fn is_possible(&self) -> bool {
        METHODS[self.method].0 != Some(Method::Head) || TASKS[self.task].0 == Task::Sentiment
    }
}

/// How a method tunes for a task.
pub fn recipe(wanted: Wanted) -> Recipe {
    let Settings { tokens, batch, .. } = SETTINGS;
    let Wanted { task, method, lr, seed, examples, steps } = wanted;
    let (task, (method, rank, _)) = (TASKS[task].0, METHODS[method]);
    let layers = small_gpt::Layer::ALL.map(|layer| layer.name().to_owned());
    Recipe {
        base: None,
        data: None,
        held_out: None,
        task,
        examples,
        // What learns nothing is judged as what learns all.
        method: method.unwrap_or(Method::Full),
        rank: rank.max(1),
        alpha: 2.0 * rank.max(1) as f64,
        targets: layers.into(),
        tokens,
        seed,
        steps,
        batch,
        lr,
        warmup: (steps / 10).min(20),
        decay: 0.0,
        clip: 1.0,
    }
}

/// Counts what is allocated, in bytes.
pub trait Memory {
    fn allocated(&self) -> usize;
    /// The peak is what is allocated now.
    fn forget_peak(&self);
    fn peak(&self) -> usize;
}

/// Tunes, and measures.
///
/// # Errors
/// If a lesson's function fails.
pub fn run(wanted: Wanted, memory: &dyn Memory) -> Result<Run> {
    let recipe = recipe(wanted);
    let data = {
        let base = Base::open(None)?;
        ensure!(base.buddy.model.parameters.len() == SETTINGS.parameters, "Buddy has another size");
        let room = base.buddy.model.sizes.n_positions - SETTINGS.tokens;
        Data::read_judged(&recipe, &base.buddy, room, SETTINGS.judged)?
    };
    let before = memory.allocated();
    let mut learner = Learner::new(Base::open(None)?, &recipe, &data)?;
    let mut engine = train::decoder::engine(1);
    let (mut learned, mut seconds, mut peak) = (0, 0.0, 0);
    let (method, rank, _) = METHODS[wanted.method];
    if method.is_some() {
        learned = learner.numbers().len();
        let (mut pass, mut moments) = (Pass::default(), Moments::new(learned));
        // Whatever read the model is gone.
        memory.forget_peak();
        let began = processor()?;
        for step in 0..recipe.steps {
            self::step(&mut learner, &data, &recipe, step, (&mut engine, &mut pass, &mut moments))?;
        }
        seconds = processor()? - began;
        peak = memory.peak() - before;
    }
    let measured = measure(&learner, &data, &mut engine)?;
    Ok(Run {
        task: TASKS[wanted.task].1.into(),
        method: method.map_or("none", Method::name).into(),
        rank: (rank > 0).then_some(rank),
        lr: recipe.lr,
        learned,
        seconds: (10.0 * seconds).round() / 10.0,
        peak,
        score: rounded(measured.metric),
        loss: rounded(measured.loss),
        stories: rounded(stories(&learner, &mut engine)?),
    })
}

fn rounded(x: f64) -> f64 {
    (1e4 * x).round() / 1e4
}

/// One step, as `cargo study tune` makes it.
fn step(
    learner: &mut Learner,
    data: &Data,
    recipe: &Recipe,
    step: usize,
    (engine, pass, moments): (&mut Engine, &mut Pass, &mut Moments),
) -> Result<()> {
    let which = rows_at(data.training.len(), recipe.batch, recipe.seed, step)?;
    let items: Vec<&Item> = which.iter().map(|&row| &data.training[row]).collect();
    let mut gradient;
    if let Some(head) = learner.head() {
        let hidden = last_hidden(learner, &items, pass)?;
        let classes: Vec<i64> = items.iter().map(|item| class(data, item)).collect();
        let slopes = head_backward(&hidden, &classes, &head)?;
        gradient = [slopes.weight, slopes.bias].concat();
    } else {
        let base = &learner.base.buddy;
        let rows = Rows::of(items.iter().map(|item| &item.encoded), base.end)?;
        let asked = rows.labels.iter().filter(|label| **label >= 0).count();
        let tuning = learner.tuning();
        gradient = vec![0.0; tuning.len()];
        let scale = (1.0 / asked as f64) as f32;
        engine.gradient_tuned(&base.model, tuning, rows.texts(), scale, &mut gradient);
    }
    clip_grad_norm(&mut [&mut gradient], recipe.clip)?;
    let lr = lr_at(&recipe.schedule(), step);
    let adamw = AdamW { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
    let groups = learner.decay(recipe.decay);
    learner.change(|numbers| adamw_step(numbers, &gradient, &groups, moments, &adamw))??;
    Ok(())
}

/// The loss of stories held out, in nats a token, of the first tokens of each.
fn stories(learner: &Learner, engine: &mut Engine) -> Result<f64> {
    let base = &learner.base.buddy;
    let mut summed = Summed::default();
    for story in train::town().stories(VALIDATION).take(SETTINGS.stories) {
        let mut ids = vec![base.end];
        ids.extend(base.encode(&story.text)?);
        ids.truncate(STORY + 1);
        let labels: Vec<i64> = ids[1..].iter().map(|&id| i64::from(id)).collect();
        let ids = &ids[..labels.len()];
        let texts = Texts { ids, labels: &labels, seq: ids.len() };
        summed = summed + engine.loss_tuned(&base.model, learner.tuning(), texts);
    }
    Ok(summed.mean())
}

/// Seconds that this program computed so far, as the system counts them.
fn processor() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("only Linux counts them here")?;
    let fields = stat.rsplit(')').next().context("a line of fields")?;
    let ticks = fields.split_whitespace().nth(11).context("the ticks of this program")?;
    Ok(ticks.parse::<f64>()? / 100.0)
}
