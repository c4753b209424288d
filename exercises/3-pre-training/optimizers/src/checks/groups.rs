//! Which weights decay.

use grading::draw::{self, Strategy};
use grading::{Outcome, differential, expect_eq, expect_same};

use crate::oracle::golden;
use crate::{Answers, Group, Parameter, SOLUTION};

/// A group as its start, its end and its decay.
type Told = (usize, usize, f64);

fn told(groups: &[Group]) -> Vec<Told> {
    groups.iter().map(|group| (group.range.start, group.range.end, group.weight_decay)).collect()
}

fn parameter(name: &str, shape: &[usize]) -> Parameter {
    Parameter { name: name.into(), shape: shape.to_vec() }
}

/// The decay of each number.
fn spread(groups: &[Group], numbers: usize) -> Vec<f64> {
    let mut decays = vec![f64::NAN; numbers];
    for group in groups {
        for at in group.range.clone() {
            if let Some(decay) = decays.get_mut(at) {
                *decay = group.weight_decay;
            }
        }
    }
    decays
}

pub fn groups_are_those_of_transformers(answers: &Answers) -> Outcome {
    for model in golden()?.models {
        let parameters: Vec<Parameter> =
            model.parameters.iter().map(|(name, shape, _)| parameter(name, shape)).collect();
        let numbers = |shape: &[usize]| shape.iter().product::<usize>();
        let all = model.parameters.iter().map(|(_, shape, _)| numbers(shape)).sum();
        let got = (answers.decay_groups)(&parameters, 0.1);
        let decays = spread(&got, all);
        let mut start = 0;
        for (name, shape, is_decayed) in &model.parameters {
            let end = start + numbers(shape);
            let want = if *is_decayed { 0.1 } else { 0.0 };
            let wrong = decays[start..end].iter().find(|decay| **decay != want);
            let what =
                format!("{}: the weight decay of {name}, weights {start}..{end}", model.name);
            expect_same(&what, wrong.unwrap_or(&want), &want)?;
            start = end;
        }
        let end = got.last().map(|group| group.range.end);
        expect_same(&format!("{}: where the last group ends", model.name), &end, &Some(all))?;
    }
    Ok(())
}

pub fn groups_are_all_numbers(answers: &Answers) -> Outcome {
    let cases: [(&[Parameter], &[Told]); 7] = [
        (&[], &[]),
        (&[parameter("w", &[0, 3])], &[]),
        (&[parameter("scale", &[])], &[(0, 1, 0.0)]),
        (&[parameter("a", &[2, 3]), parameter("b", &[1, 2, 2])], &[(0, 10, 0.1)]),
        (
            &[
                parameter("a", &[2, 2]),
                parameter("a.bias", &[2]),
                parameter("b.bias", &[0]),
                parameter("norm.weight", &[3]),
                parameter("c", &[1, 1]),
            ],
            &[(0, 4, 0.1), (4, 9, 0.0), (9, 10, 0.1)],
        ),
        // All layers in one tensor: names decide where shapes cannot.
        (
            &[
                parameter("layers.ln_1.weight", &[2, 3]),
                parameter("layers.attn.Bias", &[2, 4]),
                parameter("layers.RMSNorm_0", &[2, 2]),
                parameter("layers.ln", &[1, 2]),
                parameter("layers.biases.unbiased", &[3, 1]),
                parameter("layers.lnx.kiln_1", &[1, 1]),
            ],
            &[(0, 20, 0.0), (20, 24, 0.1)],
        ),
        (
            &[parameter("w", &[70_000, 9]), parameter("v", &[70_000])],
            &[(0, 630_000, 0.1), (630_000, 700_000, 0.0)],
        ),
    ];
    for (parameters, want) in cases {
        let shown: Vec<String> =
            parameters.iter().map(|p| format!("{} {:?}", p.name, p.shape)).collect();
        let got = told(&(answers.decay_groups)(parameters, 0.1));
        let what = format!("groups (start, end, decay) of [{}]", shown.join(", "));
        expect_eq(&what, &got, want)?;
    }
    Ok(())
}

pub fn groups_agree(answers: &Answers) -> Outcome {
    let part = || {
        draw::select(vec![
            "weight",
            "bias",
            "BIAS",
            "biases",
            "ln",
            "ln_f",
            "LN_2",
            "lnf",
            "kiln_",
            "norm",
            "q_norm",
            "LayerNorm",
            "enormous",
            "h",
            "0",
            "",
        ])
    };
    let name = draw::list(part(), 1..=4).prop_map(|parts| parts.join("."));
    let shape = draw::list(draw::select(vec![1_usize, 2, 3, 0, 50]), 0..=3);
    let parameters = draw::list((name, shape), 0..=9);
    let decay = draw::select(vec![0.1, 0.0, 3.0]);
    differential((parameters, decay), |(parameters, decay)| {
        let parameters: Vec<Parameter> =
            parameters.iter().map(|(name, shape)| parameter(name, shape)).collect();
        let [got, want] =
            [answers, &SOLUTION].map(|answers| told(&(answers.decay_groups)(&parameters, *decay)));
        expect_eq("groups (start, end, decay)", &got, &want)
    })
}
