//! Every kernel of `corpus/` gets the verdict that its first lines name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernel_interpreter::{
    Action, Buffer, Dispatch, Finding, Kernel, Memory, Place, Reason, Report, Row, Severity,
    TraceRequest, rows,
};

/// What the first lines of a kernel say of it.
#[derive(Debug, Default)]
struct Header {
    verdict: BTreeSet<String>,
    notes: BTreeSet<String>,
    browser_refuses: bool,
    grid: [u32; 3],
    buffers: Vec<Buffer>,
    steps: Option<u64>,
}

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut kernels: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "wgsl")).collect();
    kernels.sort();
    assert!(kernels.len() >= 60, "the corpus has only {} kernels", kernels.len());
    kernels
}

fn words(list: &str) -> BTreeSet<String> {
    list.split(',').map(|word| word.trim().to_owned()).filter(|w| w != "ok").collect()
}

/// The header: `// key: value` lines, down to the first line that is no comment.
fn header(wgsl: &str) -> Header {
    let mut header = Header::default();
    for line in wgsl.lines().map_while(|line| line.strip_prefix("//")) {
        let Some((key, value)) = line.split_once(": ") else { continue };
        let value = value.trim();
        match key.trim() {
            "verdict" => header.verdict = words(value),
            "note" => header.notes = words(value),
            "browser" => {
                assert!(["compiles", "refuses"].contains(&value), "a browser {value}");
                header.browser_refuses = value == "refuses";
            }
            "grid" => {
                let sizes: Vec<u32> = value.split(' ').map(|n| n.parse().unwrap()).collect();
                header.grid = sizes.try_into().unwrap();
            }
            "steps" => header.steps = Some(value.parse().unwrap()),
            binding => {
                if let Ok(binding) = binding.parse() {
                    header.buffers.push(buffer(binding, value));
                }
            }
        }
    }
    header
}

/// `f32 64`: numbers of either sign; `iota 64`: 0, 1, …; `out 64`, an output; `io 64`, one that
/// holds numbers; `u32 1 2 3`: these.
fn buffer(binding: u32, text: &str) -> Buffer {
    let (kind, rest) = text.split_once(' ').unwrap();
    let numbers: Vec<u32> = rest.split(' ').map(|n| n.parse().unwrap()).collect();
    let ramp = (0..numbers[0]).map(|i| ((i * 37 % 101) as f32 - 40.0) / 8.0);
    match kind {
        "f32" | "io" => Buffer::input(binding, &ramp.collect::<Vec<_>>()),
        "iota" => Buffer::words(binding, (0..numbers[0]).collect()),
        "out" => Buffer::output(binding, numbers[0] as usize),
        "u32" => Buffer::words(binding, numbers),
        kind => panic!("no such buffer: {kind}"),
    }
}

fn run(wgsl: &str, seed: u64) -> Report {
    let header = header(wgsl);
    let kernel = Kernel::new(wgsl, "main").unwrap();
    let mut dispatch = Dispatch::new(header.buffers, header.grid);
    dispatch.seed = seed;
    dispatch.steps = header.steps.unwrap_or(dispatch.steps);
    kernel.run(&dispatch).unwrap()
}

/// The lines that a finding must name.
fn marked(wgsl: &str) -> BTreeSet<u32> {
    (1..).zip(wgsl.lines()).filter(|(_, l)| l.contains("// HERE")).map(|(n, _)| n).collect()
}

fn check(wgsl: &str) -> Result<(), String> {
    let header = header(wgsl);
    let lines = |places: &[Place]| places.iter().map(|p| p.line).collect::<BTreeSet<_>>();
    let kernel = match Kernel::new(wgsl, "main") {
        Ok(kernel) => kernel,
        Err(refusal) => {
            let verdict = match refusal.reason {
                Reason::Invalid => "refused",
                _ => "unknown",
            };
            if !header.verdict.contains(verdict) {
                return Err(format!("{verdict}: {refusal}"));
            }
            if header.browser_refuses != (verdict == "refused") {
                return Err("the header says something else of browsers".into());
            }
            if !marked(wgsl).is_subset(&lines(&[refusal.place])) {
                return Err(format!("not at the marked line: {refusal}"));
            }
            return Ok(());
        }
    };
    if kernel.uniformity().is_empty() == header.browser_refuses {
        return Err(format!("a browser would say something else than {:?}", kernel.uniformity()));
    }
    // Whatever the order of threads, the verdict is the same.
    for seed in [0, 1, 0xdead_beef] {
        let report = run(wgsl, seed);
        let kinds = |severity| -> BTreeSet<String> {
            let findings = report.findings.iter().filter(|f| f.severity() == severity);
            findings.map(|finding| finding.kind().to_owned()).collect()
        };
        let told: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        let told = format!("seed {seed}: {told:#?}");
        let errors = kinds(Severity::Error);
        // Notes depend on the order in a run that goes wrong.
        let notes = kinds(Severity::Note);
        let notes_fit = match errors.is_empty() {
            true => notes == header.notes,
            false => notes.is_subset(&header.notes),
        };
        if errors != header.verdict || !notes_fit {
            return Err(told);
        }
        // Threads that have lost each other at a barrier race because of that.
        let first = report.errors().next().map(|finding| finding.kind());
        if errors.contains("barrier") && first != Some("barrier") {
            return Err(format!("the barrier is not told first: {told}"));
        }
        let named = report.findings.iter().flat_map(|f| lines(&f.places())).collect();
        if !marked(wgsl).is_subset(&named) {
            return Err(format!("not at the marked line: {told}"));
        }
    }
    Ok(())
}

