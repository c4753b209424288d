// Log-softmax and the loss of a batch: values, gradients, ignored labels.

/// Log-softmax along every axis, as PyTorch has it.
fn expect_log_softmax(case: &oracle::LogSoftmaxCase) -> Outcome {
    let x = tensor(&case.x, &case.shape)?;
    for (dim, want) in case.along.iter().enumerate() {
        let what = format!("{}, shape {:?}, along axis {dim}", case.name, case.shape);
        let y = subject::log_softmax(&x, dim)?;
        expect_eq(&format!("{what}: the shape of the result"), y.dims(), &case.shape)?;
        let y = y.flatten_all()?.to_vec1::<f32>()?;
        expect_close(&what, &case.shape, &y, want, F32)?;
    }
    Ok(())
}

fn log_softmax_matches_pytorch() -> Outcome {
    // Large numbers have a check of their own, whose hints are about them.
    oracle::log_softmax_cases()?
        .iter()
        .filter(|case| !is_large(&case.x))
        .try_for_each(expect_log_softmax)?;
    let matrix = tensor(&[1.0, 2.0], &[1, 2])?;
    expect_error("log-softmax along axis 2 of a matrix", subject::log_softmax(&matrix, 2))
}

fn log_softmax_stays_finite() -> Outcome {
    // exp(−200) is 0 in f32, its logarithm −∞; the right answer is −200.
    for gap in [200.0, 1000.0, 20_000.0] {
        let y = subject::log_softmax(&tensor(&[-gap, 0.0, 0.0], &[3])?, 0)?.to_vec1::<f32>()?;
        let half = -std::f64::consts::LN_2;
        let what = format!("log-softmax of [−{gap}, 0, 0]");
        expect_close(&what, &[], &y, &[half - gap, half, half], F32)?;
    }
    oracle::log_softmax_cases()?
        .iter()
        .filter(|case| is_large(&case.x))
        .try_for_each(expect_log_softmax)
}

fn log_softmax_passes_gradients() -> Outcome {
    for case in oracle::log_softmax_cases()?.iter().filter(|case| !is_large(&case.x)) {
        for (dim, want) in case.gradients.iter().enumerate() {
            let x = Var::from_tensor(&tensor(&case.x, &case.shape)?)?;
            let upstream = tensor(&case.upstream, &case.shape)?;
            let sum = (subject::log_softmax(&x, dim)? * upstream)?.sum_all()?;
            let what = format!("{}: the gradient along axis {dim}", case.name);
            expect_close(&what, &case.shape, &gradient(&sum, &x)?, want, F32)?;
        }
    }
    Ok(())
}

fn gradient(loss: &Tensor, x: &Var) -> Result<Vec<f32>, Failure> {
    let gradients = loss.backward()?;
    let gradient = gradients.get(x).ok_or_else(|| {
        Failure::wrong("no gradient reaches the logits: something on the way has no backward")
    })?;
    Ok(gradient.flatten_all()?.to_vec1::<f32>()?)
}

fn loss_of(logits: &Tensor, targets: &[u32], ignore_index: u32) -> Result<Tensor, Failure> {
    let loss = subject::cross_entropy(logits, &labels(targets)?, ignore_index)?;
    expect(loss.dims().is_empty(), || {
        format!("the loss is one number without axes, not a tensor of shape {:?}", loss.dims())
    })?;
    Ok(loss)
}

fn expect_loss(case: &LossCase) -> Outcome {
    let logits = tensor(&case.logits, &case.shape)?;
    let loss = loss_of(&logits, &case.targets, case.ignore_index)?.to_scalar::<f32>()?;
    expect_close(&what(case), &[], &[loss], &[case.loss], F32)
}

fn what(case: &LossCase) -> String {
    let LossCase { name, shape, targets, ignore_index, .. } = case;
    format!("{name}: the loss of logits {shape:?}, targets {targets:?}, ignoring {ignore_index}")
}

