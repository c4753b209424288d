//! What the lesson on bias keeps of Buddy is what Buddy does.

#[path = "../../../exercises/3-pre-training/bias-in-data/examples/buddy/measure.rs"]
#[allow(dead_code)]
mod measure;

use bias_in_data::measured::Measured;
use measure::Measure;
use pocket_buddy::PocketBuddy;

const AGAIN: &str = "`cargo run --release -p bias-in-data --example buddy` measures it again";

/// Another processor may round otherwise in the last digits.
fn near(got: f64, want: f64) -> bool {
    (got - want).abs() < 2e-3
}

#[test]
fn jobs_and_newcomers_are_as_they_were_measured() {
    let (kept, measure) = (Measured::read().unwrap(), Measure::new().unwrap());
    let jobs = measure.jobs().unwrap();
    for (now, kept) in jobs.iter().zip(&kept.jobs) {
        assert_eq!((&now.name, now.people, now.told), (&kept.name, kept.people, kept.told));
        let is_near = now.buddy.iter().zip(kept.buddy).all(|(now, kept)| near(*now, kept));
        assert!(is_near, "{now:?}, not {kept:?}: {AGAIN}");
    }
    assert_eq!(jobs.len(), kept.jobs.len());
    let names = measure.names();
    assert!(names.iter().copied().eq(kept.newcomers.iter().map(|newcomer| &newcomer.name[..])));
    for name in ["Mia", "Sam", "Theo"] {
        let now = &measure.newcomers(&[name]).unwrap().0[0];
        let kept = kept.newcomer(name).unwrap();
        assert!(near(now.girl, kept.girl) && near(now.boy, kept.boy), "{now:?}, {kept:?}: {AGAIN}");
    }
}

/// By the probabilities of all tokens, without the function that adds up logarithms.
#[test]
fn a_pronoun_is_as_likely_as_its_tokens_are_one_after_the_other() {
    let (kept, buddy) = (Measured::read().unwrap(), PocketBuddy::kept().unwrap());
    let fisher = kept.jobs.iter().find(|job| job.name == "fisher").unwrap();
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let likely = |day: &str| {
        let mut ids = vec![buddy.end];
        ids.extend(
            buddy.encode(&format!("On {day} morning, the fisher went to the harbor.")).unwrap(),
        );
        let mut product = 1.0;
        for id in buddy.encode(" Their name").unwrap() {
            let logits = buddy.logits(&ids, None).unwrap();
            let last = &logits[logits.len() - buddy.model.sizes.vocab_size..];
            let sum: f64 =
                last.iter().map(|logit| f64::from(logit - last[id as usize]).exp()).sum();
            product /= sum;
            ids.push(id);
        }
        product
    };
    let mean = days.iter().map(|day| likely(day)).sum::<f64>() / 7.0;
    assert!(near(mean, fisher.buddy[2]), "{mean}, not {fisher:?}");
}
