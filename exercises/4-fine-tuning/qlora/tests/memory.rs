//! A packed layer computes without ever being whole: measured by the allocator.

use cap::Cap;
use lora::LoraLinear;
use qlora::solution::{double_quantize, qlora_backward, qlora_forward, quantize_4bit};
use qlora::{Absmax, Base, Code};

#[global_allocator]
static MEMORY: Cap<std::alloc::System> = Cap::new(std::alloc::System, usize::MAX);

#[test]
fn a_layer_takes_a_row_of_its_weight_at_a_time() {
    let (inputs, outputs, rank) = (2048, 2048, 4);
    let numbers = |n: usize| (0..n).map(|i| (i as f32 * 0.7).sin()).collect::<Vec<f32>>();
    let mut weight = quantize_4bit(&numbers(inputs * outputs), Code::Nf4, 64).unwrap();
    if let Absmax::Plain(absmax) = &weight.absmax {
        weight.absmax = Absmax::Doubled(double_quantize(absmax).unwrap());
    }
    let (whole, packed) = (4 * inputs * outputs, weight.size());
    assert!(packed * 31 / 4 < whole, "{packed} of {whole} bytes");
    let base = Base { inputs, outputs, weight };
    let (a, b) = (numbers(rank * inputs), numbers(outputs * rank));
    let pair = LoraLinear { inputs, outputs, rank, scale: 2.0, a: &a, b: &b };
    let (x, dy) = (numbers(3 * inputs), numbers(3 * outputs));
    // An allocation beyond this ends the test; what the low-rank products pack is a part of it.
    MEMORY.set_limit(MEMORY.allocated() + whole / 16).unwrap();
    let y = qlora_forward(&x, &base, &pair).unwrap();
    let slopes = qlora_backward(&x, &base, &pair, &dy).unwrap();
    MEMORY.set_limit(usize::MAX).unwrap();
    assert_eq!((y.len(), slopes.dx.len()), (3 * outputs, 3 * inputs));
}
