//! A training goes from the book's page to the command line, and back, as the same file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use buddy::{Record, sha256};
use demo::format::number;
use demo::{Backend, Demo};
use grading::block_on;
use page::{Offered, Shown, run_demo_with};
use tempfile::TempDir;
use train::arguments::{Model, read};
use train::decoder::{self, Recipe, pieces};
use training_loop::{Rows, State, solution};

const LINES: usize = 600;
/// The page's smallest model.
const SMALL: &str = "--layers 2 --heads 2 --width 32 --context 32 --batch 8 --warmup 5";

/// A text with a rule: numbers count upward.
fn text() -> String {
    let line = |i: usize| format!("After {} comes {}.", i % 7, (i + 1) % 7);
    (0..LINES).map(line).collect::<Vec<_>>().join("\n")
}

/// The demo of the page that pre-trains.
fn demo() -> Demo {
    let mut demos = training_loop_demos::demos(training_loop::SOLUTION).into_iter();
    demos.find(|demo| demo.name == "pretrain").unwrap()
}

/// What the page shows when it trains on that text, or says beside the file.
fn page(tokens: &str, steps: usize, file: Option<&[u8]>) -> Result<Shown, String> {
    let set = [("text", text()), ("tokens", tokens.into()), ("steps", steps.to_string())];
    let inputs = set.into_iter().map(|(name, value)| (name.into(), value)).collect();
    let files: BTreeMap<_, _> = file
        .map(|bytes| ("checkpoint".to_owned(), ("mine.safetensors".to_owned(), bytes.to_vec())))
        .into_iter()
        .collect();
    let demo = demo();
    block_on(run_demo_with(&demo, inputs, files, Backend::Cpu))
        .map_err(|error| format!("{error:?}"))
}

/// The file that it offers.
fn saved(shown: &Shown) -> &Offered {
    let [file] = &shown.files[..] else { panic!("{} files", shown.files.len()) };
    file
}

fn run(words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_study-train"));
    command.arg("buddy").args(words.split_whitespace()).output().unwrap()
}

/// What a run says that ends well, or badly.
fn says(words: &str, ends: i32) -> String {
    let output = run(words);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(ends), "{words}: {said}");
    said
}

/// Runs until the checkpoint of a step cannot be written: those before it are in the folder.
fn stopped_at(step: usize, words: &str, out: &Path) {
    let blocked = out.join(format!(".checkpoint-{step}.safetensors.part"));
    fs::create_dir_all(&blocked).unwrap();
    assert!(says(words, 2).contains("cannot be written"));
    fs::remove_dir(blocked).unwrap();
}

fn rows(documents: &[String], context: usize) -> Rows {
    Rows::from(&decoder::rows(documents, &pieces().unwrap(), context).unwrap()[..])
}

#[test]
fn what_the_page_saved_goes_on_by_its_command_to_the_bits_of_the_lesson() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (input, out) = (path("numbers.txt"), path("out"));
    fs::write(&input, text()).unwrap();

    let shown = page("pieces", 100, None).unwrap();
    let file = saved(&shown);
    fs::write(path(&file.name), &file.bytes).unwrap();
    let shows = "cargo study train buddy --from ";
    let at = shown.html.find(shows).expect("the page shows a command");
    let command = shown.html[at..].split('<').next().unwrap();
    let command = command
        .replace(&file.name, &path(&file.name).display().to_string())
        .replace("YOUR-TEXT", &input.display().to_string());
    let words = command.trim_start_matches("cargo study train buddy ");
    let words = format!("{words} --every 50 --threads 1 --out {}", out.display());

    // It is stopped on the way, and goes on once more.
    stopped_at(200, &words, &out);
    let said = says(&format!("--resume {} --every 50", out.display()), 0);
    assert!(said.contains("going on after step 150"), "{said}");
    let record: Record =
        serde_json::from_str(&fs::read_to_string(out.join("training.json")).unwrap()).unwrap();

    let Model::Buddy(options) = read(&command).unwrap() else { panic!("{command}") };
    let mut state = solution::restore(&file.bytes).unwrap();
    let sizes = state.model.sizes;
    let recipe = Recipe::new(&options).unwrap();
    let text = text();
    let (training, held_out) = text.split_at(text.len() - text.len() / 10);
    let training = rows(&[training.to_owned()], sizes.n_positions);
    let held_out = rows(&[held_out.to_owned()], sizes.n_positions);
    let mut engine = decoder::engine(2);
    let judged =
        |state: &State| solution::evaluate(&state.model, &held_out, 8, &mut decoder::engine(1));
    let before = judged(&state).unwrap();
    let mut tokens = 0;
    solution::train(
        &mut state,
        &training,
        &recipe.settings(),
        &mut engine,
        200,
        &mut |_, report| {
            tokens += report.tokens;
            true
        },
    )
    .unwrap();
    assert_eq!(sha256(&decoder::weights(&mut state.model).unwrap()), record.weights_sha256);
    assert_eq!((record.tokens, record.settings.steps), (tokens, 200));
    assert!(record.held_out_loss < before, "{record:?}, {before} before");
    // The whole command is kept, and does the same from the first step on.
    let again = path("again");
    let said = says(
        &format!(
            "{} --every 50 --out {}",
            record.command.trim_start_matches("cargo study train buddy "),
            again.display()
        ),
        0,
    );
    assert!(said.contains("going on after step 100"), "{said}");
    assert!(said.contains(&format!("its loss is {before:.3} nats a token\n")), "{said}");
    let weights = fs::read(again.join("model.safetensors")).unwrap();
    assert_eq!(sha256(&weights), record.weights_sha256);
}

