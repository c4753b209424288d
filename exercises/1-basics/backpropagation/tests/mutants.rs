//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    backpropagation;

    nudges_to_one_side => parabolas_are_exact: numeric_gradients {
        "at(i, -h)) / (2.0 * h)" => "at(i, 0.0)) / h"
    }
    divides_by_one_step => parabolas_are_exact: numeric_gradients { "(2.0 * h)" => "h" }
    nudges_all_at_once => parabolas_are_exact: numeric_gradients {
        "nudged[i] += nudge" => "let _ = i; nudged.iter_mut().for_each(|x| *x += nudge)"
    }
    /// Leaves earlier numbers where the nudge has put them.
    does_not_put_back => parabolas_are_exact: numeric_gradients {
        "nudged[i] += nudge;" => "nudged[i] += nudge; nudged[..i].iter_mut().for_each(|x| *x -= h);"
    }
    ignores_the_step => cubes_err_like_central_differences: numeric_gradients {
        "let at =" => "let h = 1e-5; let at ="
    }
    /// One rounding error more than `x_i − h` has.
    steps_down_from_above => nudging_agrees: numeric_gradients {
        "nudged[i] += nudge" => "nudged[i] = (x[i] + h) - (h - nudge)"
    }
    measures_a_thousand_at_most => nudging_agrees: numeric_gradients {
        "0..x.len()" => "0..x.len().min(1000)"
    }
    /// Takes small slopes for rounding errors.
    flattens_small_slopes => nudging_agrees: numeric_gradients {
        "(at(i, h) - at(i, -h)) / (2.0 * h)" =>
        "Some((at(i, h) - at(i, -h)) / (2.0 * h)).filter(|g| !(g.abs() < 1e-6)).unwrap_or(0.0)"
    }

    sub_adds => arithmetic_matches_pytorch: local_gradients { "[1.0, -1.0]" => "[1.0, 1.0]" }
    mul_keeps_its_own => arithmetic_matches_pytorch: local_gradients { "[b, a]" => "[a, b]" }
    div_loses_its_sign => arithmetic_matches_pytorch: local_gradients { "-a / (b" => "a / (b" }
    div_forgets_the_square => arithmetic_matches_pytorch: local_gradients { "(b * b)" => "b" }
    ln_uses_its_output => functions_match_pytorch: local_gradients {
        "vec![1.0 / a]" => "vec![1.0 / output]"
    }
    tanh_uses_its_input => functions_match_pytorch: local_gradients {
        "output * output" => "inputs[0] * inputs[0]"
    }
    /// x · e^(x−1)
    exp_is_a_power => functions_match_pytorch: local_gradients {
        "vec![output]" => "vec![inputs[0] * (inputs[0] - 1.0).exp()]"
    }
    relu_passes_zero => functions_match_pytorch: local_gradients { "a > 0.0" => "a >= 0.0" }
    relu_passes_all => functions_match_pytorch: local_gradients { "a > 0.0" => "true" }
    /// NaN is not above 0.
    relu_takes_nan_for_flat => nan_is_not_hidden: local_gradients {
        "(Op::Relu, &[a]) if a.is_nan() => vec![a]," => ""
    }
    /// NaN is not below 0 either.
    relu_takes_nan_for_steep => nan_is_not_hidden: local_gradients {
        "(Op::Relu, &[a]) if a.is_nan() => vec![a]," => "",
        "a > 0.0 { 1.0 } else { 0.0 }" => "a <= 0.0 { 0.0 } else { 1.0 }"
    }
    /// Keeps the slope finite at 0, and is wrong near it.
    ln_avoids_infinity => rules_agree: local_gradients { "1.0 / a]" => "1.0 / (a + 1e-12)]" }

    /// The last use of a node wins.
    assigns_instead_of_adding => shared_nodes_collect: backward { "+=" => "=" }
    counts_a_square_once => shared_nodes_collect: backward {
        ".zip(locals)" =>
        ".zip(locals).take(if node.inputs.first() == node.inputs.last() { 1 } else { 2 })"
    }
    goes_forward => all_nodes_match_pytorch: backward { ".rev()" => "" }
    forgets_the_upstream_gradient => all_nodes_match_pytorch: backward {
        "gradients[place] * local" => "local"
    }
    chains_values => gradients_match_nudging: backward {
        "gradients[place] * local" => "node.value * local"
    }
    adds_along_the_chain => gradients_match_nudging: backward { "] * local" => "] + local" }
    starts_with_the_value => gradients_match_nudging: backward {
        "[output] = 1.0" => "[output] = nodes[output].value"
    }
    starts_at_the_end => the_rest_has_gradient_zero: backward {
        "[output] = 1.0" => "[nodes.len() - 1] = 1.0"
    }
    multiplies_zero_by_infinity => the_rest_has_gradient_zero: backward { "continue;" => "" }
    /// Takes NaN for nothing.
    skips_nan => nan_comes_through: backward {
        "gradients[place] == 0.0" => "gradients[place] == 0.0 || f64::is_nan(gradients[place])"
    }
    gives_up_after_a_thousand => long_chains_work: backward { ".rev()" => ".rev().take(1000)" }
    takes_any_output => missing_output_is_an_error: backward {
        "Err(TapeError::NoSuchNode { place: output, len: nodes.len() })" =>
        "Ok(vec![0.0; nodes.len()])"
    }
    /// Keeps ∞ away from what comes before.
    skips_infinite_gradients => going_back_agrees: backward {
        "gradients[place] == 0.0" => "gradients[place] == 0.0 || f64::is_infinite(gradients[place])"
    }
    adds_up_in_f32 => going_back_agrees: backward {
        "gradients[place] * local" => "f64::from((gradients[place] * local) as f32)"
    }

    /// Possible for squares only.
    forgets_to_transpose => product_matches_pytorch: matmul_backward {
        "d_out.matmul(&b.transpose())?, a.transpose().matmul" => "d_out.matmul(b)?, a.matmul"
    }
    swaps_the_factors => product_matches_pytorch: matmul_backward {
        "Ok((d_out.matmul(&b.transpose())?, a.transpose().matmul(d_out)?))" =>
        "Ok((a.transpose().matmul(d_out)?, d_out.matmul(&b.transpose())?))"
    }
    averages_over_the_rows => product_matches_pytorch: matmul_backward {
        "Ok((" => "let mean = d_out.data().iter().map(|d| d / m as f64).collect();
                   let mean = Matrix::new(m, n, mean)?;
                   Ok((",
        "matmul(d_out)?" => "matmul(&mean)?"
    }
    /// The loss is the plain sum of the product.
    takes_d_out_for_ones => product_matches_nudging: matmul_backward {
        "Ok((" => "let d_out = &Matrix::new(m, n, vec![1.0; m * n])?; Ok(("
    }
    /// `(b · d_outᵀ)` has the numbers of `d_a`, but in the order of its transpose.
    reads_the_transpose => product_matches_nudging: matmul_backward {
        "Ok((d_out.matmul(&b.transpose())?, a.transpose().matmul(d_out)?))" =>
        "let (d_a, d_b) = (b.matmul(&d_out.transpose())?, d_out.transpose().matmul(a)?);
         Ok((Matrix::new(m, k, d_a.data().into())?, Matrix::new(k, n, d_b.data().into())?))"
    }
    /// Leaves it to the products to find a wrong shape: they find some.
    trusts_the_factors => wrong_shapes_are_an_error: matmul_backward {
        "b.expect_shape(\"b\", (k, n))?; d_out.expect_shape(\"d_out\", (m, n))?;" => ""
    }
    /// Saves time where a factor is 0, and hides what is not finite.
    skips_zeros => products_agree: matmul_backward {
        "Ok((d_out.matmul(&b.transpose())?, a.transpose().matmul(d_out)?))" =>
        "let (mut d_a, mut d_b) = (vec![0.0; m * k], vec![0.0; k * n]);
         for (i, row) in d_out.rows().enumerate() {
             for (j, &d) in row.iter().enumerate().filter(|(_, d)| **d != 0.0) {
                 for l in 0..k {
                     d_a[i * k + l] += d * b.data()[l * n + j];
                     d_b[l * n + j] += d * a.data()[i * k + l];
                 }
             }
         }
         Ok((Matrix::new(m, k, d_a)?, Matrix::new(k, n, d_b)?))"
    }
    looks_at_d_out_first => products_agree: matmul_backward {
        "b.expect_shape(\"b\", (k, n))?; d_out.expect_shape(\"d_out\", (m, n))?;" =>
        "d_out.expect_shape(\"d_out\", (m, n))?; b.expect_shape(\"b\", (k, n))?;"
    }

    bias_takes_the_mean => bias_matches_pytorch: bias_backward {
        "+= d" => "+= d / d_out.shape().0 as f64"
    }
    bias_sums_each_row => bias_matches_pytorch: bias_backward {
        "let (_, n)" => "return d_out.rows().map(|row| row.iter().sum()).collect(); let (_, n)"
    }
    bias_keeps_the_last_row => bias_matches_pytorch: bias_backward { "+=" => "= *" }
    bias_counts_the_rows => bias_matches_pytorch: bias_backward { "+= d" => "+= 1.0" }
    bias_counts_rows_in_16_bits => biases_agree: bias_backward {
        "d_out.rows()" => "d_out.rows().take(65_535)"
    }
    /// No rows, and so no columns either.
    bias_needs_a_row => biases_agree: bias_backward {
        "let (_, n) = d_out.shape();" => "let n = d_out.rows().next().map_or(0, <[f64]>::len);"
    }
}
