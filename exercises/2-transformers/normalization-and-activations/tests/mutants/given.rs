//! What is given does what its docs say.

use candle_core::{DType, Device, Tensor, Var};
use grading::{block_on, run_check};
use normalization_and_activations::{
    Answers, LAYERS, LESSON, NormError, SOLUTION, erfc, expect_fits, fast, run_rms_norm,
    run_swiglu, sigmoid, sizes_by_layer, solution, workgroups,
};

fn of(x: &[f64]) -> Tensor {
    Tensor::from_slice(x, x.len(), &Device::Cpu).unwrap()
}

fn is_close(got: f64, want: f64) -> bool {
    (got - want).abs() <= 1e-12 * want.abs().max(1e-300)
}

#[test]
fn both_steps_keep_their_digits_and_pass_slopes_back() {
    // erfc by PyTorch 2.15: torch.special.erfc in double precision.
    let wanted = [(-3.0, 1.999_977_909_503_001_5), (0.0, 1.0), (6.0, 2.151_973_671_249_891_3e-17)];
    for (x, want) in wanted {
        let got = erfc(&of(&[x])).unwrap().to_vec1::<f64>().unwrap()[0];
        assert!(is_close(got, want), "erfc({x}) = {got}");
    }
    for x in [-700.0_f64, -3.0, 0.0, 2.0, 700.0] {
        let got = sigmoid(&of(&[x])).unwrap().to_vec1::<f64>().unwrap()[0];
        let want = if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) };
        assert!(is_close(got, want), "sigmoid({x}) = {got}");
    }
    let h = 1e-5;
    for step in [erfc, sigmoid] {
        for x in [-2.0, -0.5, 0.0, 1.5, 3.0] {
            let at = |x: f64| step(&of(&[x])).unwrap().to_vec1::<f64>().unwrap()[0];
            let nudged = (at(x + h) - at(x - h)) / (2.0 * h);
            let leaf = Var::from_tensor(&of(&[x])).unwrap();
            let all = step(&leaf).unwrap().sum_all().unwrap().backward().unwrap();
            let slope = all.get(&leaf).unwrap().to_vec1::<f64>().unwrap()[0];
            assert!((slope - nudged).abs() < 1e-8, "at {x}: {slope}, nudged {nudged}");
        }
        for x in [-1e6, -200.0, 200.0, 1e6] {
            let leaf = Var::from_tensor(&of(&[x]).to_dtype(DType::F32).unwrap()).unwrap();
            let all = step(&leaf).unwrap().sum_all().unwrap().backward().unwrap();
            assert_eq!(all.get(&leaf).unwrap().to_vec1::<f32>().unwrap(), [0.0], "at {x}");
        }
    }
}

#[test]
fn both_steps_take_views_and_refuse_whole_numbers() {
    let x = of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).reshape((2, 3)).unwrap();
    let turned = sigmoid(&x.t().unwrap()).unwrap().t().unwrap().to_vec2::<f64>().unwrap();
    assert_eq!(turned, sigmoid(&x).unwrap().to_vec2::<f64>().unwrap());
    let part = erfc(&x.narrow(1, 1, 2).unwrap()).unwrap().to_vec2::<f64>().unwrap();
    assert_eq!(part, erfc(&x).unwrap().narrow(1, 1, 2).unwrap().to_vec2::<f64>().unwrap());
    let whole = Tensor::new(&[1_u32, 2], &Device::Cpu).unwrap();
    assert!(erfc(&whole).is_err() && sigmoid(&whole).is_err());
}

#[test]
fn what_does_not_fit_is_named() {
    let (x, gamma) = (of(&[1.0, 2.0, 3.0]), of(&[1.0, 1.0, 1.0]));
    assert!(expect_fits(&x, &[("gamma", &gamma)], 1e-5).is_ok());
    let wrong = expect_fits(&x, &[("gamma", &gamma), ("beta", &of(&[1.0]))], 1e-5);
    assert!(matches!(&wrong, Err(NormError::Shape { name: "beta", wanted: 3, .. })), "{wrong:?}");
    let message = wrong.unwrap_err().to_string();
    assert_eq!(message, "beta has the shape [1]: give one number a place, (3)");
    for eps in [0.0, -1e-5, f64::NAN, f64::INFINITY] {
        assert!(matches!(expect_fits(&x, &[], eps), Err(NormError::Eps(_))), "{eps}");
    }
    let number = Tensor::new(1.0_f64, &Device::Cpu).unwrap();
    assert!(matches!(expect_fits(&number, &[], 1e-5), Err(NormError::NoNumbers { .. })));
}

#[test]
fn the_host_runs_any_size_and_refuses_a_wrong_one() {
    let gpu = block_on(gpu::shared()).unwrap();
    let norm = |x: &[f32], gamma: &[f32]| {
        block_on(run_rms_norm(&gpu, solution::rms_norm_wgsl(), x, gamma, 1e-12))
    };
    for y in norm(&[3.0; 6], &[2.0; 3]).unwrap() {
        assert!((y - 2.0).abs() < 1e-5, "{y}");
    }
    assert!(norm(&[], &[1.0; 3]).unwrap().is_empty());
    assert!(norm(&[1.0; 5], &[1.0; 3]).is_err() && norm(&[1.0; 5], &[]).is_err());
    let gate =
        |gate: &[f32], up: &[f32]| block_on(run_swiglu(&gpu, solution::swiglu_wgsl(), gate, up));
    assert_eq!(gate(&[0.0; 3], &[7.0; 3]).unwrap(), [0.0; 3]);
    assert!(gate(&[], &[]).unwrap().is_empty());
    assert!(gate(&[1.0], &[1.0, 2.0]).is_err());
    let [width, lines, _] = workgroups(256 * 65_535 + 1);
    assert!(lines == 2 && u64::from(width) * 2 * 256 > 256 * 65_535);
}

#[test]
fn a_norm_keeps_the_size_of_a_deep_network() {
    let last = |gain, norm| sizes_by_layer(gain, norm).unwrap()[LAYERS];
    assert!(last(1.5, false) > 1000.0 && last(1.0 / 1.5, false) < 0.001);
    for gain in [1.5, 1.0, 1.0 / 1.5] {
        assert!((0.5..2.0).contains(&(last(gain, true) / gain)), "{}", last(gain, true));
    }
}

#[test]
fn the_fast_version_passes_the_checks() {
    let fast = Answers {
        layer_norm: fast::layer_norm,
        rms_norm: fast::rms_norm,
        gelu_erf: fast::gelu_erf,
        gelu_tanh: fast::gelu_tanh,
        ..SOLUTION
    };
    // Those of kernels would take long, and judge nothing of it.
    let functions = ["layer_norm", "rms_norm", "gelu_erf", "gelu_tanh"];
    let checks = LESSON.checks.iter().map(|check| &check.info);
    for check in checks.filter(|check| functions.contains(&check.function)) {
        run_check(&LESSON, check.name, &fast).unwrap();
    }
}