/// The cases in which nothing is ignored, or those in which something is.
fn cases(ignoring: bool) -> Result<Vec<LossCase>, Failure> {
    Ok(oracle::loss_cases()?.into_iter().filter(|case| case.ignores() == ignoring).collect())
}

fn loss_matches_pytorch() -> Outcome {
    cases(false)?.iter().filter(|case| !is_large(&case.logits)).try_for_each(expect_loss)
}

fn loss_stays_finite() -> Outcome {
    cases(false)?.iter().filter(|case| is_large(&case.logits)).try_for_each(expect_loss)
}

fn expect_gradient(case: &LossCase) -> Outcome {
    let logits = Var::from_tensor(&tensor(&case.logits, &case.shape)?)?;
    let loss = loss_of(&logits, &case.targets, case.ignore_index)?;
    let got = gradient(&loss, &logits)?;
    expect_close(&format!("{}, its gradient", what(case)), &case.shape, &got, &case.gradient, F32)
}

fn loss_has_the_gradient_of_pytorch() -> Outcome {
    cases(false)?.iter().try_for_each(expect_gradient)
}

fn ignored_targets_do_not_count() -> Outcome {
    for case in cases(true)? {
        expect_loss(&case)?;
        // What an ignored row holds makes no difference.
        let (rows, cols) = (case.shape[0], case.shape[1]);
        for filler in [f64::NAN, 1e30, f64::NEG_INFINITY] {
            let mut logits = case.logits.clone();
            for row in (0..rows).filter(|&row| case.targets[row] == case.ignore_index) {
                logits[row * cols..(row + 1) * cols].fill(filler);
            }
            let name = format!("{}, full of {filler}", case.name);
            let (shape, targets) = (case.shape.clone(), case.targets.clone());
            expect_loss(&LossCase { name, shape, logits, targets, gradient: Vec::new(), ..case })?;
        }
    }
    Ok(())
}

fn ignored_rows_get_no_gradient() -> Outcome {
    for case in cases(true)? {
        expect_gradient(&case)?;
        let logits = Var::from_tensor(&tensor(&case.logits, &case.shape)?)?;
        let got = gradient(&loss_of(&logits, &case.targets, case.ignore_index)?, &logits)?;
        for (row, values) in got.chunks(case.shape[1]).enumerate() {
            let ignored = case.targets[row] == case.ignore_index;
            expect(!ignored || values.iter().all(|&v| v == 0.0), || {
                format!("{}: row {row} is ignored, but its gradient is {values:?}", what(&case))
            })?;
        }
    }
    Ok(())
}

fn bad_targets_are_errors() -> Outcome {
    // An answer that always fails must not pass.
    for case in cases(true)? {
        expect_loss(&case)?;
    }
    let logits = Tensor::zeros((3, 4), DType::F32, &Device::Cpu)?;
    let bad = |what: &str, logits: &Tensor, targets: &Tensor| {
        expect_error(what, subject::cross_entropy(logits, targets, 9))
    };
    bad("target 4 of a vocabulary of 4", &logits, &labels(&[0, 4, 1])?)?;
    bad("target 10, where 9 is ignored", &logits, &labels(&[9, 2, 10])?)?;
    bad("all targets ignored", &logits, &labels(&[9, 9, 9])?)?;
    bad("two targets for three rows", &logits, &labels(&[0, 1])?)?;
    bad("four targets for three rows", &logits, &labels(&[0, 1, 2, 3])?)?;
    bad("four targets, the last ignored", &logits, &labels(&[0, 1, 2, 9])?)?;
    bad("targets in two axes", &logits, &labels(&[0, 1, 2])?.reshape((3, 1))?)?;
    bad("logits in one axis", &logits.flatten_all()?, &labels(&[0])?)?;
    let none = Tensor::zeros((0, 4), DType::F32, &Device::Cpu)?;
    bad("no rows", &none, &labels(&[])?)
}