#[test]
fn a_checkpoint_of_the_command_goes_on_in_the_page() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (input, first, out) = (path("numbers.txt"), path("first.safetensors"), path("out"));
    fs::write(&input, text()).unwrap();
    // A model of Buddy's pieces that knows nothing yet.
    let sizes =
        Recipe { layers: 2, heads: 2, width: 32, context: 32, ..Recipe::of(decoder::Size::Buddy) };
    let mut rng = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(7);
    let state = State::new(small_gpt::Model::random(sizes.sizes(), &mut rng));
    fs::write(&first, solution::checkpoint(&state).unwrap()).unwrap();
    let words = format!(
        "--from {} --text {} --steps 80 --warmup 5 --batch 8 --lr 0.01 --every 20 --out {}",
        first.display(),
        input.display(),
        out.display()
    );
    stopped_at(60, &words, &out);
    let bytes = fs::read(out.join("checkpoint-40.safetensors")).unwrap();

    let shown = page("pieces", 100, Some(&bytes)).unwrap();
    // Every tenth line is what the page holds out.
    let held_out: Vec<String> = text()
        .lines()
        .enumerate()
        .filter(|(at, _)| at % 10 == 9)
        .map(|(_, line)| line.into())
        .collect();
    let state = solution::restore(&bytes).unwrap();
    assert_eq!(state.step, 40);
    let rows = rows(&held_out, 32);
    let loss =
        solution::evaluate(&state.model, &rows, 8, &mut small_gpt::Engine::default()).unwrap();
    assert!(loss < 4.0, "nothing was learned: {loss}");
    assert!(shown.html.contains(&number(loss)), "{}", shown.html);
    assert!(shown.summary.starts_with("After 100 steps"), "{}", shown.summary);
    assert!(!shown.summary.contains("guessing"), "{}", shown.summary);
    assert_eq!(solution::restore(&saved(&shown).bytes).unwrap().step, 100);

    // Two heads are not four, although all else is the same.
    let other =
        State::new(small_gpt::Model::zeros(small_gpt::Sizes { n_head: 4, ..sizes.sizes() }));
    let why = page("pieces", 100, Some(&solution::checkpoint(&other).unwrap())).unwrap_err();
    assert!(why.contains("4 heads") && why.contains("2 heads"), "{why}");
    // Tokens of another meaning cannot be seen in a file, but heard.
    let mut shifted = state;
    let n_embd = shifted.model.sizes.n_embd;
    let table =
        shifted.model.tensors().iter().find(|t| t.name == "wte.weight").unwrap().range.clone();
    shifted.model.parameters[table].rotate_left(100 * n_embd);
    let shown = page("pieces", 100, Some(&solution::checkpoint(&shifted).unwrap())).unwrap();
    assert!(shown.summary.contains("worse than blind guessing"), "{}", shown.summary);
}

#[test]
fn a_file_that_cannot_go_on_is_refused_with_the_reason() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (input, own) = (path("numbers.txt"), path("own"));
    fs::write(&input, text()).unwrap();
    let mut files = BTreeMap::new();
    for tokens in ["words", "letters", "pieces"] {
        let shown = page(tokens, 100, None).unwrap();
        assert_eq!(shown.html.contains("cargo study train"), tokens == "pieces");
        let file = path(&format!("{tokens}.safetensors"));
        fs::write(&file, &saved(&shown).bytes).unwrap();
        files.insert(tokens, file.display().to_string());
    }
    // A training with pieces of its own text, as many as Buddy's.
    let varied: String = (0..3000).map(|i| format!("{} after {}. ", i * 7919 % 1000, i)).collect();
    let varied_input = path("varied.txt");
    fs::write(&varied_input, varied).unwrap();
    let words = format!(
        "{SMALL} --text {} --steps 80 --every 20 --out {}",
        varied_input.display(),
        own.display()
    );
    stopped_at(60, &words, &own);
    let own = own.join("checkpoint-40.safetensors").display().to_string();

    let (words, letters, pieces) = (&files["words"], &files["letters"], &files["pieces"]);
    let text = input.display().to_string();
    for (words, why) in [
        (format!("--from {words}"), "its model knows 12 tokens, and Buddy's tokenizer has 512"),
        (format!("--from {letters}"), "a checkpoint of words or letters goes on in the page alone"),
        (format!("--from {own}"), "its tokens were learned from a text of its own"),
        (format!("--from {pieces} --steps 100 --warmup 9"), "has taken 100 steps already"),
        (format!("--from {pieces} --layers 2"), "--layers"),
        (format!("--from {pieces} --size small"), "--size"),
        (format!("--from {text}"), "no file of safetensors"),
        ("--from nowhere.safetensors".into(), "nowhere.safetensors cannot be read"),
        (format!("--resume {pieces}"), "is a file: go on from it with"),
    ] {
        let said = says(&format!("{words} --every 50"), 2);
        assert!(said.contains(why), "{words}: {said}");
    }
}
