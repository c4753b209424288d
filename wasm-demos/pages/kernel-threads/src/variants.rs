//! The kernels to look at: one that is right, and the same with one thing wrong. It is none of those
//! that a lesson asks for, so it gives no answer away.

/// A right kernel, of eight threads.
pub const RIGHT: &str = include_str!("../kernels/pass_on.wgsl");

/// A kernel: its name, what a reader chooses, and what it has instead of a passage of [`RIGHT`].
struct Variant {
    name: &'static str,
    title: &'static str,
    change: Option<(&'static str, &'static str)>,
}

const VARIANTS: [Variant; 5] = [
    Variant { name: "right", title: "a kernel that is right", change: None },
    Variant {
        name: "race",
        title: "without its second barrier",
        change: Some((
            "        workgroupBarrier();\n        slots[thread] = number;\n",
            "        slots[thread] = number;\n",
        )),
    },
    Variant {
        name: "branch",
        title: "a barrier for some of the threads",
        change: Some((
            "        workgroupBarrier();\n        slots[thread] = number;\n",
            "        if thread < 4u {\n            workgroupBarrier();\n        }\n        slots[thread] = number;\n",
        )),
    },
    Variant {
        name: "beyond",
        title: "with a neighbor too far",
        change: Some(("slots[(thread + 1u) % 8u]", "slots[thread + 1u]")),
    },
    Variant {
        name: "endless",
        title: "with a loop that never ends",
        change: Some(("round += 1u", "round *= 1u")),
    },
];

/// What a reader chooses from: names and titles; the last is the reader's own.
pub const CHOICES: [(&str, &str); 6] = {
    let mut choices = [("own", "the kernel in the box below"); 6];
    let mut i = 0;
    while i < VARIANTS.len() {
        choices[i] = (VARIANTS[i].name, VARIANTS[i].title);
        i += 1;
    }
    choices
};

/// The source of a variant; `None` for the reader's own.
pub fn source(name: &str) -> Option<String> {
    let variant = VARIANTS.iter().find(|variant| variant.name == name)?;
    Some(match variant.change {
        Some((passage, instead)) => RIGHT.replacen(passage, instead, 1),
        None => RIGHT.to_owned(),
    })
}
