//! The kernel.

use grading::{Failure, Outcome};
use kernel_test::{KernelUnderTest, Slot, UNTOUCHED};

use crate::oracle::{Drawn, Sized, forward};
use crate::{BINDINGS, ENTRY, LoraLinear, uniforms};

/// What f32 leaves of a sum on a GPU, relative to the absolute values of its terms.
const ROUNDED: f64 = 1e-5;

struct Kernel(KernelUnderTest);

impl Kernel {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// A run in so many lines of workgroups, each wider by some than it would have to be.
    async fn expect(&self, drawn: &Drawn, lines: u32, wider: u32) -> Outcome {
        let layer = drawn.layer();
        let want = forward(&layer, &drawn.x, &drawn.y);
        self.judge(&layer, [&drawn.x, &drawn.y], &want, [lines, wider]).await
    }

    async fn judge(
        &self,
        layer: &LoraLinear<'_>,
        [x, y]: [&[f32]; 2],
        want: &[Sized],
        [lines, wider]: [u32; 2],
    ) -> Outcome {
        let rows = x.len() / layer.inputs;
        let [sizes, factor] = uniforms(layer, rows);
        let slots = [
            Slot::Input(x),
            Slot::Input(layer.a),
            Slot::Input(layer.b),
            Slot::InOut("y", y),
            Slot::Uniform(sizes),
            Slot::Uniform(factor),
        ];
        let grid = [(rows as u32).div_ceil(lines) + wider, lines, 1];
        // A workgroup that does not stop writes into the guard, not past it.
        let guard = grid.iter().product::<u32>() as usize * layer.outputs;
        let outputs = self.0.run(&slots, guard.min(1 << 16) + 8, grid).await?;
        self.0.explained(within(layer, &outputs[0], y, want), &slots, grid)
    }
}

fn within(layer: &LoraLinear<'_>, got: &[f32], held: &[f32], want: &[Sized]) -> Outcome {
    let LoraLinear { inputs, outputs, rank, scale, .. } = layer;
    for (i, (&got, &[want, size])) in got.iter().zip(want).enumerate() {
        let bound = ROUNDED * size + 1e-30;
        if (f64::from(got) - want).abs() <= bound {
            continue;
        }
        let place = format!(
            "{inputs} inputs, {outputs} outputs, rank {rank}, scale {scale}: y[{}, {}], which held \
             {:.5}",
            i / outputs,
            i % outputs,
            held[i]
        );
        return Err(Failure::wrong(match got {
            UNTOUCHED => format!("{place}, was never written; expected {want:.7}"),
            _ => format!(
                "{place}: expected {want:.7}, got {got:.7}, off by {:.1e}",
                f64::from(got) - want
            ),
        }));
    }
    Ok(())
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = Kernel(KernelUnderTest::thread_by_thread(&wgsl, ENTRY, &BINDINGS).await?);
    for (seed, (sizes, lines)) in
        (1..).zip([([1, 1, 1, 1], 1), ([3, 5, 2, 3], 2), ([258, 4, 3, 2], 1), ([2, 259, 2, 1], 1)])
    {
        kernel.expect(&Drawn::new(sizes, 1.5, seed), lines, 0).await?;
    }
    Ok(())
}

pub async fn kernel_follows_the_formula(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    for (seed, sizes) in (5..).zip([[6, 18, 3, 6], [24, 6, 3, 6], [6, 6, 5, 4], [6, 24, 1, 4]]) {
        for (lines, wider) in [(1, 0), (2, 1)] {
            kernel.expect(&Drawn::new(sizes, 2.5, seed), lines, wider).await?;
        }
    }
    let mut drawn = Drawn::new([5, 4, 3, 6], 3.0, 9);
    drawn.b.fill(0.0);
    kernel.expect(&drawn, 1, 2).await?;
    #[cfg(not(target_family = "wasm"))]
    agrees_with_peft(&kernel).await?;
    Ok(())
}

/// Natively only: in a page, the numbers of these layers would weigh more than the lab.
#[cfg(not(target_family = "wasm"))]
async fn agrees_with_peft(kernel: &Kernel) -> Outcome {
    for case in crate::oracle::cases()? {
        let largest = case.y.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
        let want: Vec<Sized> = case.y.iter().map(|&y| [y, largest]).collect();
        kernel.judge(&case.layer(), [&case.x, &case.frozen], &want, [2, 0]).await?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    for (seed, sizes) in (20..).zip([
        [128, 384, 8, 20],
        [300, 5, 16, 7],
        [5, 600, 3, 9],
        [2, 3, 256, 4],
        [1, 1, 1, 90],
        [64, 64, 65, 3],
    ]) {
        kernel.expect(&Drawn::new(sizes, 0.25, seed), 1 + seed as u32 % 3, seed as u32 % 2).await?;
    }
    #[cfg(not(target_family = "wasm"))]
    {
        use grading::{Differential, draw};

        // More rows than 16 bits count.
        kernel.expect(&Drawn::new([1, 1, 1, 66_000], 2.0, 30), 3, 0).await?;
        let sizes =
            (draw::lengths(1..=600), draw::lengths(1..=600), draw::lengths(1..=40), 1..12_usize);
        let scale = draw::select(vec![1.0_f32, -0.5, 0.0, 4.0]);
        let inputs = (sizes, scale, 1..4_u32, 0..3_u32, draw::any_u64());
        Differential::cases(24)
            .run_async(inputs, async |&((i, o, r, rows), scale, lines, wider, seed)| {
                kernel.expect(&Drawn::new([i, o, r, rows], scale, seed), lines, wider).await
            })
            .await?;
    }
    Ok(())
}
