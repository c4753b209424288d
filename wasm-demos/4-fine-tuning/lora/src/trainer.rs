//! What trains: the reader's CPU, or their GPU.

use gpu::{Gpu, GpuError};
use gpu_tuning::{Asked, GpuTuner, Optimizer};

use crate::tuning::{BATCH, Example, Learns, Look, Run, Task};

/// A run, and who makes its steps.
pub struct Trainer {
    run: Run,
    /// Has the pairs until the end, where the GPU trains.
    gpu: Option<GpuTuner>,
}

impl Trainer {
    pub fn on_cpu(run: Run) -> Self {
        Self { run, gpu: None }
    }

    /// On the GPU, which trains pairs only: every weight is left to the CPU.
    ///
    /// # Errors
    /// Those of [`GpuTuner::new`], such as the place where the lesson's kernel does not compile.
    pub async fn on_gpu(
        gpu: &Gpu,
        run: Run,
        lora_wgsl: &'static str,
        task: &Task,
    ) -> Result<Self, GpuError> {
        let Learns::Lora(lora) = &run.learns else { return Ok(Self::on_cpu(run)) };
        let texts = task.train.iter().chain(&task.held_out);
        let seq = texts.map(|example| example.ids.len()).max().unwrap_or(1);
        let (room, by) = ([BATCH, seq], Optimizer::AdamW);
        let tuner = GpuTuner::new(gpu, &run.model, lora, lora_wgsl, room, by).await?;
        Ok(Self { run, gpu: Some(tuner) })
    }

    /// How many dispatches the GPU makes in a step, if it trains.
    pub fn dispatches(&self) -> Option<usize> {
        self.gpu.as_ref().map(GpuTuner::dispatches)
    }

    /// A step on the next texts; returns the loss of their answers.
    pub async fn step(&mut self, task: &Task) -> Result<f64, GpuError> {
        let Some(tuner) = &mut self.gpu else { return Ok(self.run.step(task)) };
        let (batch, lr) = self.run.next(task);
        tuner.step(&asked(batch, task), lr)?;
        self.run.taken();
        tuner.loss().await
    }

    /// How it does on what is held out.
    pub async fn look(&mut self, task: &Task) -> Result<Look, GpuError> {
        let Some(tuner) = &mut self.gpu else { return Ok(self.run.look(task)) };
        let mut look = self.run.blank();
        let said = tuner.look(&asked(&task.held_out, task)).await?;
        for (example, (logits, loss)) in task.held_out.iter().zip(said) {
            look.add(task, example, &logits, loss);
        }
        Ok(look)
    }

    /// The run with what was learned.
    pub async fn finish(mut self) -> Result<Run, GpuError> {
        if let (Some(tuner), Learns::Lora(lora)) = (&self.gpu, &mut self.run.learns) {
            lora.numbers = tuner.numbers().await?;
        }
        Ok(self.run)
    }
}

fn asked<'a>(examples: &'a [Example], task: &Task) -> Vec<Asked<'a>> {
    examples.iter().map(|one| Asked { ids: &one.ids, answer: task.answer(one) }).collect()
}
