//! The roofline of the reader's own GPU, and the kernels of the page under it, measured.

use demo::control::{Choice, Typed};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, LocalFuture, Start, View};
use gpu::Binding::{Read, ReadWrite};
use gpu::{Gpu, Timing};
use matrix_multiplication::fast::{self, Variant};
use matrix_multiplication::{Dims, Kernel, Machine, Product, intensity};
use page::speed::{clocks, shortest, three};

use crate::roof;

const ROWS: Choice = Choice::new(
    "rows",
    "Rows of A",
    &[("all", "as many as columns: a prompt"), ("one", "one: a single token")],
);

/// Numbers that the first kernel reads, and writes: 64 MiB each, more than caches hold. Of a
/// software adapter, which is slower, fewer are asked.
const STREAMED: [usize; 2] = [1 << 24, 1 << 22];
/// Its workgroups, and those of the second.
const GROUPS: u32 = 1024;
/// FLOPs of a thread of the second: rounds, lines, numbers in a line, two for each.
const IN_REGISTERS: f64 = 256.0 * 8.0 * 4.0 * 2.0;
const THREADS: u32 = 256;

/// Sizes of the matrices, and how long the slowest kernel may take for one product.
const SIZES: [usize; 4] = [128, 256, 512, 1024];
const PATIENCE: f64 = 0.04;
/// Seconds for each of six kernels.
const EACH: f64 = 0.12;

pub fn demo() -> Demo {
    Demo {
        name: "your-roofline",
        title: "Your adapter’s roof",
        lesson: "matrix-multiplication",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || vec![ROWS.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let is_one = cx.get(&ROWS)? == "one";
    if cx.backend() == Backend::Cpu {
        let how = "Nothing is measured yet. In a browser with WebGPU, press Run: six kernels run on \
                   your GPU for a second or two. One only moves numbers, and one only computes: \
                   they tell how high the two parts of your roof are. The others are the kernels of \
                   this page, and one for CPUs that stand in for a GPU: you see how far below the \
                   roof each stays.";
        let views = [View::Measured(vec![View::Prose(vec![how.into()])])];
        cx.show("Nothing is measured without a GPU.", &views);
        return Ok(());
    }
    let gpu = gpu::shared().await?;
    let machine = measure_roof(&cx, &gpu).await?;
    let size = size_for(&cx, &gpu).await?;
    let dims = Dims { m: if is_one { 1 } else { size }, k: size, n: size };
    let products = measure_products(&cx, &gpu, dims).await?;
    show(&cx, &gpu, machine, dims, &products);
    Ok(())
}

/// A measured roof: what two kernels reached.
struct Roof {
    machine: Machine,
    times: [Timing; 2],
}

async fn measure_roof(cx: &Context, gpu: &Gpu) -> Result<Roof, DemoError> {
    let numbers = STREAMED[usize::from(gpu.is_fallback())];
    let (x, y) = (gpu.zeros::<f32>(numbers), gpu.zeros::<f32>(numbers));
    let wgsl = include_str!("stream.wgsl");
    let stream = gpu.compile(wgsl, "stream", &[Read, ReadWrite]).await?;
    let (kernel, x, y) = (&stream, &x, &y);
    let way = |times| -> LocalFuture<'_, _> {
        Box::pin(async move { gpu.time(kernel, &[x, y], [GROUPS, 1, 1], times).await })
    };
    let of_memory = shortest(cx, "moving numbers", &[&way], EACH).await?[0];

    let (factors, y) = (gpu.upload(&[0.999_f32, 0.001]), gpu.zeros::<f32>(1 << 18));
    let wgsl = include_str!("arithmetic.wgsl");
    let arithmetic = gpu.compile(wgsl, "arithmetic", &[Read, ReadWrite]).await?;
    let groups = if gpu.is_fallback() { GROUPS / 16 } else { GROUPS };
    let (kernel, factors, y) = (&arithmetic, &factors, &y);
    let way = |times| -> LocalFuture<'_, _> {
        Box::pin(async move { gpu.time(kernel, &[factors, y], [groups, 1, 1], times).await })
    };
    let of_arithmetic = shortest(cx, "computing", &[&way], EACH).await?[0];
    let machine = Machine {
        flops: IN_REGISTERS * f64::from(groups * THREADS) / of_arithmetic.seconds,
        bandwidth: 2.0 * 4.0 * numbers as f64 / of_memory.seconds,
    };
    Ok(Roof { machine, times: [of_memory, of_arithmetic] })
}

/// The largest size at which a slow kernel is quick enough, as a short run foretells.
async fn size_for(cx: &Context, gpu: &Gpu) -> Result<usize, DemoError> {
    let dims = Dims::square(SIZES[0]);
    if gpu.is_fallback() {
        return Ok(dims.n);
    }
    let [a, b] = factors(dims);
    let kernel = Kernel::Tiled;
    let product = Product::new(gpu, kernel.solution(), kernel, [&a, &b], dims).await?;
    let way = |times| -> LocalFuture<'_, _> { Box::pin(product.time(times)) };
    let time = shortest(cx, "choosing a size", &[&way], 0.0).await?[0];
    let is_quick =
        |size: &&usize| Dims::square(**size).flops() / dims.flops() * time.seconds < PATIENCE;
    Ok(*SIZES.iter().rev().find(is_quick).unwrap_or(&SIZES[0]))
}

