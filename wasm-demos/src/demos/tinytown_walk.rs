// The people of Tinytown.

use demo::control::{Number, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tinytown::World;

const SEED: Number =
    Number { name: "seed", label: "Seed of the world", default: 1.0, min: 0.0, max: 9999.0, step: 1.0 };

pub fn demo() -> Demo {
    Demo {
        name: "tinytown-walk",
        title: "Who lives in Tinytown",
        lesson: "tinytown",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![SEED.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let world = World::new(cx.get(&SEED)? as u64);
    let rows = world.people.iter().map(|p| vec![Cell::from(p.name), Cell::from(p.job.name)]).collect();
    let columns = vec!["Name".into(), "Job".into()];
    let table = View::Table { label: "People".into(), columns, rows };
    cx.show(format!("{} people live here.", world.people.len()), &[table]);
    Ok(())
}
