//! The GPU trains as the CPU does, step by step.

use grading::block_on;
use lora::{Lora, SOLUTION, Settings};
use lora_demos::texts;
use lora_demos::trainer::Trainer;
use lora_demos::tuning::{Learns, Run};
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::Layer;

const STEPS: usize = 5;

fn run(learns: impl FnOnce(&PocketBuddy) -> Learns) -> Run {
    let buddy = PocketBuddy::kept().expect("the book has its Buddy");
    let learns = learns(&buddy);
    Run::new(buddy.model, learns, STEPS, 0.005)
}

fn pairs(buddy: &PocketBuddy) -> Learns {
    let settings = Settings {
        rank: 3,
        alpha: 5.0,
        rank_stabilized: false,
        targets: vec![Layer::Attn, Layer::FcProj],
    };
    let mut rng = StdRng::seed_from_u64(1);
    let lora = Lora::new(SOLUTION, buddy.model.sizes, settings, &mut rng);
    Learns::Lora(lora.expect("pairs fit Buddy"))
}

#[test]
fn steps_and_looks_are_those_of_the_cpu() {
    let buddy = PocketBuddy::kept().expect("the book has its Buddy");
    let mut task = texts::drawn(&buddy, STEPS).expect("Tinytown can be read");
    task.held_out.truncate(7);
    block_on(async {
        let gpu = gpu::shared().await.expect("a GPU, or a program that is one");
        let wgsl = (SOLUTION.lora_wgsl)();
        let on_gpu = Trainer::on_gpu(&gpu, run(pairs), wgsl, &task).await;
        let mut on_gpu = on_gpu.expect("it can be prepared");
        let mut on_cpu = Trainer::on_cpu(run(pairs));
        assert!(on_gpu.dispatches().is_some_and(|count| count > 100));
        assert_eq!(on_cpu.dispatches(), None);
        for step in 0..STEPS {
            let [got, want] = [&mut on_gpu, &mut on_cpu]
                .map(|trainer| block_on(trainer.step(&task)).expect("a step"));
            assert!((got - want).abs() < 1e-2 * want, "step {step}: {got} on the GPU, {want}");
        }
        let got = on_gpu.look(&task).await.expect("a look");
        let want = on_cpu.look(&task).await.expect("a look");
        assert_eq!((got.step, got.says_good.len()), (STEPS, 7));
        assert_eq!((got.right, &got.says_good), (want.right, &want.says_good));
        assert!((got.loss - want.loss).abs() < 1e-2 * want.loss, "{got:?} {want:?}");
        // What was learned comes back from the GPU.
        let [got, want] = [on_gpu, on_cpu].map(|trainer| {
            let run = block_on(trainer.finish()).expect("an end");
            let Learns::Lora(lora) = run.learns else { panic!("pairs learned") };
            lora.numbers
        });
        let begun = run(pairs);
        let Learns::Lora(begun) = begun.learns else { panic!("pairs learn") };
        let far = |a: &[f32], b: &[f32]| {
            a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        assert!(far(&got, &begun.numbers) > 20.0 * far(&got, &want));
    });
}

#[test]
fn every_weight_is_left_to_the_cpu() {
    let buddy = PocketBuddy::kept().expect("the book has its Buddy");
    let task = texts::drawn(&buddy, STEPS).expect("Tinytown can be read");
    block_on(async {
        let gpu = gpu::shared().await.expect("a GPU, or a program that is one");
        let run = run(|_| Learns::Everything);
        let trainer = Trainer::on_gpu(&gpu, run, (SOLUTION.lora_wgsl)(), &task).await;
        assert_eq!(trainer.expect("the CPU needs nothing").dispatches(), None);
    });
}