/// Fails with what a check says of the kernels of the corpus.
fn expect_of_all(check: fn(&str) -> Result<(), String>) {
    let mut faults = Vec::new();
    for path in corpus() {
        let wgsl = std::fs::read_to_string(&path).unwrap();
        if let Err(fault) = check(&wgsl) {
            faults.push(format!("{}: {fault}", path.file_stem().unwrap().display()));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_kernel_gets_its_verdict() {
    expect_of_all(check);
}

/// The corpus has right kernels and wrong ones of every kind.
#[test]
fn the_corpus_has_every_verdict() {
    let mut seen = BTreeSet::new();
    for path in corpus() {
        let header = header(&std::fs::read_to_string(path).unwrap());
        seen.insert(if header.verdict.is_empty() { "ok".to_owned() } else { String::new() });
        seen.extend(header.verdict);
        seen.extend(header.notes);
    }
    for kind in [
        "ok",
        "non-uniform",
        "barrier",
        "race",
        "bounds",
        "endless",
        "unwritten",
        "twice",
        "unset",
        "refused",
        "unknown",
    ] {
        assert!(seen.contains(kind), "no kernel of the corpus shows `{kind}`");
    }
}

/// A seed repeats a run to the last event.
#[test]
fn a_seed_repeats_a_run() {
    for path in corpus() {
        let wgsl = std::fs::read_to_string(&path).unwrap();
        if Kernel::new(&wgsl, "main").is_ok() {
            assert_eq!(run(&wgsl, 7), run(&wgsl, 7), "{}", path.display());
        }
    }
}

/// The first workgroup of a kernel, step by step: what it does is all there, in the order of each
/// thread, and races are marked where the findings have them and nowhere else.
fn check_steps(wgsl: &str) -> Result<(), String> {
    let header = header(wgsl);
    let Ok(kernel) = Kernel::new(wgsl, "main") else { return Ok(()) };
    let mut dispatch = Dispatch::new(header.buffers, header.grid);
    dispatch.seed = 1;
    // Loops without an end do the same again and again.
    dispatch.steps = header.steps.unwrap_or(dispatch.steps).min(500);
    dispatch.trace = Some(TraceRequest { group: Some([0; 3]), events: 200_000 });
    let report = kernel.run(&dispatch).unwrap();
    let trace = report.trace.as_ref().unwrap();
    assert!(!trace.cut);
    let findings: Vec<&Finding> = report.errors().collect();
    let threads: Vec<u32> = (0..kernel.workgroup_size().iter().product()).collect();
    let mut acts: Vec<Vec<(usize, Place, bool)>> = vec![Vec::new(); threads.len()];
    // What a barrier of the wrong kind does not keep apart is known from findings only.
    let wrong_barrier = |f: &&&Finding| matches!(f, Finding::Race { wrong_barrier: true, .. });
    let given: Vec<&Finding> = findings.iter().filter(wrong_barrier).copied().collect();
    for row in rows(&trace.events, &threads, &given) {
        let Row::Step(step) = row else { continue };
        for act in step.acts {
            acts[act.thread as usize].push((act.at, step.place, act.races));
        }
    }
    for (thread, acts) in (0..).zip(&acts) {
        let is_shared = |action: &Action| match action {
            Action::Read(cell, _) | Action::Write(cell, _) | Action::Atomic { cell, .. } => {
                matches!(cell.memory, Memory::Workgroup | Memory::Storage)
            }
            _ => false,
        };
        let events = trace.events.iter().enumerate();
        let of = events.filter(|(_, event)| event.thread == thread && is_shared(&event.action));
        let wanted: Vec<(usize, Place)> = of.map(|(at, event)| (at, event.place)).collect();
        let got: Vec<(usize, Place)> = acts.iter().map(|&(at, place, _)| (at, place)).collect();
        if got != wanted {
            return Err(format!("thread {thread} does {got:?} instead of {wanted:?}"));
        }
    }
    let is_here = |group: Option<[u32; 3]>| group.is_none_or(|group| group == [0; 3]);
    let mut among_groups = false;
    for finding in findings {
        let Finding::Race { first, second, .. } = finding else { continue };
        if !is_here(first.thread.group) || !is_here(second.thread.group) {
            among_groups = true;
            continue;
        }
        for access in [first, second] {
            let marked = acts[access.thread.index as usize]
                .iter()
                .any(|&(_, place, races)| races && place == access.place);
            if !marked {
                return Err(format!("{access:?} is not marked"));
            }
        }
    }
    let is_marked = acts.iter().flatten().any(|(.., races)| *races);
    if is_marked && !among_groups && !header.verdict.contains("race") {
        return Err("a race is marked that nobody found".into());
    }
    Ok(())
}

#[test]
fn steps_tell_what_threads_do() {
    expect_of_all(check_steps);
}
