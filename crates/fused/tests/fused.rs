//! Each operation beside candle's small ones in f64, its gradients beside theirs and beside finite
//! differences.

use candle_core::{D, DType, Device, Result, Tensor, Var};
use grading::Tolerance;
use tensor_test::{expect_slopes, expect_tensor, flat, largest, numbers, tensor, upstream};

/// Of one vector, of less and more, and of more rows than a portion.
const SHAPES: [&[usize]; 7] =
    [&[1], &[5], &[2, 1, 16], &[3, 31], &[4, 3, 33], &[2, 1000], &[331, 173]];

type Op = fn(&[Tensor]) -> Result<Tensor>;

fn tolerance(dtype: DType, want: &[f64]) -> Tolerance {
    let (rtol, step) = if dtype == DType::F32 { (3e-6, 2e-6) } else { (1e-12, 1e-13) };
    Tolerance { rtol, atol: step * largest(want) }
}

fn composed_softmax(x: &Tensor, dim: usize) -> Result<Tensor> {
    let e = x.broadcast_sub(&x.max_keepdim(dim)?.detach())?.exp()?;
    e.broadcast_div(&e.sum_keepdim(dim)?)
}

fn composed_norm(x: &Tensor, gamma: &Tensor, beta: Option<&Tensor>) -> Result<Tensor> {
    let x = match beta {
        Some(_) => x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?,
        None => x.clone(),
    };
    let scale = (x.sqr()?.mean_keepdim(D::Minus1)? + 1e-5)?.sqrt()?;
    let y = x.broadcast_div(&scale)?.broadcast_mul(gamma)?;
    beta.map_or(Ok(y.clone()), |beta| y.broadcast_add(beta))
}

/// What is tested, and the same of candle's operations.
fn both(name: &str) -> (Op, Op) {
    match name {
        "softmax" => (
            |x| fused::softmax(&x[0], x[0].rank() - 1),
            |x| composed_softmax(&x[0], x[0].rank() - 1),
        ),
        "softmax of the first axis" => {
            (|x| fused::softmax(&x[0], 0), |x| composed_softmax(&x[0], 0))
        }
        "layer norm" => (
            |x| fused::layer_norm(&x[0], &x[1], &x[2], 1e-5),
            |x| composed_norm(&x[0], &x[1], Some(&x[2])),
        ),
        "RMSNorm" => {
            (|x| fused::rms_norm(&x[0], &x[1], 1e-5), |x| composed_norm(&x[0], &x[1], None))
        }
        "GELU by erf" => (
            |x| fused::gelu_erf(&x[0]),
            // The backward of candle's own, as of its GELU by tanh, has seven digits.
            |x| &x[0] * (((&x[0] / std::f64::consts::SQRT_2)?.erf()? + 1.0)? * 0.5)?,
        ),
        "GELU by tanh" => (
            |x| fused::gelu_tanh(&x[0]),
            |x| {
                let u = (&x[0] + (x[0].powf(3.0)? * 0.044715)?)?;
                let u = (u * (2.0 / std::f64::consts::PI).sqrt())?;
                &x[0] * ((u.tanh()? + 1.0)? * 0.5)?
            },
        ),
        _ => unreachable!("{name}"),
    }
}

const NAMES: [&str; 6] = [
    "softmax",
    "softmax of the first axis",
    "layer norm",
    "RMSNorm",
    "GELU by erf",
    "GELU by tanh",
];

/// Arguments: numbers up to ±3, and two parameters.
fn arguments(shape: &[usize], dtype: DType) -> Vec<Tensor> {
    let n = *shape.last().unwrap();
    let x: Vec<f64> = numbers(shape.iter().product(), 1).iter().map(|x| 3.0 * x).collect();
    let x = tensor(&x, shape, dtype).unwrap();
    let parameter = |seed| tensor(&numbers(n, seed), &[n], dtype).unwrap();
    vec![x, parameter(2), parameter(3)]
}

