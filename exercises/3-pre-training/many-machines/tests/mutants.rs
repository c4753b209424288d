//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

use many_machines::{Answers, Link, MachineError, SOLUTION, chunk};

/// Everybody gets everything, and adds it up in the order of the ranks.
fn everything_to_everybody(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    let (rank, ranks) = (link.rank(), link.ranks());
    let mut lists = vec![numbers.to_vec(); ranks];
    for round in 1..ranks {
        link.send(&lists[(rank + ranks + 1 - round) % ranks]);
        lists[(rank + ranks - round) % ranks] = link.receive()?;
    }
    for (i, sum) in numbers.iter_mut().enumerate() {
        *sum = lists.iter().map(|list| list[i]).sum();
    }
    Ok(())
}

/// A chunk after the other: all wait while one goes around.
fn a_chunk_at_a_time(link: &mut dyn Link, numbers: &mut [f64]) -> Result<(), MachineError> {
    let (rank, ranks) = (link.rank(), link.ranks());
    for c in 0..ranks {
        let own = chunk(numbers.len(), ranks, c);
        let from = (c + 1) % ranks;
        if rank != from {
            let sums = link.receive()?;
            numbers[own.clone()].iter_mut().zip(sums).for_each(|(x, sum)| *x += sum);
        }
        if rank != c {
            link.send(&numbers[own]);
        }
    }
    Ok(())
}

