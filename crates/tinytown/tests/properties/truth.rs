//! What [`World::truth`] says of texts that are true, false, or nothing at all.

use tinytown::{Truth, World};

#[test]
fn everything_that_stories_say_is_true() {
    for seed in [1, 2] {
        let world = World::new(seed);
        for story in world.stories(3).take(100) {
            let Truth { statements, well_formed, true_of_the_town } = world.truth(&story.text);
            assert!(statements >= 3, "{}", story.text);
            assert_eq!((well_formed, true_of_the_town), (statements, statements), "{}", story.text);
        }
    }
}

#[test]
fn of_other_people_the_same_is_well_formed_and_often_false() {
    let (world, other) = (World::new(1), World::new(2));
    let (mut all, mut formed, mut is_true) = (0, 0, 0);
    for story in world.stories(3).take(100) {
        let mut text = story.text.clone();
        // Everybody gets the name of somebody else.
        for (i, person) in world.people.iter().enumerate() {
            text = text.replace(person.name, &format!("<{i}>"));
        }
        for i in (0..world.people.len()).rev() {
            text = text.replace(&format!("<{i}>"), world.people[(i + 7) % world.people.len()].name);
        }
        let truth = world.truth(&text);
        all += truth.statements;
        formed += truth.well_formed;
        is_true += truth.true_of_the_town;
    }
    // A street that is called after a person is no longer a street.
    assert!(formed * 100 > all * 85, "{formed} of {all}");
    assert!(is_true * 100 < all * 75, "{is_true} of {all}");
    assert_ne!(world.people, other.people);
}

#[test]
fn single_statements_are_judged() {
    let world = World::new(1);
    let (a, b) = (&world.people[0], &world.people[1]);
    assert_ne!(a.job, b.job);
    let (job, at) = (a.job.name, a.job.at);
    let judge = |text: &str| {
        let Truth { statements, well_formed, true_of_the_town } = world.truth(text);
        [statements, well_formed, true_of_the_town]
    };
    let article = tinytown::article(job);
    let line = format!("{} was {article} {job} and worked {at}.", a.name);
    assert_eq!(judge(&line), [1, 1, 1]);
    assert_eq!(judge(&format!("{line} {line}\n{line}")), [3, 3, 3]);
    // Somebody else's job, another article, a small letter, half a sentence, nothing.
    let other = tinytown::article(b.job.name);
    let wrong = format!("{} was {other} {} and worked {}.", a.name, b.job.name, b.job.at);
    assert_eq!(judge(&wrong), [1, 1, 0]);
    let wrong = line.replace(&format!(" {article} "), if article == "a" { " an " } else { " a " });
    assert_eq!(judge(&wrong), [1, 0, 0]);
    assert_eq!(judge(&line.to_lowercase()), [1, 0, 0]);
    assert_eq!(judge(&line[..line.len() - 1]), [1, 0, 0]);
    assert_eq!(judge(""), [0, 0, 0]);
    assert_eq!(judge("é. \"No!\" Never…"), [3, 0, 0]);
    // What is wrong costs only itself.
    assert_eq!(judge(&format!("Cat the. {line} {line}")), [3, 2, 2]);
    assert_eq!(judge("The wind blew softly from the sea."), [1, 1, 1]);
}