#[test]
fn values_and_gradients_are_those_of_small_operations() {
    for name in NAMES {
        let (ours, theirs) = both(name);
        for shape in SHAPES {
            for dtype in [DType::F32, DType::F64] {
                let what = format!("{name} of {shape:?}, {dtype:?}");
                let run = |op: Op, dtype: DType| {
                    let arguments = arguments(shape, dtype);
                    let variables: Vec<Var> =
                        arguments.iter().map(|x| Var::from_tensor(x).unwrap()).collect();
                    let x: Vec<Tensor> = variables.iter().map(|x| x.as_tensor().clone()).collect();
                    let y = op(&x).unwrap();
                    let weighted = (&y * upstream(&y).unwrap()).unwrap().sum_all().unwrap();
                    let gradients = weighted.backward().unwrap();
                    let slopes: Vec<Option<Tensor>> =
                        variables.iter().map(|x| gradients.get(x).cloned()).collect();
                    (y, slopes)
                };
                let (y, slopes) = run(ours, dtype);
                let (want, want_slopes) = run(theirs, DType::F64);
                let want = flat(&want).unwrap();
                expect_tensor(&what, &y, shape, dtype, &want, tolerance(dtype, &want)).unwrap();
                for (got, want) in slopes.iter().zip(&want_slopes) {
                    let (Some(got), Some(want)) = (got, want) else {
                        assert!(got.is_none() && want.is_none(), "{what}: a gradient is missing");
                        continue;
                    };
                    let (shape, want) = (want.dims(), flat(want).unwrap());
                    // Of one number, a norm's slope is the difference of what cancels out.
                    let mut tolerance = tolerance(dtype, &want);
                    tolerance.atol += if dtype == DType::F32 { 2e-6 } else { 1e-12 };
                    expect_tensor(&what, got, shape, dtype, &want, tolerance).unwrap();
                }
            }
        }
    }
}

#[test]
fn gradients_are_slopes() {
    for name in NAMES {
        let (ours, _) = both(name);
        let arguments = arguments(&[3, 7], DType::F64);
        for (i, x) in arguments.iter().enumerate() {
            let with = |x: &Tensor| {
                let mut all = arguments.clone();
                all[i] = x.clone();
                let y = ours(&all)?;
                (&y * upstream(&y)?)?.sum_all()
            };
            let variable = Var::from_tensor(x).unwrap();
            let gradients = with(variable.as_tensor()).unwrap().backward().unwrap();
            let gradient = gradients.get(&variable);
            if i > 0 && gradient.is_none() {
                continue; // An operation without parameters.
            }
            expect_slopes(name, x, gradient, &mut |x| Ok(with(x)?.to_scalar::<f64>()?)).unwrap();
        }
    }
}

#[test]
fn views_and_every_axis() {
    let x = tensor(&numbers(4 * 5 * 6, 6), &[4, 5, 6], DType::F32).unwrap();
    let view = x.transpose(0, 2).unwrap().narrow(1, 1, 3).unwrap();
    for dim in 0..3 {
        let got = fused::softmax(&view, dim).unwrap();
        let want = flat(&composed_softmax(&view, dim).unwrap()).unwrap();
        expect_tensor("a view", &got, &[6, 3, 4], DType::F32, &want, tolerance(DType::F32, &want))
            .unwrap();
    }
    assert!(fused::softmax(&view, 3).is_err());
    let parameters = tensor(&numbers(8, 7), &[4, 2], DType::F32).unwrap();
    let [gamma, beta] = [0, 1].map(|i| parameters.narrow(1, i, 1).unwrap().squeeze(1).unwrap());
    let got = fused::layer_norm(&view, &gamma, &beta, 1e-5).unwrap();
    let want = flat(&composed_norm(&view, &gamma, Some(&beta)).unwrap()).unwrap();
    expect_tensor("a view", &got, &[6, 3, 4], DType::F32, &want, tolerance(DType::F32, &want))
        .unwrap();
    assert!(fused::layer_norm(&view, &gamma.narrow(0, 0, 1).unwrap(), &beta, 1e-5).is_err());
    let empty = Tensor::zeros((0, 3), DType::F32, &Device::Cpu).unwrap();
    assert_eq!(fused::softmax(&empty, 1).unwrap().dims(), [0, 3]);
    assert!(fused::softmax(&empty.to_dtype(DType::U32).unwrap(), 1).is_err());
}

