//! Files of three ways: of the book, of the reader's, and one to save.

use demo::control::{Choice, File, Typed};
use demo::format::{bytes, count};
use demo::{Cell, Context, Demo, DemoError, Device, Offer, Start, View};

const ASSETS: &[&str] = &["buddy/config.json", "buddy/model.safetensors"];

const ASSET: Choice = Choice::new(
    "asset",
    "A file of the book",
    &[("buddy/config.json", "settings"), ("buddy/model.safetensors", "weights")],
);
const OWN: File = File::new("own", "A file of your own", ".bin,.safetensors", 2 << 20);

pub fn demo() -> Demo {
    Demo {
        name: "kit-files",
        title: "Files",
        lesson: "kit",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || vec![ASSET.control(), OWN.control()],
        run: demo::run(run).with_assets(ASSETS),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let name = cx.get(&ASSET)?;
    let mut files = vec![(name.to_owned(), cx.asset(name).await?)];
    files.extend(cx.file(&OWN));
    if let Some((name, found)) = files.get(1)
        && found.starts_with(b"bad")
    {
        return Err(DemoError::input(OWN.name, format!("“{name}” is bad: choose another.")));
    }
    let row = |(name, found): &(String, Vec<u8>)| {
        let sum = found.iter().map(|&byte| usize::from(byte)).sum();
        vec![name.as_str().into(), bytes(found.len()).into(), Cell::Number(count(sum))]
    };
    let table = View::Table {
        label: "The files".into(),
        columns: ["file", "size", "sum of its bytes"].map(String::from).into(),
        rows: files.iter().map(row).collect(),
    };
    let all: Vec<u8> = files.iter().flat_map(|(_, found)| found).copied().collect();
    cx.show(format!("{} in all.", bytes(all.len())), &[table]);
    let back: Vec<u8> = all.iter().rev().copied().collect();
    cx.offer(&Offer { name: "joined.bin", label: "the files, one behind the other", bytes: &all });
    cx.offer(&Offer { name: "back.bin", label: "the same from back to front", bytes: &back });
    Ok(())
}
