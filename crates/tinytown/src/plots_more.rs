//! More plots.

use crate::plots::{Deed, Plot};

/// The plots that [`crate::plots::PLOTS`] has no room for.
pub(crate) const MORE: &[Plot] = &[
    Plot {
        name: "lesson",
        beats: &[
            &[
                "{A} wanted to learn {B.doing}, so {A.he} asked {B} for help.",
                "{B} was good at {B.doing}. {A} was not, but {A.he} wanted to learn it.",
                "\"Can you teach me {B.doing}?\" {A} asked {B}.",
            ],
            &[
                "The two met {inP} every {day}.",
                "On {day} they went to {P}, where nobody could see them.",
                "{B} chose a quiet corner {inP}.",
            ],
            &[
                "{A} tried {n} times and failed {n} times.",
                "After {n} tries, {A} could not do it yet.",
                "\"I will never learn it,\" said {A} after {n} tries.",
            ],
            &[
                "\"Do not give up,\" said {B}. \"I needed {sum} tries myself.\"",
                "{B} was patient and showed it to {A} {m} more times.",
                "But {B} knew a trick: \"Close your eyes and count to {m}.\"",
            ],
            &[
                "After {m} more tries, {A} could do it. That made {sum} tries in all.",
                "And after {sum} tries, {A} learned it at last.",
                "It took {n} tries and then {m} more, {sum} in all, but {A} did it.",
            ],
        ],
        summaries: &[
            "{B} taught {A} {B.doing} {inP}.",
            "After {sum} tries, {A} could do it: {B} taught {A.him} {B.doing}.",
        ],
        deeds: &[Deed {
            who: 'B',
            verb: "taught",
            whom: Some('A'),
            object: "{B.doing}",
            place: Some('P'),
        }],
        main: 0,
    },
    Plot {
        name: "quarrel",
        beats: &[
            &[
                "{A} and {B} saw the last of the {fruits} {inP}, and both wanted it.",
                "There was room for one on the bench {inP}, and both {A} and {B} ran for it.",
                "{B} borrowed the {A.color} {A.thing} without asking, and {A} did not like that.",
            ],
            &[
                "\"I was here first,\" said {A}. \"No, I was,\" said {B}.",
                "{A} shouted, and {B} shouted even louder.",
                "The two quarreled until {C} the {C.job} came out to see what the noise was.",
            ],
            &[
                "{B} went off to {Q} and did not look back.",
                "{A} walked home alone and was not happy at all.",
                "For {n} days, {A} did not say a word to {B}.",
            ],
            &[
                "Then {A} had enough of it and went to {B.street}.",
                "On {next}, {B} knocked at the door in {A.street}.",
                "But a day without {B} was no fun, and so {A} went to the {B.work}.",
            ],
            &[
                "\"I am sorry,\" said {A}. \"I am sorry too,\" said {B}. So they made up.",
                "{A} brought {B.likes}, {B} brought {A.likes}, and the two made up.",
                "Neither remembered how the quarrel had begun, so {A} and {B} made up.",
            ],
        ],
        summaries: &[
            "{A} quarreled with {B} and then made up.",
            "{A} and {B} quarreled, but in the end they made up.",
        ],
        deeds: &[
            Deed { who: 'A', verb: "quarreled", whom: Some('B'), object: "", place: None },
            Deed { who: 'A', verb: "made up", whom: Some('B'), object: "", place: None },
        ],
        main: 0,
    },
    Plot {
        name: "trade",
        beats: &[
            &[
                "The {B.job} needed {A.product}, and the {A.job} needed {B.product}.",
                "{A} had enough {A.product} but no {B.product}.",
                "One morning, {A} had no {B.product} left in {A.street}.",
            ],
            &[
                "{A} went to the {B.work} and asked {B} the {B.job} for {B.product}.",
                "So the {A.job} walked from the {A.work} to the {B.work}, where {B} worked.",
                "At the {B.work}, {A} met {B}, who was tired because {B.he} had {B.did} all day.",
            ],
            &[
                "\"What do you give me for my {B.product}?\" asked {B}.",
                "\"Money is not what I need,\" said the {B.job}. \"I need {A.product}.\"",
                "\"I have no {A.product},\" said {B}. \"Let us trade.\"",
            ],
            &[
                "{A} traded {A.product} for {B.product}, and both were content.",
                "So the {A.job} traded {A.product} for the {B.product} of the {B.job}.",
                "\"Here is the {A.product},\" said {A}, and so they traded.",
            ],
            &[
                "The {B.job} brought the {A.product} to {B.street}, and the {A.job} brought the {B.product} to {A.street}.",
                "{C} heard about it and came to the {A.work} with {C.product} on {next}.",
                "Since that {day}, the {A.job} visits the {B.work} every week.",
            ],
        ],
        summaries: &[
            "{A} traded {A.product} for {B.product} with {B}.",
            "{A} the {A.job} went to the {B.work} and traded {A.product} for {B.product}.",
        ],
        deeds: &[Deed {
            who: 'A',
            verb: "traded",
            whom: Some('B'),
            object: "{A.product} for {B.product}",
            place: None,
        }],
        main: 0,
    },
    Plot {
        name: "sick",
        beats: &[
            &[
                "{B} was ill and could not go to the {B.work}.",
                "On {day} the {B.work} stayed closed, for {B} lay in bed.",
                "\"Where is the {B.job}?\" people asked. But {B} had a cold and stayed at home.",
            ],
            &[
                "{A} heard about it {inP}.",
                "{C} told {A} about it {inP}, and {A} did not wait long.",
                "\"Poor {B}!\" thought {A}, and went straight to the kitchen.",
            ],
            &[
                "{A} prepared {B.likes}, because {B} liked nothing better.",
                "{A.he} made {n} bowls of {B.likes} and put them into a basket.",
                "{A} did not prepare {B.dislikes}, of course. {A.he} prepared {B.likes}.",
            ],
            &[
                "Then {A} carried the {B.likes} to {B.street}.",
                "In {B.street}, {A} knocked {k} times before {B} opened.",
                "{A} brought it all to {B} and sat by the bed until it was dark.",
            ],
            &[
                "{B} ate everything and soon felt better.",
                "On {next}, {B} was back {B.at}.",
                "\"You are better than any medicine,\" said {B}. \"Thank you!\"",
            ],
        ],
        summaries: &[
            "{A} prepared {B.likes} for {B}, who was ill.",
            "When {B} was ill, {A} prepared {B.likes} for {B.him}.",
        ],
        deeds: &[Deed {
            who: 'A',
            verb: "prepared",
            whom: Some('B'),
            object: "{B.likes}",
            place: None,
        }],
        main: 0,
    },
    Plot {
        name: "contest",
        beats: &[
            &[
                "There was a contest {inP}: who could find more {fruits}?",
                "On {day}, the whole town met {inP} for a contest. The most {fruits} would win.",
                "\"I can find more {fruits} than you,\" said {A} to {B} {inP}.",
            ],
            &[
                "{B} began at once, and {A} was not slow either.",
                "{A} ran to the left, and {B} ran to the right.",
                "{C} counted to three, and off they went.",
            ],
            &[
                "In the end, {A} had {sum} {fruits} and {B} had {n}.",
                "{B} came back with {n} {fruits}. But {A} had {sum}!",
                "{C} counted: {n} {fruits} for {B}, {sum} for {A}.",
            ],
            &[
                "That was {m} more, so {A} won.",
                "With {m} more than {B}, {A} won the contest.",
                "{A} won, for {sum} is {m} more than {n}.",
            ],
            &[
                "The prize was a {box} full of {A.likes}, and {A} gave half of it to {B}.",
                "{B} was not sad. \"Next year I will win,\" {B.he} said.",
                "The {B.job} shook hands with the {A.job}, and everyone clapped.",
            ],
        ],
        summaries: &[
            "{A} won a contest against {B} with {sum} {fruits}.",
            "With {sum} {fruits}, {A} won the contest {inP}.",
        ],
        deeds: &[Deed {
            who: 'A',
            verb: "won",
            whom: Some('B'),
            object: "{sum} {fruits}",
            place: Some('P'),
        }],
        main: 0,
    },
    Plot {
        name: "trip",
        beats: &[
            &[
                "{A} and {B} planned a trip to {P}.",
                "\"Let us go to {P},\" said {A} to {B} on {day}.",
                "{A} had never been to {P}, so {B} offered to go with {A.him}.",
            ],
            &[
                "{A} took the {A.color} {A.thing}, and {B} took the {B.color} {B.thing}.",
                "{B} packed the {B.color} {B.thing}. {A} packed the {A.color} {A.thing}.",
                "\"Do not forget your {B.thing},\" said {A}, and took {A.his} own {A.color} {A.thing}.",
            ],
            &[
                "First the two walked to {Q}, then to {R}, and at noon they reached {P}.",
                "The way led past {Q} and past {R}. It took {n} hours.",
                "They did not stop {inQ}, but they rested {inR} for a while.",
            ],
            &[
                "They visited {P} and ate {A.likes} and {B.likes} there.",
                "{inP}, {A} and {B} sat down, and the {A.color} {A.thing} lay beside the {B.color} {B.thing}.",
                "It was {weather} {inP}, and nobody else was there.",
            ],
            &[
                "On the way back {B} noticed that {B.his} {B.color} {B.thing} was missing. {A} had been carrying it all along.",
                "In the evening {A} took the {A.color} {A.thing} home, and {B} took the {B.color} one.",
                "\"That was a good trip,\" said {B}. \"Next time we will go to {Q}.\"",
            ],
        ],
        summaries: &[
            "{A} and {B} made a trip to {P}.",
            "{A} made a trip to {P} with {B} and took the {A.color} {A.thing}.",
        ],
        deeds: &[Deed {
            who: 'A',
            verb: "made a trip",
            whom: Some('B'),
            object: "",
            place: Some('P'),
        }],
        main: 0,
    },
    Plot {
        name: "repair",
        beats: &[
            &[
                "The {A.color} {A.thing} of {A} was broken.",
                "{A} dropped {A.his} {A.color} {A.thing} {inP}, and it broke.",
                "When {A} took out the {A.color} {A.thing}, it was damaged.",
            ],
            &[
                "{A.he} tried to mend it with a {A.tool}, but that did not work.",
                "\"A {A.tool} is no help here,\" said {A} the {A.job}.",
                "{A} could {A.task}, but {A.he} could not mend a {A.thing}.",
            ],
            &[
                "So {A.he} brought it to {B} {B.at}.",
                "{A} went to the {B.work}, where {B} had a {B.tool}.",
                "\"Give it to me,\" said {B} the {B.job}. \"I have a {B.tool}.\"",
            ],
            &[
                "{B} worked for {n} hours with the {B.tool} and mended the {A.thing}.",
                "{B.he} turned it around {k} times, took the {B.tool}, and mended it.",
                "It was not easy, but {B} mended the {A.thing} before it was dark.",
            ],
            &[
                "Now the {A.thing} was as good as new and just as {A.color} as before.",
                "{A} paid with {A.product}, and {B} was content.",
                "\"I cannot even see where it was broken,\" said {A}.",
            ],
        ],
        summaries: &[
            "{B} mended the {A.color} {A.thing} of {A}.",
            "{A} broke a {A.color} {A.thing}, and {B} mended it {B.at}.",
        ],
        deeds: &[Deed {
            who: 'B',
            verb: "mended",
            whom: None,
            object: "{A.color} {A.thing}",
            place: None,
        }],
        main: 0,
    },
];
