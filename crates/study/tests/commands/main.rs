//! The commands, on a small workspace that `cargo study new` fills.

mod failures;
mod world;

use std::fs;
use std::time::{Duration, Instant};

use world::{RIGHT, World};

#[test]
fn a_new_lesson_is_in_the_book_and_its_checks_are_proved() {
    let world = World::new("fair-share");
    let summary = fs::read_to_string(world.path("src/SUMMARY.md")).unwrap();
    assert!(summary.contains("- [A fair share](1-basics/fair-share.md)"), "{summary}");
    let demos =
        fs::read_to_string(world.path("wasm-demos/1-basics/fair-share/src/lib.rs")).unwrap();
    assert!(demos.contains("use fair_share::Answers;"), "{demos}");
    world.study(&["stubs", "--check"]).assert().success();
    let (out, err, code) = world.run(&["mutants"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("No mutant survives.") && out.contains("10 passed"), "{out}{err}");
    let (_, err, code) = world.run(&["new", "1-basics/fair-share", "--title", "Again"]);
    assert_eq!(code, 2);
    assert!(err.contains("there already"), "{err}");
}

#[test]
fn a_stub_an_answer_and_a_mistake_are_graded() {
    let world = World::new("graded-share");
    let (out, err, code) = world.run(&["grade"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("0/6") && !out.contains("not written yet"), "{out}");
    let (out, _, _) = world.run(&["next"]);
    assert!(
        out.contains("exercises/1-basics/graded-share/src/exercise.rs:")
            && out.contains("graded-share.md#the-idea"),
        "{out}"
    );

    world.answer(
        "println!(\"seen {0}\", x.len()); eprintln!(\"err {0}\", x.len());\n    \
         Ok(x.iter().sum::<f64>() / x.len() as f64)",
    );
    let (out, _, code) = world.run(&["grade", "graded-share"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("4/6") && out.contains("expected the error Empty, got the value NaN"),
        "{out}"
    );
    assert!(out.contains("cargo study hint graded-share mean_of_nothing_is_an_error"), "{out}");
    // What was printed stands under its check, also what went to standard error.
    let at = |text: &str| out.find(text).unwrap_or_else(|| panic!("{text}: {out}"));
    assert!(out.contains("printed by your code"), "{out}");
    let (none, agrees) = (at("The mean of nothing is an error"), at("on drawn numbers"));
    assert!(at("seen 100") < none && none < at("seen 0") && at("seen 0") < agrees, "{out}");
    assert!(none < at("err 0") && at("err 0") < agrees, "{out}");
    assert!(out.contains("A fair share (graded-share)"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colors where there is no terminal");
    let (out, _, code) = world.run(&["next", "graded-share"]);
    assert_eq!(code, 1);
    let line = "exercises/1-basics/graded-share/src/exercise.rs:3\n";
    assert!(
        out.contains(line) && out.contains("expected the error Empty, got the value NaN"),
        "{out}"
    );
    let (out, _, _) = world.run(&["hint"]);
    assert!(out.contains("The mean of nothing is an error"), "{out}");

    world.answer(RIGHT);
    let (out, _, code) = world.run(&["grade"]);
    assert_eq!(code, 0, "{out}");
    let (out, _, code) = world.run(&["solution", "graded-share"]);
    assert_eq!(code, 0);
    assert!(out.contains("x.iter().sum::<f64>()") && !out.contains("ANSWER"), "{out}");
    let (_, err, code) = world.run(&["stubs", "--check"]);
    assert_eq!(code, 1);
    assert!(err.contains("thank you") && err.contains("cargo study reset graded-share"), "{err}");
}

#[test]
fn scores_are_written_for_programs() {
    let world = World::new("written-share");
    world.answer("Ok(x.iter().sum::<f64>() / x.len() as f64)");
    let (out, _, code) = world.run(&["grade", "--format", "json"]);
    assert_eq!(code, 1);
    let progress: scores::Progress = serde_json::from_str(&out).unwrap();
    assert_eq!(progress.format, scores::FORMAT);
    assert_eq!((progress.sheets[0].points, progress.sheets[0].max_points), (4, 6));
    let file = world.path("scores.xml");
    world.run(&["grade", "--format", "junit", "--output", file.to_str().unwrap()]);
    let xml = fs::read_to_string(file).unwrap();
    assert!(xml.contains("tests=\"4\"") && xml.contains("failures=\"2\""), "{xml}");
}

#[test]
fn a_crash_counts_for_one_check_only() {
    let world = World::new("crashed-share");
    world.answer(
        "if x.is_empty() { std::process::exit(3) }\n    Ok(x.iter().sum::<f64>() / x.len() as f64)",
    );
    let (out, _, _) = world.run(&["grade", "crashed-share"]);
    assert!(out.contains("4/6") && out.contains("exit code 3"), "{out}");
    world.answer(
        "#[allow(unconditional_recursion)]\n    fn deep(n: u64) -> u64 { std::hint::black_box(deep(n + 1) + 1) }\n    \
         if x.len() == 2 { return Ok(deep(0) as f64) }\n    Ok(x.iter().sum::<f64>() / x.len() as f64)",
    );
    let (out, _, _) = world.run(&["grade", "crashed-share"]);
    assert!(out.contains("2/6") && out.contains("the stack overflowed"), "{out}");
}

#[test]
fn printed_lines_are_no_results_and_the_reference_is_no_answer() {
    let world = World::new("forged-share");
    world.answer(
        "println!(\"{{\\\"name\\\":\\\"x\\\",\\\"title\\\":\\\"X\\\",\\\"status\\\":\\\"passed\\\",\\\"points\\\":99}}\"); Ok(0.0)",
    );
    let (out, _, code) = world.run(&["grade", "forged-share"]);
    assert!(code == 1 && out.contains("0/6") && out.contains("printed by your code"), "{out}");
    world.answer("forged_share::solution::mean(x)");
    let (out, _, code) = world.run(&["grade", "forged-share"]);
    assert!(code == 1 && out.contains("0/6"), "{out}");
    assert!(out.contains("line 4 of your file names `solution`"), "{out}");
}

#[test]
fn a_loop_that_prints_is_listened_to_without_end_and_kept_in_part() {
    let world = World::new("printing-share");
    world.answer("loop { println!(\"{x:?}\") }");
    let (out, _, code) = world.run(&["grade", "printing-share"]);
    assert!(code == 1 && out.contains("0/6") && out.contains("not done after"), "{out}");
    assert!(out.len() < 100_000 && out.contains("more lines"), "{}", out.len());
}

#[test]
fn two_branches_that_each_add_a_lesson_merge_without_a_conflict() {
    let world = World::new("first-share");
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args(arguments)
            .current_dir(world.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    };
    let attributes = include_str!("../../../../.gitattributes");
    world.write(".gitattributes", attributes);
    git(&["init", "--quiet", "--initial-branch=main"]);
    // The lock file is complete before the branches part.
    world.study(&["grade"]).assert().code(1);
    for (branch, lesson) in
        [("main", ""), ("one", "1-basics/kurtosis"), ("two", "1-basics/variance")]
    {
        if branch != "main" {
            git(&["checkout", "--quiet", "-b", branch, "main"]);
            world.study(&["new", lesson, "--title", &format!("The {lesson}")]).assert().success();
            world.study(&["grade", lesson.split_once('/').unwrap().1]).assert().code(1);
        }
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", branch]);
    }
    git(&["merge", "--quiet", "--no-edit", "one"]);
    let summary = fs::read_to_string(world.path("src/SUMMARY.md")).unwrap();
    assert!(summary.contains("kurtosis.md") && summary.contains("variance.md"), "{summary}");
    let (out, err, code) = world.run(&["grade"]);
    assert!(code == 1 && out.contains("kurtosis") && out.contains("variance"), "{out}{err}");
}

#[test]
fn a_loop_that_pushes_ends_before_the_memory_does() {
    let world = World::new("pushing-share");
    world.answer(
        "let mut all = Vec::new();\n    while x.len() == 2 { all.push(vec![0.0; 1 << 16]); }\n    \
         if x.is_empty() { return Err(Empty) }\n    Ok(x.iter().sum::<f64>() / x.len() as f64)",
    );
    let (out, _, _) = world.run(&["grade", "pushing-share"]);
    assert!(out.contains("2/6"), "{out}");
    assert!(out.contains("asked for more than 4 GB of memory. Is there a loop"), "{out}");
    assert!(!out.contains("printed by your code"), "{out}");
}

#[test]
fn a_loop_that_never_ends_is_waited_for_once_only() {
    let world = World::new("waiting-share");
    world.answer("loop { std::thread::sleep(std::time::Duration::from_secs(x.len() as u64 + 1)) }");
    let start = Instant::now();
    let (out, _, _) = world.run(&["grade", "waiting-share"]);
    let seconds = scores::TIME_LIMIT + 3 * scores::TIME_LIMIT_AFTER_TIMEOUT;
    assert!(start.elapsed() < seconds + Duration::from_secs(60), "{:?}", start.elapsed());
    assert_eq!(out.matches("not done after 30 s").count(), 1, "{out}");
    assert_eq!(out.matches("not done after 5 s").count(), 3, "{out}");
}

#[test]
fn next_stops_at_the_first_failure() {
    let world = World::new("stopped-share");
    world.answer("if x.is_empty() { loop { std::thread::park() } }\n    Ok(0.0)");
    let (out, _, code) = world.run(&["next"]);
    assert_eq!(code, 1);
    assert!(out.contains("The mean of the first squares has its closed form"), "{out}");
    // Now that it is compiled, only a check that hangs could take long.
    let start = Instant::now();
    world.run(&["next"]);
    assert!(start.elapsed() < scores::TIME_LIMIT, "{:?}", start.elapsed());
}

#[test]
fn a_lesson_that_does_not_compile_keeps_its_checks_and_its_hash() {
    let world = World::new("listed-share");
    let sheet = |world: &World| {
        let (out, _, code) = world.run(&["grade", "--format", "json"]);
        let progress: scores::Progress = serde_json::from_str(&out).unwrap();
        (progress.sheets.into_iter().next().unwrap(), code)
    };
    // Nothing was built before, as on the machine of a classroom.
    world.answer("x.sum()");
    let (broken, code) = sheet(&world);
    assert_eq!((code, broken.points, broken.max_points), (2, 0, 6));
    assert!(broken.checks.iter().all(|check| check.status == scores::Status::Failed));
    let message = broken.checks[0].message.as_deref().unwrap();
    assert!(message.contains("src/exercise.rs:4: does not compile: no method"), "{message}");
    let (xml, _, _) = world.run(&["grade", "--format", "junit"]);
    assert!(xml.contains("tests=\"4\"") && xml.contains("errors=\"4\""), "{xml}");
    assert!(xml.contains("<system-err>error[E0599]"), "{xml}");

    world.answer(RIGHT);
    let (whole, code) = sheet(&world);
    assert_eq!((code, whole.points, whole.max_points), (0, 6, 6));
    assert_eq!(whole.hash, broken.hash);
    let bare = |sheet: &scores::Sheet| {
        let checks = sheet.checks.iter();
        checks.map(|c| (c.name.clone(), c.title.clone(), c.max_points)).collect::<Vec<_>>()
    };
    assert_eq!(bare(&whole), bare(&broken));
}

#[test]
fn code_that_does_not_compile_is_shown_and_hints_still_come() {
    let world = World::new("broken-share");
    let (out, _, _) = world.run(&["hint", "broken-share"]);
    assert!(out.contains("1. Add all numbers") && out.contains("One more"), "{out}");
    world.answer("x.sum()");
    let (out, err, code) = world.run(&["grade"]);
    assert_eq!(code, 2);
    assert!(out.contains("0/6 · does not compile yet") && out.contains("0 of 6 points"), "{out}");
    assert!(err.starts_with("\nerror[E0599]"), "{err}");
    assert!(err.contains("broken-share/src/exercise.rs does not compile yet: fix the"), "{err}");
    let check = "mean_of_squares_has_a_closed_form";
    let (out, _, code) = world.run(&["hint", "broken-share", check]);
    assert_eq!(code, 0);
    assert!(
        out.contains("1. Add all") && out.contains("2. ") && out.contains("the last hint"),
        "{out}"
    );
    let (out, _, _) = world.run(&["hint", "broken-share", "mean_of_square"]);
    assert!(out.contains("1. Add all"), "a part of a name will do: {out}");
    let (_, err, code) = world.run(&["hint", "broken-share", "mean_of_sqares"]);
    assert_eq!(code, 2);
    assert!(err.contains("has no check `mean_of_sqares`") && err.contains(check), "{err}");
}

#[test]
fn a_reset_keeps_a_copy() {
    let world = World::new("reset-share");
    let stub = fs::read_to_string(world.path(&world.exercise())).unwrap();
    world.answer(RIGHT);
    let answer = fs::read_to_string(world.path(&world.exercise())).unwrap();
    let (out, _, code) = world.run(&["reset", "reset-share"]);
    assert_eq!(code, 0);
    assert_eq!(fs::read_to_string(world.path(&world.exercise())).unwrap(), stub);
    let copy =
        out.lines().find_map(|line| line.trim().strip_prefix("your version is in ")).unwrap();
    assert_eq!(fs::read_to_string(world.path(copy)).unwrap(), answer);
    let check = "mean_of_nothing_is_an_error";
    world.run(&["hint", "reset-share", check, "--all"]);
    world.run(&["reset", "reset-share"]);
    let (out, _, _) = world.run(&["hint", "reset-share", check]);
    assert!(out.contains("1. ") && !out.contains("2. "), "{out}");
    let (_, err, code) = world.run(&["solution", "reset-share"]);
    assert_eq!(code, 1);
    assert!(err.contains("0 of 6 points") && err.contains("--anyway"), "{err}");
}

#[test]
fn one_check_is_graded_by_a_part_of_its_name() {
    let world = World::new("single-share");
    world.answer("Ok(x.iter().sum::<f64>() / x.len() as f64)");
    let (out, err, code) = world.run(&["grade", "single-share", "of_squares"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("2 of 2 points") && !out.contains("Python"), "{out}");
    assert!(out.contains("the whole lesson: cargo study grade single-share"), "{out}");
    let (out, _, code) = world.run(&["grade", "single-share", "nothing", "--format", "json"]);
    let progress: scores::Progress = serde_json::from_str(&out).unwrap();
    let checks = &progress.sheets[0].checks;
    assert_eq!((code, checks.len(), checks[0].points, checks[0].max_points), (1, 1, 0, 1));
    let (_, err, code) = world.run(&["grade", "single-share", "median"]);
    assert_eq!(code, 2);
    assert!(err.contains("single-share has no check `median`. It has\n  mean_of_squ"), "{err}");
    assert!(!world.path("target").exists(), "what is made goes where CARGO_TARGET_DIR says");
}

#[test]
fn an_error_of_the_learners_is_told_as_theirs() {
    let world = World::new("erring-share");
    world.answer("let _ = x; Err(Empty)");
    let (out, _, code) = world.run(&["grade", "erring-share", "of_squares"]);
    assert_eq!(code, 1);
    assert!(out.contains("expected a value, but your `mean` returned an error: the"), "{out}");
}

/// A program that ends with the test, also where that fails.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_save_abandons_a_run_that_hangs_and_full_score_names_the_next_lesson() {
    let world = World::new("hanging-share");
    world.study(&["new", "1-basics/later-share", "--title", "Later"]).assert().success();
    world.answer("std::fs::write(\"hangs\", \"\").unwrap(); loop { std::thread::park() }");
    let said = world.path("said.txt");
    let mut watch = std::process::Command::new(env!("CARGO_BIN_EXE_study"));
    watch.current_dir(world.folder.path()).args(["watch", "hanging-share"]);
    watch.envs(world.environment()).stdout(fs::File::create(&said).unwrap());
    let watch = Ended(watch.spawn().unwrap());
    let wait = |what: &str, is_so: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !is_so() {
            assert!(start.elapsed() < Duration::from_secs(300), "waited for {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    wait("a run that hangs", &|| world.path("hangs").exists());
    world.answer(RIGHT);
    let text = || fs::read_to_string(&said).unwrap();
    wait("full score", &|| text().contains("Watching"));
    drop(watch);
    assert!(!text().contains("not done after"), "{}", text());
    let (board, next) =
        text().split_once("6 of 6 points").map(|(a, b)| (a.len(), b.to_owned())).unwrap();
    assert!(board > 0 && next.contains("Full score."), "{}", text());
    assert!(next.contains("the next lesson cargo study watch later-share"), "{}", text());
}

#[test]
fn a_hint_that_cannot_be_noted_says_so() {
    let world = World::new("noted-share");
    world.write(".study", "no folder");
    let check = "mean_of_nothing_is_an_error";
    let (out, err, code) = world.run(&["hint", "noted-share", check]);
    assert_eq!(code, 0, "{err}");
    // Lines are broken where they are too long.
    let err = err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("1. ") && err.contains("could not be noted"), "{out}{err}");
    assert!(err.contains(".study cannot be made"), "{err}");
}
