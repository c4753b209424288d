//! Runs as files: from the page or from the command line, and back.

use demo::format::{count, counted};
use demo::{DemoError, View};
use small_gpt::Sizes;
use training_loop::{Answers, Settings, State};

/// So many steps the page takes, at most.
pub const MOST: usize = 3000;

/// The state in a file of the reader's, for a model of these sizes that is to take so many steps.
///
/// # Errors
/// What is wrong with the file, beside its control.
pub fn read(
    answers: Answers,
    control: &str,
    (name, bytes): (String, Vec<u8>),
    sizes: Sizes,
    steps: usize,
) -> Result<State, DemoError> {
    let refuse = |why: String| Err(DemoError::input(control, format!("“{name}”: {why}.")));
    let state = match (answers.restore)(&bytes) {
        Ok(state) => state,
        Err(error) => return refuse(error.to_string()),
    };
    if state.model.sizes != sizes {
        return refuse(format!(
            "its model has {}, and these settings ask for {}: set them, and the text, as they were \
             when it was saved",
            told(state.model.sizes),
            told(sizes)
        ));
    }
    if state.step >= steps {
        let done = counted(state.step, "step");
        let more = match state.step < MOST {
            true => "set the steps to more than that".into(),
            false => format!("the page takes no more than {}", count(MOST)),
        };
        return refuse(format!("it has taken {done} already: {more}"));
    }
    Ok(state)
}

fn told(sizes: Sizes) -> String {
    let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = sizes;
    let (blocks, heads) = (counted(n_layer, "block"), counted(n_head, "head"));
    let tokens = counted(vocab_size, "token");
    format!("{blocks} of width {n_embd} with {heads}, rows of {n_positions}, and {tokens}")
}

/// The name a run is saved under.
pub fn name(state: &State) -> String {
    format!("checkpoint-{}.safetensors", state.step)
}

/// How a run of Buddy's pieces goes on outside of the page; one that has ended takes as many steps
/// again.
pub fn command(state: &State, settings: &Settings, has_own_text: bool) -> View {
    let Settings { schedule, batch, .. } = settings;
    let (total, warmup) = match state.step < schedule.total {
        true => (schedule.total, schedule.warmup),
        false => (2 * schedule.total, 2 * schedule.warmup),
    };
    let text = if has_own_text { " --text YOUR-TEXT" } else { "" };
    View::Code {
        label: "How the file below goes on in a clone of this book, in batches of its own".into(),
        text: format!(
            "cargo study train buddy --from {}{text} --steps {total} --warmup {warmup} --batch \
             {batch} --lr {}",
            name(state),
            schedule.peak
        ),
    }
}