/// A kernel of the page, how its reads are shared, and what a product takes.
struct Measured {
    name: &'static str,
    tile: usize,
    time: Timing,
}

async fn measure_products(cx: &Context, gpu: &Gpu, dims: Dims) -> Result<Vec<Measured>, DemoError> {
    let [a, b] = factors(dims);
    let mut measured = Vec::new();
    for kernel in Kernel::ALL.into_iter().map(Some).chain([None]) {
        let (name, tile, product) = match kernel {
            Some(kernel) => {
                let wgsl = kernel.solution();
                let product = Product::new(gpu, wgsl, kernel, [&a, &b], dims).await?;
                (kernel.entry(), kernel.shared_tile(), product)
            }
            None => (fast::ENTRY, fast::BLOCK, Product::in_registers(gpu, [&a, &b], dims).await?),
        };
        let name = name.trim_start_matches("matmul_");
        let way = |times| -> LocalFuture<'_, _> { Box::pin(product.time(times)) };
        let time = shortest(cx, &format!("multiplying: {name}"), &[&way], EACH).await?[0];
        measured.push(Measured { name, tile, time });
    }
    Ok(measured)
}

/// Two matrices of small whole numbers.
pub fn factors(Dims { m, k, n }: Dims) -> [Vec<f32>; 2] {
    [m * k, k * n].map(|count| (0..count).map(|i| (i % 19) as f32 - 9.0).collect())
}

fn show(cx: &Context, gpu: &Gpu, roof: Roof, dims: Dims, products: &[Measured]) {
    let Roof { machine, times: [of_memory, of_arithmetic] } = roof;
    let (mut points, mut told, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut best = (0.0, "");
    for Measured { name, tile, time } in products {
        // The sizes are small: their reads can be counted.
        let Ok(intensity) = intensity(dims, *tile) else { continue };
        let flops = dims.flops() / time.seconds;
        if flops > best.0 {
            best = (flops, name);
        }
        points.push(((*name).to_owned(), intensity, flops));
        told.push(format!("{name}: {} GFLOP/s at {} FLOPs", three(flops / 1e9), three(intensity)));
        rows.push(row(name, Some(intensity), Some(flops), Some(flops / intensity)));
    }
    rows.push(row("moves numbers only", None, None, Some(machine.bandwidth)));
    rows.push(row("computes only", None, Some(machine.flops), None));
    let all: Vec<Timing> =
        products.iter().map(|one| one.time).chain([of_memory, of_arithmetic]).collect();
    let suits = Variant::of(gpu.is_fallback()).entry().trim_start_matches("matmul_");
    let kind = if gpu.is_fallback() {
        "It is software: your CPU stands in for a GPU, so this is the roof of your CPU. "
    } else {
        ""
    };
    let adapter = if gpu.name().is_empty() { "not named by the browser" } else { gpu.name() };
    let Dims { m, k, n } = dims;
    let views = vec![
        View::drawing(
            format!("Measured, on logarithmic axes: ({m}, {k}) times ({k}, {n})"),
            format!(
                "A line that rises up to {} FLOPs for each byte, and is flat at {} GFLOP/s from \
                 there on. {}.",
                three(machine.ridge()),
                three(machine.flops / 1e9),
                told.join("; ")
            ),
            roof::under(machine, roof::GIGA, &points),
        ),
        View::Table {
            label: "Measured; GB/s are those that a kernel asks for, from caches or memory".into(),
            columns: ["kernel", "FLOPs a byte", "GFLOP/s", "GB/s"].map(Into::into).into(),
            rows,
        },
        View::Prose(vec![
            format!("Your adapter: {adapter}. {kind}The library takes “{suits}” on it."),
            clocks(&all).into(),
        ]),
    ];
    let summary = format!(
        "Your adapter computes {} GFLOP/s and moves {} GB/s at most. The fastest product, {}, \
         reaches {} of the first.",
        three(machine.flops / 1e9),
        three(machine.bandwidth / 1e9),
        best.1,
        demo::format::percent(best.0 / machine.flops)
    );
    cx.show(summary, &[View::Measured(views)]);
}

/// A row of the table; what was not measured is a dash.
fn row(name: &str, intensity: Option<f64>, flops: Option<f64>, bytes: Option<f64>) -> Vec<Cell> {
    let giga = |x: Option<f64>| x.map(|x| x / 1e9);
    let cell = |x: Option<f64>| Cell::Number(x.map_or("–".into(), three));
    vec![Cell::from(name), cell(intensity), cell(giga(flops)), cell(giga(bytes))]
}
