//! The kernels to look at: a sum, and the same sum with one thing wrong.

/// A right sum, of eight threads.
pub const SUM: &str = include_str!("../kernels/sum.wgsl");

/// A kernel: its name, what a reader chooses, and what it has instead of a passage of [`SUM`].
struct Example {
    name: &'static str,
    title: &'static str,
    change: Option<(&'static str, &'static str)>,
}

const EXAMPLES: [Example; 5] = [
    Example { name: "right", title: "a sum that is right", change: None },
    Example {
        name: "race",
        title: "without the barrier",
        change: Some(("        workgroupBarrier();\n", "")),
    },
    Example {
        name: "branch",
        title: "a barrier for some of the threads",
        change: Some((
            "        workgroupBarrier();\n        if thread < half {\n",
            "        if thread < half {\n            workgroupBarrier();\n",
        )),
    },
    Example {
        name: "beyond",
        title: "a tree that begins too wide",
        change: Some(("var half = THREADS / 2u;", "var half = THREADS;")),
    },
    Example {
        name: "endless",
        title: "a tree that never ends",
        change: Some(("half > 0u; half /= 2u", "half >= 0u; half /= 2u")),
    },
];

/// What a reader chooses from: names and titles; the last is the reader's own.
pub const CHOICES: [(&str, &str); 6] = {
    let mut choices = [("own", "the kernel in the box below"); 6];
    let mut i = 0;
    while i < EXAMPLES.len() {
        choices[i] = (EXAMPLES[i].name, EXAMPLES[i].title);
        i += 1;
    }
    choices
};

/// The source of an example; `None` for the reader's own.
pub fn source(name: &str) -> Option<String> {
    let example = EXAMPLES.iter().find(|example| example.name == name)?;
    Some(match example.change {
        Some((passage, instead)) => SUM.replacen(passage, instead, 1),
        None => SUM.to_owned(),
    })
}
