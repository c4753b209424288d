//! Doubles a number, with a kernel or without.

use demo::control::{Slider, Typed};
use demo::{Backend, Bar, Context, Demo, DemoError, Device, Start, View};
use gpu::Binding::{Read, ReadWrite};

const X: Slider = Slider::new("x", "A number", 2.0, [0.0, 8.0], 0.5);

const KERNEL: &str = "
    @group(0) @binding(0) var<storage, read> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(1)
    fn double() { y[0] = 2.0 * x[0]; }";

pub fn demo() -> Demo {
    Demo {
        name: "kit-gpu",
        title: "Twice a number",
        lesson: "kit",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnInput,
        controls: || vec![X.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let x = cx.get(&X)? as f32;
    let doubled = match cx.backend() {
        Backend::Cpu => 2.0 * x,
        Backend::Gpu => {
            let gpu = gpu::shared().await?;
            let kernel = gpu.compile(KERNEL, "double", &[Read, ReadWrite]).await?;
            let (input, output) = (gpu.upload(&[x]), gpu.zeros::<f32>(1));
            gpu.run(&kernel, &[&input, &output], [1, 1, 1]).await?;
            gpu.read(&output).await?[0]
        }
    };
    let bar = |label: &str, value: f32| Bar {
        label: label.into(),
        value: value.into(),
        shown: format!("{value:.1}"),
        muted: false,
    };
    let bars = vec![bar("x", x), bar("2 x", doubled)];
    let view = View::Bars { label: "A number and its double".into(), bars, max: 16.0 };
    cx.show(format!("Twice {x:.1} is {doubled:.1}."), &[view]);
    Ok(())
}
