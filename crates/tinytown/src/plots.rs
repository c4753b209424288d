//! The plots of stories, as data: beats, each with several ways to tell it.
//!
//! `A` is whom the story is about, `B` a second person with other pronouns, `C` a passer-by. What a
//! beat mentions, later beats take up again: a model needs a long memory to tell them well.

/// What happens in a plot: who, what they did, to whom, with which thing, where.
#[derive(Debug)]
pub(crate) struct Deed {
    pub who: char,
    pub verb: &'static str,
    pub whom: Option<char>,
    /// A pattern.
    pub object: &'static str,
    /// One of `P`, `Q`, `R`.
    pub place: Option<char>,
}

/// A kind of story.
#[derive(Debug)]
pub(crate) struct Plot {
    pub name: &'static str,
    /// One of each is told, in order.
    pub beats: &'static [&'static [&'static str]],
    /// Ways to sum it up in one sentence.
    pub summaries: &'static [&'static str],
    /// What happens, in order.
    pub deeds: &'static [Deed],
    /// Which of them the summary is about.
    pub main: usize,
}

const fn deed(
    who: char,
    verb: &'static str,
    whom: Option<char>,
    object: &'static str,
    place: Option<char>,
) -> Deed {
    Deed { who, verb, whom, object, place }
}

/// First sentences about `A`, which are true in the world.
pub(crate) const OPENINGS: &[&str] = &[
    "{A} was a {A.job} and worked {A.at}.",
    "{A} lived in {A.street} and worked {A.at}.",
    "{A} the {A.job} lived in {A.street}.",
    "In {A.street} lived a {A.nature} {A.job} called {A}.",
    "{A} was a {A.nature} {A.woman} who worked {A.at}.",
    "On {day}, {A} the {A.job} got up early.",
    "On {day} morning, the {A.job} went to the {A.work}. {A.his} name was {A}.",
    "{A} the {A.job} had a {A.pet} called {A.petname}.",
    "{A} loved {A.doing}, but on {day} there was no time for it.",
    "Nobody in {A.street} liked {A.likes} as much as {A} did.",
    "It was a {weather} {day}, and {A} had finished work {A.at}.",
    "When {A} was a {A.girl}, {A.his} {A.mother} also worked as a {A.job}.",
];

/// Sentences that introduce `B` after `A`.
pub(crate) const FRIENDS: &[&str] = &[
    "{B} the {B.job} lived in {B.street}.",
    "{B}, whom {A} knew from school, worked {B.at}.",
    "{A} often met {B}, who was a {B.job}.",
    "{A} knew a {B.nature} {B.job} called {B}.",
    "{B} worked {B.at}, not far away.",
    "{B} was a {B.job} and loved {B.doing}.",
];

/// Sentences about a job, which every story may have: they tie job, workplace, tool and product.
pub(crate) const WORK: &[&str] = &[
    "At work, the {A.job} {A.did} with the {A.tool}.",
    "The {A.job} went to the {A.work} and {A.did}.",
    "All morning, {A} {A.did} {A.at}.",
    "Everybody got {A.product} {A.at} when the {A.job} was there.",
    "People came to the {A.work} for {A.product}, and the {A.job} was never idle.",
    "Near the {A.work}, {B} thanked the {A.job} for the {A.product}.",
    "{B} had come to the {A.work} for {A.product}, and the {A.job} was glad to help.",
    "The {A.job} left the {A.tool} at the {A.work} and went out.",
    "Nobody gets {A.product} without a {A.tool}, says every {A.job}.",
    "Behind the {A.work}, the {A.job} rested for a moment and thought about {A.product}.",
    "It is not easy to {A.task} all day, but {A} did not mind.",
];

/// Sentences that have nothing to do with the plot.
pub(crate) const ASIDES: &[&str] = &[
    "The wind blew softly from the sea.",
    "Somewhere a bell rang {n} times.",
    "A few clouds drifted over the roofs.",
    "Somebody came from the {C.work} with {C.product}.",
    "{C} the {C.job} walked past with a {C.tool}.",
    "{C} waved from the other side of the street.",
    "Two sparrows quarreled on the fence.",
    "An old {C.woman} sat on a bench and read the newspaper.",
    "The {C.job} carried {C.product} to the {C.work}.",
    "The leaves of the trees were golden, because it was autumn.",
    "{C} came by with {C.his} {C.pet} {C.petname}.",
    "There was no snow on the mountains yet.",
    "Children played in the street and laughed.",
    "Far away, a train whistled.",
    "The {C.job} said that it would not rain that day.",
    "{C}, who did not like {C.dislikes}, had eaten nothing but {C.likes}.",
    "A {C.nature} {C.woman} went to the {C.work} to ask for {C.product}.",
    "{C} and {C.his} {C.sister} argued about {C.doing}.",
];

