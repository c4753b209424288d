//! A map of decisions: what you have leads to a method.

use demo::control::{Choice, Number, Slider, Typed};
use demo::figure::Layers;
use demo::format::{count, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};

use crate::memory::{PROMPT, RANK, Shape, Way};

const ACCESS: Choice = Choice::new(
    "access",
    "You have",
    &[("weights", "the weights of a model"), ("service", "a service that answers")],
);
const EXAMPLES: Choice = Choice::new(
    "examples",
    "Labeled examples",
    &[("hundreds", "hundreds"), ("few", "at most twenty"), ("many", "a hundred thousand")],
);
const TASKS: Choice = Choice::new(
    "tasks",
    "Tasks to serve from one model",
    &[("one", "one"), ("some", "dozens"), ("thousands", "thousands")],
);
const SIZE: Number =
    Number::new("size", "The model: billions of parameters", 7.0, [0.1, 1000.0], 0.1);
const MEMORY: Slider = Slider::new("memory", "Memory of your GPU, GB", 24.0, [4.0, 192.0], 4.0);

const GB: f64 = 1e9;

pub fn demo() -> Demo {
    Demo {
        name: "which-way",
        title: "Which way?",
        lesson: "fine-tuning-index",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                ACCESS.control(),
                EXAMPLES.control(),
                TASKS.control(),
                SIZE.control(),
                MEMORY.control(),
            ]
        },
        run: demo::run(run),
    }
}

/// What somebody has.
struct Has {
    weights: bool,
    examples: &'static str,
    tasks: &'static str,
    model: Shape,
    memory: f64,
}

impl Has {
    fn fits(&self, way: Way) -> bool {
        way.bytes(self.model) <= self.memory
    }

    /// The method, and why.
    fn way(&self) -> (Option<Way>, String) {
        let fits = |way| self.fits(way);
        if !self.weights {
            let why = match self.examples {
                "few" => "a service takes text and nothing else, so examples go into the prompt",
                _ => {
                    "a service takes text and nothing else: put the best examples into the prompt, and \
                     choose them, and the words around them, by a score on the rest"
                }
            };
            return (Some(Way::InContext), why.into());
        }
        if self.examples == "few" && fits(Way::InContext) {
            let why = "so few examples would be learned by heart; put them into the prompt first";
            return (Some(Way::InContext), why.into());
        }
        if self.tasks == "thousands" && fits(Way::SoftPrompt) {
            let why = "a task costs a few vectors, and texts of different tasks share a batch";
            return (Some(Way::SoftPrompt), why.into());
        }
        if self.examples == "many" && self.tasks == "one" && fits(Way::Full) {
            let why =
                "there is enough to learn for every weight, memory for it, and one copy to keep";
            return (Some(Way::Full), why.into());
        }
        if fits(Way::Lora) {
            let why = match self.fits(Way::Full) {
                true => "it needs a fraction of the memory, and a task is a small file",
                false => "all weights do not fit with their slopes and moments, and these do",
            };
            return (Some(Way::Lora), why.into());
        }
        if fits(Way::QLora) {
            return (Some(Way::QLora), "the weights only fit with four bits each".into());
        }
        (None, "not even four bits a weight fit: take a smaller model".into())
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let has = Has {
        weights: cx.get(&ACCESS)? == "weights",
        examples: cx.get(&EXAMPLES)?,
        tasks: cx.get(&TASKS)?,
        model: Shape::of(1e9 * cx.get(&SIZE)?),
        memory: GB * cx.get(&MEMORY)?,
    };
    let (way, why) = has.way();
    let name = way.map_or("none of these", Way::name);
    let rows = Way::ALL.map(|way| {
        let bytes = way.bytes(has.model);
        let fits = match has.weights {
            false if way == Way::InContext => "at the service",
            false => "needs weights",
            true if bytes <= has.memory => "yes",
            true => "no",
        };
        vec![
            Cell::from(way.name()),
            Cell::Number(amount(way.trained(has.model))),
            Cell::Number(number(bytes / GB)),
            Cell::from(fits),
        ]
    });
    let views = [
        map(&has, way),
        View::Table {
            label: "The methods".into(),
            columns: ["Method", "Learns", "GB", "Fits"].map(String::from).into(),
            rows: rows.into(),
        },
        View::Prose(vec![format!(
            "Learns: how many numbers, for each task. GB: weights, slopes and moments, without what the \
             layers keep of your texts. LoRA has rank {RANK}, the soft prompt {PROMPT} vectors, and the \
             model a usual shape."
        )]),
    ];
    cx.show(format!("Your way is {name}: {why}."), &views);
    Ok(())
}

/// The questions from top to bottom; what was answered is marked.
fn map(has: &Has, way: Option<Way>) -> View {
    let (access, examples, tasks) = (
        !has.weights as usize,
        at(&["few", "hundreds", "many"], has.examples),
        at(&["one", "some", "thousands"], has.tasks),
    );
    let fits = match way {
        Some(Way::QLora) => 1,
        None => 2,
        _ => 0,
    };
    let mut layers = Layers::new()
        .boxes(&[("weights", ""), ("a service", "")])
        .mark(access)
        .boxes(&[("few examples", ""), ("hundreds", ""), ("very many", "")])
        .mark(examples);
    // A service asks no more.
    let mut said =
        vec![["weights", "a service"][access], ["few examples", "hundreds", "very many"][examples]];
    if has.weights {
        layers = layers
            .boxes(&[("one task", ""), ("dozens", ""), ("thousands", "")])
            .mark(tasks)
            .boxes(&[("fits in 16 bits", ""), ("in 4", ""), ("in neither", "")])
            .mark(fits);
        said.push(["one task", "dozens", "thousands"][tasks]);
        said.push(["fits in 16 bits", "in 4", "in neither"][fits]);
    }
    let name = way.map_or("a smaller model", Way::name);
    let drawing = layers.boxes(&[(name, "")]).mark(0);
    let text = format!("Your answers, {}, lead to {name}.", said.join(", "));
    View::drawing("From what you have to a method", text, drawing)
}

/// A number of numbers. Counts beyond 32 bits would differ in a page.
fn amount(numbers: f64) -> String {
    match numbers {
        1e9.. => format!("{} billion", number(numbers / 1e9)),
        1e6.. => format!("{} million", number(numbers / 1e6)),
        _ => count(numbers as usize),
    }
}

fn at(of: &[&str], name: &str) -> usize {
    of.iter().position(|one| *one == name).unwrap_or(0)
}
