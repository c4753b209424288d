//! What all kernel labs share: the reader's kernel is compiled, run on a small example, and judged
//! by the lesson's own checks on the reader's GPU.

use demo::control::{Control, Typed, Wgsl};
use demo::{Backend, Context, DemoError, View, format};
use gpu::{Gpu, GpuError};
use grading::KernelLab;
use scores::{Part, Sheet};

/// A kernel lab.
pub struct Lab {
    /// The control with the kernel.
    pub source: Wgsl,
    /// The lesson whose checks judge it.
    pub judged_by: KernelLab,
    /// Which of the lesson's kernels it is, e.g. `softmax`: its file in a clone is
    /// `kernels/exercise/softmax.wgsl`, the answer `softmax_wgsl`, the demo `softmax-kernel-lab`.
    pub kernel: &'static str,
    /// What the example consists of, after "run on", e.g. `these two rows`.
    pub example: &'static str,
}

impl Lab {
    /// Its controls.
    pub fn controls(&self) -> Vec<Control> {
        vec![self.source.control()]
    }

    /// Runs the lab. `wanted` shows what a kernel has to compute from the example; `preview`
    /// compiles the reader's kernel and shows what it computes.
    ///
    /// # Errors
    /// If the source is too long or does not fit the lesson, if there is no GPU any more, or if the
    /// reader asked for another run. A kernel that does not compile is no error: its diagnostics
    /// are shown.
    pub async fn run(
        &self,
        cx: &Context,
        wanted: View,
        preview: impl AsyncFnOnce(&Gpu, &str) -> Result<View, GpuError>,
    ) -> Result<(), DemoError> {
        self.run_and_measure(cx, wanted, preview, async |_, _| Ok(Vec::new())).await
    }

    /// The same, and `measure` tells of a kernel with all points how fast it is: views for
    /// [`View::Measured`], such as those of [`speed::compared`](crate::speed::compared).
    ///
    /// # Errors
    /// As [`Lab::run`]. What cannot be measured is told below the score, which is kept.
    pub async fn run_and_measure(
        &self,
        cx: &Context,
        wanted: View,
        preview: impl AsyncFnOnce(&Gpu, &str) -> Result<View, GpuError>,
        measure: impl AsyncFnOnce(&Gpu, &str) -> Result<Vec<View>, DemoError>,
    ) -> Result<(), DemoError> {
        let source = cx.get(&self.source)?;
        match cx.backend() {
            Backend::Cpu => {
                self.without_gpu(cx, wanted);
                Ok(())
            }
            Backend::Gpu => self.judge(cx, &source, preview, measure).await,
        }
    }

    /// What can be shown where no kernel runs.
    fn without_gpu(&self, cx: &Context, wanted: View) {
        let Self { judged_by: KernelLab { lesson, .. }, kernel, example, .. } = self;
        let how = format!(
            "A kernel needs a GPU. In a browser with WebGPU, press Run: your kernel is compiled, \
             run on {example}, and graded by the lesson's checks. Without WebGPU, press Thread by \
             thread: your kernel is run on the CPU, one thread after another, and you see what each \
             of them does. On the command line, “cargo study grade {lesson}” runs the checks on \
             your file kernels/exercise/{kernel}.wgsl."
        );
        cx.show(
            "No kernel was run. The table shows what it has to compute.",
            &[wanted, View::Prose(vec![how])],
        );
    }

    async fn judge(
        &self,
        cx: &Context,
        source: &str,
        preview: impl AsyncFnOnce(&Gpu, &str) -> Result<View, GpuError>,
        measure: impl AsyncFnOnce(&Gpu, &str) -> Result<Vec<View>, DemoError>,
    ) -> Result<(), DemoError> {
        let KernelLab { lesson, hash, checks } = self.judged_by;
        let is_of_kernel = |function: &str| function.strip_suffix("_wgsl") == Some(self.kernel);
        let checks: Vec<_> = checks.iter().filter(|(c, _)| is_of_kernel(c.function)).collect();
        let steps = checks.len() as u64 + 1;

        cx.progress("compiling the kernel", 0, steps).await?;
        let gpu = gpu::shared().await?;
        let output = preview(&gpu, source).await;
        if output.is_err() && !gpu.is_alive().await {
            return Err(lost());
        }
        let output = match output {
            Ok(output) => output,
            Err(GpuError::Compile(errors)) => {
                self.show_errors(cx, errors);
                return Ok(());
            }
            Err(GpuError::Invalid(why)) => {
                let message = format!("It does not fit the lesson: {why}");
                return Err(DemoError::input(self.source.name, message));
            }
            Err(error) => return Err(error.into()),
        };
        cx.show("The kernel compiles and runs. The checks follow.", std::slice::from_ref(&output));

        let mut results = Vec::new();
        for ((check, judge), done) in checks.iter().zip(1..) {
            cx.progress(check.title, done, steps).await?;
            let outcome = judge(source.to_owned()).await;
            // A lost device makes any kernel look wrong: nothing is graded then.
            if outcome.is_err() && !gpu.is_alive().await {
                return Err(lost());
            }
            results.push(check.result(&outcome));
        }
        let sheet = Sheet::new(lesson, Part::Checks, hash, results);
        let summary = format!(
            "Your kernel has {} of {}.",
            sheet.points,
            format::counted(sheet.max_points as usize, "point")
        );
        let has_all = sheet.points == sheet.max_points;
        let mut views = vec![View::Score(sheet.clone()), output];
        cx.show(summary.clone(), &views);
        cx.score(sheet);
        if !has_all {
            return Ok(());
        }
        let measured = match measure(&gpu, source).await {
            Err(DemoError::Cancelled) => return Err(DemoError::Cancelled),
            Err(DemoError::Input { message, .. } | DemoError::Other(message)) => {
                vec![View::Prose(vec![format!("How fast it is could not be measured: {message}")])]
            }
            Ok(measured) => measured,
        };
        if !measured.is_empty() {
            views.push(View::Measured(measured));
            cx.show(summary, &views);
        }
        Ok(())
    }

    fn show_errors(&self, cx: &Context, errors: Vec<gpu::Diagnostic>) {
        let count = errors.len();
        let messages: Vec<(u32, u32, String)> =
            errors.into_iter().take(MOST_ERRORS).map(|e| (e.line, e.column, e.message)).collect();
        let mut summary = match messages.first() {
            Some((0, _, message)) => format!("The kernel does not compile: {message}"),
            Some((line, column, message)) => {
                format!("The kernel does not compile. Line {line}, column {column}: {message}")
            }
            None => "The kernel does not compile.".into(),
        };
        if count > 1 {
            let all = format::count(count);
            summary +=
                &format!(" The compiler found {all} errors; the first may cause the others.");
        }
        cx.show(summary, &[View::Diagnostics { control: self.source.name.into(), messages }]);
    }
}

/// What is said where the device was lost while it judged.
fn lost() -> DemoError {
    DemoError::Other(
        "Not graded: the GPU was lost while it ran your kernel. Your score is as it was. Press Run \
         to try again; if it is lost again, look for a loop that takes very long."
            .into(),
    )
}

/// Errors shown: the first often causes the others.
const MOST_ERRORS: usize = 3;