/// Last sentences.
pub(crate) const ENDINGS: &[&str] = &[
    "{A} smiled all the way back to {A.street}.",
    "That night, {A} slept very well.",
    "{A.petname} the {A.pet} was already waiting at the door in {A.street}.",
    "At home, {A} ate {A.likes} and told {A.his} {A.pet} {A.petname} everything.",
    "On {next}, the {A.job} went back to work {A.at}.",
    "{A} and {B} stayed friends for a long time.",
    "\"What a day!\" said {A}, and went to bed.",
    "And {B}? {B} went home to {B.street} and ate {B.likes}.",
    "In the evening, the {A.job} and the {B.job} sat together and listened to the rain.",
    "{A} was {A.nature}, but that day {A.he} {A.was} happy too.",
    "Even on {next}, {B} still talked about it {B.at}.",
];

/// The plots.
pub(crate) const PLOTS: &[Plot] = &[
    Plot {
        name: "lost",
        beats: &[
            &[
                "{A} lost the {A.color} {A.thing} {inP}.",
                "When {A} came home from {P}, the {A.color} {A.thing} was gone.",
                "Somewhere {inP}, {A} had lost {A.his} {A.color} {A.thing}.",
            ],
            &[
                "{A.he} looked {inQ}, but it was not there.",
                "{A} searched {inQ} for an hour and found nothing.",
                "First {A.he} went to {Q}. There was no {A.thing} to be seen.",
                "\"Has anybody seen my {A.thing}?\" {A.he} asked everyone {inQ}. Nobody had.",
            ],
            &[
                "Then {B} came by. {B.he} had found something {A.color} {inP}.",
                "Meanwhile, {B} walked past {P} and saw something {A.color} in the grass.",
                "But {B} had good eyes, and {B.he} noticed something {A.color} {inP}.",
            ],
            &[
                "It was the {A.thing}! {B} brought it to {A.street} at once.",
                "\"Is this your {A.thing}?\" asked {B}. \"Yes, it is!\" said {A}.",
                "{B} knew whose {A.thing} it was, so {B.he} gave it back to {A}.",
            ],
            &[
                "{A} thanked {B} and gave {B.him} some {B.likes}.",
                "{A} held the {A.color} {A.thing} tight and promised to take better care of it.",
                "\"I will never leave it {inP} again,\" said {A}.",
            ],
        ],
        summaries: &[
            "{A} lost a {A.color} {A.thing} {inP}, and {B} found it.",
            "{B} found the {A.color} {A.thing} that {A} had lost {inP}.",
        ],
        deeds: &[
            deed('A', "lost", None, "{A.color} {A.thing}", Some('P')),
            deed('B', "found", None, "{A.color} {A.thing}", Some('P')),
        ],
        main: 0,
    },
    Plot {
        name: "counting",
        beats: &[
            &[
                "{A} and {B} went to {P} to look for {fruits}.",
                "On {day}, {A} met {B} {inP}, and each had a basket for {fruits}.",
                "Somebody had seen {fruits} {inP}, so {A} took {B} there.",
            ],
            &[
                "{A} found {n} {fruits}, and {B} found {m}.",
                "{A} gathered {n} of them. {B} gathered {m}.",
                "{B} counted {m} {fruits} in {B.his} basket, and {A} counted {n}.",
            ],
            &[
                "Together that made {sum} {fruits}.",
                "\"That makes {sum} {fruits}!\" said {B}.",
                "So the two friends had {sum} {fruits} in all.",
            ],
            &[
                "They gave {k} of the {fruits} to {C}, and {left} were left.",
                "{C} asked for some {fruits} and got {k}. Now there were only {left}.",
                "On the way home they lost {k} of the {sum} {fruits} and had {left} left.",
            ],
            &[
                "{A} put the {left} {fruits} into a {box} in {A.street}.",
                "The {left} {fruits} did not last until {next}.",
                "\"Of {sum} {fruits} we still have {left},\" said {A}. \"That is not bad.\"",
            ],
        ],
        summaries: &[
            "{A} and {B} gathered {sum} {fruits} {inP} and kept {left} of them.",
            "{A} gathered {sum} {fruits} {inP} with {B}, and in the end {left} were left.",
        ],
        deeds: &[deed('A', "gathered", Some('B'), "{sum} {fruits}", Some('P'))],
        main: 0,
    },
    Plot {
        name: "gift",
        beats: &[
            &[
                "It was the birthday of {B}, and {A} wanted to give {B.him} something.",
                "{A} knew that {B} had a birthday on {day}.",
                "\"What does {B} want for {B.his} birthday?\" {A} wondered.",
            ],
            &[
                "{A} remembered that {B} liked {B.likes} but not {B.dislikes}.",
                "Everyone knew that {B} did not like {B.dislikes}. {B.he} liked {B.likes}.",
                "{A} asked {C}, who said that {B} loved {B.likes}.",
            ],
            &[
                "So {A.he} went to {P} and bought some {B.likes}.",
                "{A} bought {B.likes} {inP} and hid the parcel in a {box}.",
                "{inP}, {A} packed a parcel: no {B.dislikes}, only {B.likes}.",
            ],
            &[
                "When {B} opened the parcel, {B.he} laughed.",
                "\"For me?\" asked {B}. \"How did you know?\"",
                "{B} opened it slowly and could not believe {B.his} eyes.",
            ],
            &[
                "{B} loved the {B.likes} and gave half to {A}, but not the last bite.",
                "\"This is better than {B.dislikes},\" said {B}. \"Much better!\"",
                "{B} ate the {B.likes} at once and then hugged {A}.",
            ],
        ],
        summaries: &[
            "{A} gave {B} {B.likes} as a birthday present.",
            "For the birthday of {B}, {A} gave {B.him} {B.likes}.",
        ],
        deeds: &[
            deed('A', "bought", None, "{B.likes}", Some('P')),
            deed('A', "gave", Some('B'), "{B.likes}", None),
        ],
        main: 1,
    },
    Plot {
        name: "hidden",
        beats: &[
            &[
                "{A} put {A.his} {A.color} {A.thing} into the {box} and went to {P}.",
                "Before {A} went out to {P}, {A.he} hid the {A.color} {A.thing} in the {box}.",
                "The {A.color} {A.thing} of {A} lay in the {box} while {A.he} {A.was} {inP}.",
            ],
            &[
                "While {A} was away, {B} moved the {A.thing} from the {box} to the {box2}.",
                "{B} came in and took the {A.thing} out of the {box}. {B.he} put it into the {box2}.",
                "But {B} needed the {box}, so the {A.thing} went into the {box2}.",
            ],
            &[
                "When {A} came back from {P}, {A.he} opened the {box}. It was empty.",
                "{A} came home and looked in the {box}, because {A.he} did not know about the {box2}.",
                "Later, {A} reached into the {box} and found no {A.thing} there.",
            ],
            &[
                "\"Where is my {A.thing}?\" asked {A}. {B} pointed to the {box2}.",
                "\"Look in the {box2},\" said {B}. There it was, as {A.color} as ever.",
                "{B} laughed and fetched the {A.color} {A.thing} from the {box2}.",
            ],
            &[
                "\"Next time, please tell me,\" said {A}.",
                "From then on, nobody moved the {A.thing} without asking {A}.",
                "{B} was sorry and carried the {A.thing} back to the {box}.",
            ],
        ],
        summaries: &[
            "{B} moved the {A.color} {A.thing} of {A} from the {box} to the {box2}.",
            "While {A} was {inP}, {B} moved the {A.color} {A.thing} to the {box2}.",
        ],
        deeds: &[
            deed('A', "put", None, "{A.color} {A.thing}", None),
            deed('B', "moved", None, "{A.color} {A.thing}", None),
        ],
        main: 1,
    },
    Plot {
        name: "runaway",
        beats: &[
            &[
                "One day, {A.petname} the {A.pet} ran away.",
                "{A} called for {A.petname}, but the {A.pet} did not come.",
                "The door was open, and {A.petname} the {A.pet} was gone.",
            ],
            &[
                "{A} looked {inP} and {inQ}, but there was no {A.pet}.",
                "{A.he} asked {B}, who had not seen a {A.pet} anywhere near {P}.",
                "{A} was not angry, only worried. {A.he} went to {Q} and called.",
            ],
            &[
                "Then {B} heard a noise {inR}.",
                "In the end it was {B} who had an idea: \"Let us look {inR}.\"",
                "{B} took some {A.likes} and went to {R}.",
            ],
            &[
                "There sat {A.petname}, hungry but not hurt.",
                "The {A.pet} was asleep {inR}, under a tree.",
                "And there was the {A.pet}! {A.petname} had never been far away.",
            ],
            &[
                "{A} carried {A.petname} home and closed the door well.",
                "\"Never do that again, {A.petname},\" said {A}. The {A.pet} said nothing.",
                "{A} thanked {B}, and {A.petname} got something good to eat.",
            ],
        ],
        summaries: &[
            "{B} found {A.petname}, the {A.pet} of {A}, {inR}.",
            "The {A.pet} {A.petname} ran away from {A}, and {B} found it {inR}.",
        ],
        deeds: &[deed('B', "found", None, "{A.petname}", Some('R'))],
        main: 0,
    },
];
