//! Functions of one number, done to each number of a tensor.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, PI};
use std::marker::PhantomData;

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, WithDType};

use crate::math::Real;
use crate::rows::{Each, by_number, for_real, slice};

/// GELU of each number: `x · Φ(x)`, where `Φ(x) = ½ · erfc(−x / √2)`. It keeps its digits far
/// below 0.
///
/// # Errors
/// If `x` is neither f32 nor f64.
pub fn gelu_erf(x: &Tensor) -> Result<Tensor> {
    each::<GeluErf>(x)
}

/// The approximation of GELU that GPT-2 uses: `x · ½ · (1 + tanh(u))` with
/// `u = sqrt(2/π) · (x + 0.044715 · x³)`.
///
/// # Errors
/// If `x` is neither f32 nor f64.
pub fn gelu_tanh(x: &Tensor) -> Result<Tensor> {
    each::<GeluTanh>(x)
}

/// A function and its derivative. Both must be `#[inline(always)]`.
trait Curve: Send + Sync + 'static {
    const NAME: &'static str;
    fn value<T: Real>(x: T) -> T;
    fn slope<T: Real>(x: T) -> T;
}

/// A constant.
#[inline(always)]
fn c<T: Real>(x: f64) -> T {
    T::from_f64(x)
}

/// The logistic sigmoid, `σ(x) = 1 / (1 + e⁻ˣ)`.
#[inline(always)]
fn sigmoid<T: Real>(x: T) -> T {
    // e⁻ˣ may be infinite, e⁻|ˣ| is at most 1.
    let e = (-x.abs()).exp();
    let above = c::<T>(1.0) / (c::<T>(1.0) + e);
    if x < c(0.0) { e * above } else { above }
}

/// Its derivative, `σ(x) · (1 − σ(x))`, which is the same on both sides of 0.
#[inline(always)]
fn sigmoid_slope<T: Real>(x: T) -> T {
    let e = (-x.abs()).exp();
    let above = c::<T>(1.0) / (c::<T>(1.0) + e);
    e * above * above
}

struct GeluErf;
impl Curve for GeluErf {
    const NAME: &'static str = "GELU by erf";
    #[inline(always)]
    fn value<T: Real>(x: T) -> T {
        x * x.below()
    }
    #[inline(always)]
    fn slope<T: Real>(x: T) -> T {
        x.below() + x * c(0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2) * x.bell()
    }
}

struct GeluTanh;

const CUBE: f64 = 0.044715;

/// `½ · (1 + tanh(u)) = σ(2u)`: this is the factor of `2u`.
#[inline(always)]
fn factor<T: Real>() -> T {
    c((8.0 / PI).sqrt())
}

impl Curve for GeluTanh {
    const NAME: &'static str = "GELU by tanh";
    #[inline(always)]
    fn value<T: Real>(x: T) -> T {
        let u = factor::<T>() * (x + c::<T>(CUBE) * x * x * x);
        x * sigmoid(u)
    }
    #[inline(always)]
    fn slope<T: Real>(x: T) -> T {
        let u = factor::<T>() * (x + c::<T>(CUBE) * x * x * x);
        let steep = factor::<T>() * (c::<T>(1.0) + c::<T>(3.0 * CUBE) * x * x);
        // Far out the slope of σ is 0, and infinity times 0 would not be a number.
        let bend = sigmoid_slope(u);
        let bend = if bend > c(0.0) { x * steep * bend } else { c(0.0) };
        sigmoid(u) + bend
    }
}

fn each<C: Curve>(x: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op1(Value::<C>(PhantomData))
}

struct Value<C>(PhantomData<C>);

impl<C: Curve> CustomOp1 for Value<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        for_real!(x, C::NAME, T => {
            let x = slice::<T>(x, layout)?;
            let y = by_number(x.len(), &Values::<_, C> { x, curve: PhantomData });
            Ok((T::to_cpu_storage_owned(y), layout.shape().clone()))
        })
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let slope = Slope::<C>(PhantomData);
        Ok(Some(x.apply_op2_no_bwd(&gradient.contiguous()?, &slope)?))
    }
}

struct Values<'a, T, C> {
    x: &'a [T],
    curve: PhantomData<C>,
}

impl<T: Real, C: Curve> Each<T> for Values<'_, T, C> {
    #[inline(always)]
    fn each(&self, first: usize, out: &mut [T]) {
        for (y, &x) in out.iter_mut().zip(&self.x[first..]) {
            *y = C::value(x);
        }
    }
}

/// Of each number of the first tensor, times that of the second.
struct Slope<C>(PhantomData<C>);

impl<C: Curve> CustomOp2 for Slope<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        g: &CpuStorage,
        g_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        for_real!(x, C::NAME, T => {
            let (x, g) = (slice::<T>(x, layout)?, slice::<T>(g, g_layout)?);
            let slopes = by_number(x.len(), &Slopes::<_, C> { x, g, curve: PhantomData });
            Ok((T::to_cpu_storage_owned(slopes), layout.shape().clone()))
        })
    }
}

struct Slopes<'a, T, C> {
    x: &'a [T],
    g: &'a [T],
    curve: PhantomData<C>,
}

impl<T: Real, C: Curve> Each<T> for Slopes<'_, T, C> {
    #[inline(always)]
    fn each(&self, first: usize, out: &mut [T]) {
        for ((slope, &x), &g) in out.iter_mut().zip(&self.x[first..]).zip(&self.g[first..]) {
            *slope = C::slope(x) * g;
        }
    }
}
