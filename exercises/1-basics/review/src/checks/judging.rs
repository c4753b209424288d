//! The choice of an order.

use grading::{Failure, Outcome, expect_close, expect_eq, expect_error};
use tinytown::World;
use tokenization::solution::{bpe_train, encode};

use super::EXACT;
use crate::oracle::Windows;
use crate::{Answers, BuddyError, Choice};

/// The best of these orders, each model made anew and judged by brute force.
fn best(training: &str, held_out: &str, size: usize, orders: &[usize]) -> Result<Choice, Failure> {
    let bpe = bpe_train(training, size, &[])?;
    let (tokens, judged) = (encode(&bpe, training), encode(&bpe, held_out));
    let choice = |&order: &usize| {
        let bits = Windows::new(&tokens, order, bpe.vocab_size()).bits(&judged);
        Choice { order, bits_per_byte: bits / held_out.len() as f64 }
    };
    let all = orders.iter().map(choice);
    let best = all.min_by(|a, b| a.bits_per_byte.total_cmp(&b.bits_per_byte));
    best.ok_or_else(|| Failure::wrong("no orders"))
}

fn expect_choice(what: &str, got: Choice, want: Choice) -> Outcome {
    expect_eq(&format!("{what}: the order"), &[got.order], &[want.order])?;
    let what = format!("{what}: bits per byte of the text held out");
    expect_close(&what, &[], &[got.bits_per_byte], &[want.bits_per_byte], EXACT)
}

pub fn the_order_is_chosen_on_text_held_out(answers: &Answers) -> Outcome {
    for (seed, bytes, size) in [(3, 1500, 290), (4, 3000, 300), (5, 2000, 256)] {
        let world = World::new(seed);
        let (training, held_out) = (world.text(0, bytes), world.text(1, 700));
        let orders = [5, 1, 3, 2, 6, 4];
        let want = best(&training, &held_out, size, &orders)?;
        let got = (answers.choose_order)(&training, &held_out, size, &orders)?;
        expect_choice(&format!("{} bytes of world {seed}", training.len()), got, want)?;
    }
    Ok(())
}

pub fn the_order_is_one_of_those_given(answers: &Answers) -> Outcome {
    let world = World::new(3);
    let (training, held_out) = (world.text(0, 1500), world.text(1, 700));
    for orders in [&[6, 1][..], &[8, 7], &[1], &[5]] {
        let want = best(&training, &held_out, 290, orders)?;
        let got = (answers.choose_order)(&training, &held_out, 290, orders)?;
        expect_choice(&format!("orders {orders:?}"), got, want)?;
    }
    Ok(())
}

pub fn of_equal_orders_the_lowest_is_chosen(answers: &Answers) -> Outcome {
    // One token has no context, so all orders are equal: P = (0 + 2/256) / (2 + 2), 9 bits.
    let long = [vec![5; 300], vec![2]].concat();
    for orders in [&[3, 2, 5][..], &[2, 4], &[7, 6], &[4, 3, 3], &long] {
        let got = (answers.choose_order)("ab", "z", 256, orders)?;
        let order = orders.iter().copied().min().unwrap_or(0);
        let want = Choice { order, bits_per_byte: 9.0 };
        let given = match orders {
            [first, .., last] if orders.len() > 8 => format!("{first} 300 times, then {last}"),
            _ => format!("{orders:?}"),
        };
        expect_choice(&format!("trained on ab, held out z, orders {given}"), got, want)?;
    }
    Ok(())
}

pub fn choosing_refuses_bad_input(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    let want = Choice { order: 2, bits_per_byte: 9.0 };
    expect_choice(
        "trained on ab, held out z",
        (answers.choose_order)("ab", "z", 256, &[2])?,
        want,
    )?;
    let error = (answers.choose_order)("ab", "z", 256, &[]).err();
    expect_eq("the error of no orders", &[error], &[Some(BuddyError::NoOrders)])?;
    expect_error("choosing from orders 2 and 0", (answers.choose_order)("ab", "z", 256, &[2, 0]))?;
    expect_error("choosing without held-out text", (answers.choose_order)("ab", "", 256, &[2]))?;
    expect_error("choosing without training text", (answers.choose_order)("", "z", 256, &[2]))?;
    expect_error("choosing with 255 tokens", (answers.choose_order)("ab", "z", 255, &[2]))
}
