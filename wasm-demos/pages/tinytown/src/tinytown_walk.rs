//! A walk through Tinytown: one person or place, what is true of it, and where to go next.

use demo::control::{Choice, Slider, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tinytown::{Change, Fact, JOBS, Relation, World};

use crate::SEED;

const LOOK: Choice = Choice::new(
    "look",
    "Look at",
    &[("person", "a person"), ("street", "a street"), ("workplace", "a workplace")],
);

const WHICH: Slider = Slider::new("which", "Number of the person or place", 1.0, [1.0, 32.0], 1.0);

const YEARS: Slider = Slider::new("years", "Years later", 1.0, [0.0, 10.0], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "tinytown-walk",
        title: "A walk through Tinytown",
        lesson: "tinytown",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![SEED.control(), LOOK.control(), WHICH.control(), YEARS.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let before = World::new(cx.get(&SEED)? as u64);
    let world = before.later(cx.get(&YEARS)? as u32);
    let which = cx.get(&WHICH)? as usize;
    let changes = before.changes(&world);
    match cx.get(&LOOK)? {
        "street" => place(&cx, &world, which, Relation::Street),
        "workplace" => place(&cx, &world, which, Relation::Workplace),
        _ => person(&cx, &before, &world, which, &changes),
    }
    Ok(())
}

fn person(cx: &Context, before: &World, world: &World, which: usize, changes: &[Change]) {
    let i = (which - 1) % world.people.len();
    let p = &world.people[i];
    let said = [Relation::Job, Relation::Street, Relation::Likes, Relation::Nature];
    let said = said.map(|relation| world.say(&fact(world, i, relation)));
    let rows = Relation::ALL.into_iter().map(|relation| {
        let told = if Relation::UNTOLD.contains(&relation) { "documents only" } else { "stories" };
        let value = world.ask(i, relation).unwrap_or_default();
        vec![relation.name().into(), value.into(), told.into()]
    });
    let facts = table(
        format!("All that is true of {}", p.name),
        ["What", "Value", "Told in"],
        rows.collect(),
    );

    let mut when = vec![
        (p.born, format!("{} was born.", p.name)),
        (p.deed_year, format!("{} {}.", p.name, p.deed)),
        (before.year, format!("{} was {}.", p.name, before.people[i].a_job())),
    ];
    for change in changes.iter().filter(|c| c.person == i) {
        let what = format!(
            "{}: no longer {}, but {}.",
            change.relation.name(),
            change.before,
            change.after
        );
        when.push((world.year, what));
    }
    when.sort_by_key(|(year, _)| *year);
    let rows = when.into_iter().map(|(year, what)| vec![year.to_string().into(), what.into()]);
    let when = table("What happened when", ["Year", "What"], rows.collect());

    let others = |relation: Relation, why: &str| {
        let value = world.ask(i, relation).unwrap_or_default();
        let found = world.who(relation, &value).into_iter().filter(|&other| other != i);
        let row = |other: usize| {
            vec![name(world, other), number(other), why.into(), value.clone().into()]
        };
        found.map(row).collect::<Vec<_>>()
    };
    let friend = world.people[p.friend].name;
    let mut rows = vec![vec![friend.into(), number(p.friend), "friend".into(), "".into()]];
    rows.extend(others(Relation::Street, "lives in the same street"));
    rows.extend(others(Relation::Job, "has the same job"));
    rows.extend(others(Relation::Likes, "likes the same food"));
    let around = table("Where to go next", ["Person", "Number", "Why", "Which"], rows);

    let summary = format!(
        "Number {} of {} is {} in {}. Since {}, {} in town {} changed.",
        i + 1,
        world.people.len(),
        p.name,
        world.year,
        before.year,
        counted(changes.len(), "fact"),
        if changes.len() == 1 { "has" } else { "have" }
    );
    cx.show(summary, &[View::Prose(vec![said.join(" ")]), facts, when, around]);
}

fn place(cx: &Context, world: &World, which: usize, relation: Relation) {
    let places: Vec<&str> = match relation {
        Relation::Street => world.streets().into_iter().map(|(street, _)| street).collect(),
        _ => JOBS.iter().map(|job| job.workplace).collect(),
    };
    // There are fewer places than people: after the last comes the first.
    let i = (which - 1) % places.len();
    let place = places[i];
    let people = world.who(relation, place);
    let row = |&i: &usize| {
        let p = &world.people[i];
        vec![p.name.into(), number(i), p.job.name.into(), p.street.into(), p.group.name().into()]
    };
    let columns = ["Person", "Number", "Job", "Street", "Side of the river"];
    let who = match (relation, people.len()) {
        (Relation::Street, 1) => "person lives",
        (Relation::Street, _) => "people live",
        (_, 1) => "person works",
        _ => "people work",
    };
    let rows: Vec<_> = people.iter().map(row).collect();
    let summary = format!("{} {who} here in {}.", rows.len(), world.year);
    let label = format!("Number {} of {}: {place}", i + 1, places.len());
    cx.show(summary, &[table(label, columns, rows)]);
}

fn fact(world: &World, person: usize, relation: Relation) -> Fact {
    Fact { person, relation, value: world.ask(person, relation).unwrap_or_default() }
}

fn name(world: &World, person: usize) -> Cell {
    world.people[person].name.into()
}

fn number(person: usize) -> Cell {
    (person + 1).to_string().into()
}

fn table<const N: usize>(
    label: impl Into<String>,
    columns: [&str; N],
    rows: Vec<Vec<Cell>>,
) -> View {
    View::Table { label: label.into(), columns: columns.map(str::to_owned).into(), rows }
}