grading::mutants! {
    many_machines;

    copies_where_it_adds => reduce_scatter_sums: reduce_scatter { "*own += sum;" => "*own = sum;" }
    begins_with_its_own_chunk => reduce_scatter_sums: reduce_scatter {
        "(rank + ranks - round) % ranks;" => "(rank + ranks + 1 - round) % ranks;",
        "(rank + ranks - round - 1) % ranks;" => "(rank + ranks - round) % ranks;"
    }
    /// A product, or what else is right for whole numbers only.
    forgets_what_is_left_over => reduce_scatter_sums: reduce_scatter {
        "link.send(&numbers[chunk(n, ranks, sent)]);" =>
            "link.send(&numbers[sent * (n / ranks)..(sent + 1) * (n / ranks)]);"
    }
    sends_everything => reduce_scatter_counts: reduce_scatter {
        "link.send(&numbers[chunk(n, ranks, sent)]);" => "link.send(numbers);",
        "numbers[chunk(n, ranks, coming)].iter_mut().zip(link.receive()?)" =>
            "{
            let all = link.receive()?;
            let here = chunk(n, ranks, coming);
            numbers[here.clone()].iter_mut().zip(all[here].to_vec())
        }"
    }
    receives_first => reduce_scatter_sums: reduce_scatter {
        "link.send(&numbers[chunk(n, ranks, sent)]);
        for" => "let come = link.receive()?;
        link.send(&numbers[chunk(n, ranks, sent)]);
        for",
        "zip(link.receive()?)" => "zip(come)"
    }
    waits_for_each_chunk => reduce_scatter_counts: Answers {
        reduce_scatter: a_chunk_at_a_time,
        ..SOLUTION
    };

    adds_where_it_copies => all_gather_gathers: all_gather {
        "numbers[chunk(n, ranks, coming)].copy_from_slice(&link.receive()?);" =>
            "for (x, y) in numbers[chunk(n, ranks, coming)].iter_mut().zip(link.receive()?) {
            *x += y;
        }"
    }
    sends_its_own_again => all_gather_gathers: all_gather {
        "let sent = (rank + ranks + 1 - round) % ranks;" => "let sent = rank;",
        "numbers[chunk(n, ranks, coming)].copy_from_slice(&link.receive()?);" =>
            "let come = link.receive()?;
        let here = chunk(n, ranks, coming);
        let most = come.len().min(here.len());
        numbers[here][..most].copy_from_slice(&come[..most]);"
    }
    goes_all_the_way_around => all_gather_counts: all_gather {
        "for round in 1..ranks" => "for round in 1..=ranks"
    }
    gathers_whole_lists => all_gather_counts: all_gather {
        "link.send(&numbers[chunk(n, ranks, sent)]);" => "link.send(numbers);",
        "copy_from_slice(&link.receive()?)" =>
            "copy_from_slice(&link.receive()?[chunk(n, ranks, coming)])"
    }
    minus_zero_is_lost => all_gather_agrees: all_gather {
        "copy_from_slice(&link.receive()?)" =>
            "copy_from_slice(&link.receive()?.iter().map(|x| x + 0.0).collect::<Vec<_>>())"
    }

    all_reduce_does_not_gather => all_reduce_sums: ring_all_reduce {
        "all_gather(link, numbers)" => "Ok(())"
    }
    all_reduce_takes_the_mean => all_reduce_sums: ring_all_reduce {
        "all_gather(link, numbers)" => "all_gather(link, numbers)?;
    let ranks = link.ranks() as f64;
    numbers.iter_mut().for_each(|x| *x /= ranks);
    Ok(())"
    }
    all_reduce_is_everything_to_everybody => all_reduce_counts: Answers {
        ring_all_reduce: everything_to_everybody,
        ..SOLUTION
    };
    all_reduce_gathers_twice => all_reduce_counts: ring_all_reduce {
        "reduce_scatter(link, numbers)?;" => "reduce_scatter(link, numbers)?;
    all_gather(link, numbers)?;"
    }
    all_reduce_cleans_up => all_reduce_agrees: ring_all_reduce {
        "reduce_scatter(link, numbers)?;" => "reduce_scatter(link, numbers)?;
    numbers.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = 0.0);"
    }

    /// What data-parallel libraries do unless told otherwise.
    mean_of_means => ragged_ranks_are_one_machine: data_parallel {
        "let mut numbers = sums.to_vec();" => "let ranks = link.ranks() as f64;
    let mut numbers: Vec<f64> = sums.iter().map(|s| s / tokens.max(1) as f64).collect();",
        "*sum = number / all;" => "*sum = number / ranks;"
    }
    divides_by_its_own => ragged_ranks_are_one_machine: data_parallel {
        "*sum = number / all;" => "*sum = number / tokens.max(1) as f64;"
    }
    nobody_to_say_takes_no_part => ragged_ranks_are_one_machine: data_parallel {
        "let mut numbers = sums.to_vec();" => "if tokens == 0 {
        return Ok(0);
    }
    let mut numbers = sums.to_vec();"
    }
    tokens_are_f32 => tokens_are_counted: data_parallel {
        "numbers.push(tokens as f64);" => "numbers.push(f64::from(tokens as f32));"
    }
    nothing_is_divided_by_nothing => tokens_are_counted: data_parallel {
        "if all == 0.0 {" => "if all < 0.0 {"
    }
    gradient_travels_twice => tokens_are_counted: data_parallel {
        "ring_all_reduce(link, &mut numbers)?;" => "let mut twice = numbers.clone();
    ring_all_reduce(link, &mut twice)?;
    ring_all_reduce(link, &mut numbers)?;"
    }

    parts_stay_parts => shards_are_the_whole_network: parallel_mlp {
        "ring_all_reduce(link, &mut part.values)?;" => ""
    }
    gelu_comes_last => shards_are_the_whole_network: parallel_mlp {
        "hidden.values.iter_mut()" => "hidden.values.iter_mut().take(0)",
        "Ok(part)" => "part.values.iter_mut().for_each(|value| *value = gelu(*value));
    Ok(part)"
    }
    relu_for_gelu => shards_are_the_whole_network: parallel_mlp {
        "*value = gelu(*value)" => "*value = value.max(0.0)"
    }
    parts_are_averaged => shards_are_the_whole_network: parallel_mlp {
        "Ok(part)" => "let ranks = link.ranks() as f64;
    part.values.iter_mut().for_each(|value| *value /= ranks);
    Ok(part)"
    }
    hidden_is_summed_too => one_sum_is_enough: parallel_mlp {
        "let mut part = hidden.times(b)?;" => "ring_all_reduce(link, &mut x.values.clone())?;
    let mut part = hidden.times(b)?;"
    }
    own_0_is_left_out => shards_are_the_whole_network: parallel_mlp {
        "let mut hidden = x.times(a)?;" => "if a.columns == 0 {
        return Ok(Matrix::new(x.rows, b.columns, |_, _| 0.0));
    }
    let mut hidden = x.times(a)?;"
    }

    warm_up_is_one_too_long => schedules_follow_from_rules: pipeline_schedule {
        "micro_batches.min(stages - 1 - stage)" => "micro_batches.min(stages - stage)"
    }
    warm_up_counts_from_the_front => schedules_follow_from_rules: pipeline_schedule {
        "micro_batches.min(stages - 1 - stage)" => "micro_batches.min(stage)"
    }
    last_ones_never_come_back => schedules_follow_from_rules: pipeline_schedule {
        "jobs.extend((micro_batches - warm_up..micro_batches).map(Job::Backward));" => ""
    }
    /// As in GPipe's own figure.
    last_forward_comes_back_first => schedules_follow_from_rules: pipeline_schedule {
        "(micro_batches - warm_up..micro_batches).map" =>
            "(micro_batches - warm_up..micro_batches).rev().map"
    }
    backward_comes_first => schedules_follow_from_rules: pipeline_schedule {
        "[Job::Forward(next), Job::Backward(next - warm_up)]" =>
            "[Job::Forward(next), Job::Backward(next)]"
    }
    both_are_gpipe => schedules_hold_what_they_should: pipeline_schedule {
        "micro_batches.min(stages - 1 - stage)" => "micro_batches"
    }

    stages_need_not_be_free => timelines_are_those_of_a_clock: timeline {
        "timeline[stage].last().map_or(0, |span| span.end)" => "0"
    }
    backward_waits_for_nobody => timelines_are_those_of_a_clock: timeline {
        "(stage + 1 < stages).then_some((stage + 1, job))" => "None"
    }
    backward_forgets_its_forward => who_never_finishes_is_named: timeline {
        "Some((stage, Job::Forward(i)))," => "Some((stage, Job::Forward(i))).filter(|_| false),"
    }
    backward_goes_the_wrong_way => timelines_are_those_of_a_clock: timeline {
        "(stage + 1 < stages).then_some((stage + 1, job))" =>
            "(stage > 0).then(|| (stage - 1, job))"
    }
    looks_once => timelines_are_those_of_a_clock: timeline {
        "if ends.len() == before {" => "if ends.len() >= before {"
    }
    only_the_first_is_named => who_never_finishes_is_named: timeline {
        "(0..stages).filter(is_late)" => "(0..stages).filter(is_late).take(1)"
    }
    times_are_f64 => bubbles_have_their_closed_form: timeline {
        "start + length });
                ends" => "((start + length) as f64) as u64 });
                ends",
        "ends.insert((stage, job), start + length)" =>
            "ends.insert((stage, job), (start + length) as f64 as u64)"
    }

    optimizer_is_never_shared => zero_is_that_of_its_paper: machine_bytes {
        "12 * optimizer" => "12 * part"
    }
    each_stage_by_itself => zero_is_that_of_its_paper: machine_bytes {
        "sharded >= from" => "sharded == from"
    }
    rests_are_lost => fullest_machine_counts: machine_bytes {
        "u128::from(parameters).div_ceil(tensor * pipeline)" =>
            "u128::from(parameters) / (tensor * pipeline)"
    }
    all_machines_share_at_once => fullest_machine_counts: machine_bytes {
        "part.div_ceil(data)" => "part.div_ceil(data * tensor * pipeline)"
    }
    bytes_are_divided => fullest_machine_counts: machine_bytes {
        "2 * weights + 2 * gradients + 12 * optimizer" =>
            "2 * weights + 2 * gradients + if sharded == Sharded::Nothing {
            12 * part
        } else {
            (12 * part).div_ceil(data)
        } + 0 * optimizer"
    }
    bytes_are_u64 => fullest_machine_counts: machine_bytes {
        "Ok(2 * weights + 2 * gradients + 12 * optimizer)" =>
            "Ok(u128::from((2 * weights + 2 * gradients + 12 * optimizer) as u64))"
    }
    data_of_0_is_1 => fullest_machine_counts: machine_bytes {
        "tensor == 0 || pipeline == 0 || data == 0" => "tensor == 0 || pipeline == 0",
        "part.div_ceil(data)" => "part.div_ceil(data.max(1))"
    }
}