#[test]
fn infinity_and_nan_are_treated_as_by_small_operations() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let rows = [-inf, 0.0, 1.0, -inf, -inf, -inf, inf, 0.0, 1.0, nan, 0.0, 1.0, 1e4, -1e4, 0.0];
    for dtype in [DType::F32, DType::F64] {
        let x = tensor(&rows, &[5, 3], dtype).unwrap();
        let got = flat(&fused::softmax(&x, 1).unwrap()).unwrap();
        let want = flat(&composed_softmax(&x, 1).unwrap()).unwrap();
        for (got, want) in got.iter().zip(&want) {
            let is_near = want.is_nan() || (got - want).abs() <= 1e-6;
            assert!(got.is_nan() == want.is_nan() && is_near, "{got} {want}");
        }
        assert_eq!(got[0], 0.0);
        assert_eq!(got[12..], [1.0, 0.0, 0.0]);
    }
}

#[test]
fn f32_keeps_its_digits_far_from_zero() {
    let x: Vec<f64> = (-110_000..=110_000).map(|i| f64::from(i as f32 / 1000.0)).collect();
    let x = tensor(&x, &[x.len()], DType::F32).unwrap();
    // At the end of f32's numbers there are fewer digits.
    let least = 2.0 * f64::from(f32::from_bits(1));
    type Op = fn(&Tensor) -> Result<Tensor>;
    let ops: [(&str, Op, f64); 1] = [("GELU by erf", fused::gelu_erf, 1e-6)];
    for (name, op, rtol) in ops {
        let got = flat(&op(&x).unwrap()).unwrap();
        let want = flat(&op(&x.to_dtype(DType::F64).unwrap()).unwrap()).unwrap();
        for (i, (got, want)) in got.iter().zip(&want).enumerate() {
            let off = (got - want).abs();
            let x = (i as f64 - 110_000.0) / 1000.0;
            assert!(off <= rtol * want.abs() + 60.0 * least, "{name} of {x}: {got}, not {want}");
        }
    }
}

#[test]
fn an_offset_does_a_norm_no_harm() {
    let x: Vec<f64> = numbers(3 * 301, 8).iter().map(|x| f64::from((1e4 + x) as f32)).collect();
    let [gamma, beta] = [1.0, 0.0].map(|x| tensor(&[x; 301], &[301], DType::F32).unwrap());
    let got = fused::layer_norm(&tensor(&x, &[3, 301], DType::F32).unwrap(), &gamma, &beta, 1e-5);
    let wide = [DType::F64; 2].map(|dtype| gamma.to_dtype(dtype).unwrap());
    let x = tensor(&x, &[3, 301], DType::F64).unwrap();
    let want = composed_norm(&x, &wide[0], Some(&beta.to_dtype(DType::F64).unwrap())).unwrap();
    let want = flat(&want).unwrap();
    let close = Tolerance { rtol: 1e-5, atol: 1e-5 };
    expect_tensor("layer norm", &got.unwrap(), &[3, 301], DType::F32, &want, close).unwrap();
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let run = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let x = arguments(&[700, 130], DType::F32);
            let x: Vec<Var> = x.iter().map(|x| Var::from_tensor(x).unwrap()).collect();
            let y = fused::layer_norm(&x[0], &x[1], &x[2], 1e-5).unwrap();
            let y = fused::softmax(&fused::gelu_erf(&y).unwrap(), 1).unwrap();
            let loss = (&y * upstream(&y).unwrap()).unwrap().sum_all().unwrap();
            let gradients = loss.backward().unwrap();
            let slopes = x.iter().map(|x| flat(gradients.get(x).unwrap()).unwrap());
            slopes.flatten().map(f64::to_bits).collect()
        })
    };
    assert_eq!(run(1), run(3));
}
