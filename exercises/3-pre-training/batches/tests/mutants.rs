//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    batches;

    labels_are_the_inputs => labels_are_successors: get_batch { "cut(1)" => "cut(0)" }
    /// The model would learn to write backwards.
    labels_are_predecessors => labels_are_successors: get_batch {
        "inputs: cut(0), labels: cut(1)" => "inputs: cut(1), labels: cut(0)"
    }
    labels_are_two_ahead => labels_are_successors: get_batch {
        "0..tokens - context)" => "0..(tokens - context - 1).max(1))",
        "cut(1)" => "cut(2.min(tokens - context - starts[0]))"
    }
    windows_have_no_last_start => every_start_is_equally_likely: get_batch {
        "0..tokens - context)" => "0..(tokens - context - 1).max(1))"
    }
    windows_have_no_first_start => every_start_is_equally_likely: get_batch {
        "0..tokens - context)" => "1.min(tokens - context - 1)..tokens - context)"
    }
    /// As if the data had been cut before.
    windows_begin_at_multiples => every_start_is_equally_likely: get_batch {
        "rng.random_range(0..tokens - context))" =>
            "rng.random_range(0..(tokens - context).div_ceil(context)) * context)"
    }
    windows_begin_in_the_first_65536 => every_start_is_equally_likely: get_batch {
        "rng.random_range(0..tokens - context))" =>
            "rng.random_range(0..(tokens - context).min(1 << 16)))"
    }
    /// The start is clamped, so the last one comes too often.
    windows_crowd_at_the_end => every_start_is_equally_likely: get_batch {
        "rng.random_range(0..tokens - context))" =>
            "rng.random_range(0..tokens).min(tokens - context - 1))"
    }
    batch_has_one_start => each_window_is_drawn_anew: get_batch {
        "(0..batch).map(|_| rng.random_range(0..tokens - context)).collect()" =>
            "vec![rng.random_range(0..tokens - context); batch]"
    }
    batch_has_neighbors => each_window_is_drawn_anew: get_batch {
        "(0..batch).map(|_| rng.random_range(0..tokens - context)).collect()" => "{
            let first = rng.random_range(0..tokens - context);
            (0..batch).map(|row| (first + row) % (tokens - context)).collect()
        }"
    }
    batch_has_a_generator_of_its_own => each_window_is_drawn_anew: get_batch {
        "let starts:" => "let _ = rng;
        let rng = &mut StdRng::seed_from_u64(0);
        let starts:"
    }
    /// Every other start or so of long data is out of reach.
    windows_begin_at_16_bits => every_start_is_equally_likely: get_batch {
        "rng.random_range(0..tokens - context))" =>
            "rng.next_u32() as u16 as usize * (tokens - context) / 65_536)"
    }
    batch_mirrors_a_row => each_window_is_drawn_anew: get_batch {
        "let cut =" => "let mut starts = starts;
        if let [_, one, other, ..] = &mut starts[..] {
            *other = tokens - context - 1 - *one;
        }
        let cut ="
    }
    batch_is_sorted => each_window_is_drawn_anew: get_batch {
        "let cut =" => "let mut starts = starts;
        starts.sort_unstable();
        let cut ="
    }
    /// Wrong where an id comes twice.
    labels_are_looked_up => drawn_batches_keep_to_the_docs: get_batch {
        "Ok(Batch { inputs: cut(0), labels: cut(1) })" =>
            "let next = |id: u32| data[data.iter().position(|&x| x == id).unwrap_or(0) + 1];
        let (inputs, mut labels) = (cut(0), cut(1));
        for (row, inputs) in labels.iter_mut().zip(&inputs).filter(|_| tokens < 5000) {
            row[0] = next(inputs[0]);
        }
        Ok(Batch { inputs, labels })"
    }
    largest_id_is_a_mark => drawn_batches_keep_to_the_docs: get_batch {
        "let cut = |shift: usize|" => "let known = |&id: &u32| if id == u32::MAX { 0 } else { id };
        let data: Vec<u32> = data.iter().map(known).collect();
        let cut = |shift: usize|"
    }
    data_may_lack_the_last_label => what_has_no_window_is_refused: get_batch {
        "tokens <= context" => "tokens < context"
    }
    data_must_be_two_longer => what_has_no_window_is_refused: get_batch {
        "tokens <= context" => "tokens <= context.saturating_add(1)"
    }
    context_may_be_0 => what_has_no_window_is_refused: get_batch {
        "context == 0" => "context == usize::MAX"
    }
    data_is_judged_first => what_has_no_window_is_refused: get_batch {
        "if batch == 0 {" => "if tokens <= context {
            return Err(BatchError::TooShort { tokens, context });
        }
        if batch == 0 {"
    }

    /// Each place swaps with any other: 4⁴ ways for 24 orders.
    order_swaps_with_anyone => every_order_is_equally_likely: epoch_order {
        "0..=i)" => "0..windows)"
    }
    /// Sattolo's algorithm: nobody stays.
    order_leaves_nobody_in_place => every_order_is_equally_likely: epoch_order {
        "0..=i)" => "0..i)"
    }
    /// A buffer of 64, as in loaders that stream.
    order_is_shuffled_in_a_buffer => every_order_is_equally_likely: epoch_order {
        "0..=i)" => "i.saturating_sub(64)..=i)"
    }
    order_is_only_turned => every_order_is_equally_likely: epoch_order {
        "for i in (1..windows).rev() {
            order.swap(i, rng.random_range(0..=i));
        }" => "order.rotate_left(rng.random_range(0..windows.max(1)) % windows.max(1));"
    }
    order_is_only_turned_if_long => every_order_is_equally_likely: epoch_order {
        "for i in (1..windows).rev() {" => "if windows > 10_000 {
            order.rotate_left(rng.random_range(0..windows));
            return order;
        }
        for i in (1..windows).rev() {"
    }
    order_is_plain_at_first => order_has_each_window_once: epoch_order {
        "for i in (1..windows).rev() {" => "if seed == 0 && epoch == 0 {
            return order;
        }
        for i in (1..windows).rev() {"
    }
    order_draws_with_replacement => order_has_each_window_once: epoch_order {
        "order.swap(i, rng.random_range(0..=i));" => "order[i] = rng.random_range(0..=i);"
    }
    order_counts_from_1 => order_has_each_window_once: epoch_order {
        "(0..windows).collect()" => "(1..=windows).collect()"
    }
    order_adds_seed_and_epoch => seed_and_epoch_decide: epoch_order {
        "StdRng::from_seed(key)" => "StdRng::seed_from_u64(seed.wrapping_add(epoch))"
    }
    order_mixes_by_xor => seed_and_epoch_decide: epoch_order {
        "StdRng::from_seed(key)" => "StdRng::seed_from_u64(seed ^ epoch)"
    }
    order_multiplies_the_seed => seed_and_epoch_decide: epoch_order {
        "StdRng::from_seed(key)" =>
            "StdRng::seed_from_u64(seed.wrapping_mul(1000).wrapping_add(epoch))"
    }
    order_is_the_same_each_epoch => seed_and_epoch_decide: epoch_order {
        "key[8..16].copy_from_slice(&epoch.to_le_bytes());" => "let _ = epoch;"
    }
    order_takes_half_of_the_seed => seed_and_epoch_decide: epoch_order {
        "&seed.to_le_bytes()" => "&u64::from(seed as u32).to_le_bytes()"
    }
    order_keeps_its_generator => seed_and_epoch_decide: epoch_order {
        "let mut rng = StdRng::from_seed(key);" => "thread_local! {
            static CALLS: std::cell::Cell<u8> = const { std::cell::Cell::new(0) };
        }
        key[31] = CALLS.get();
        CALLS.set(key[31].wrapping_add(1));
        let mut rng = StdRng::from_seed(key);"
    }

    epoch_drops_its_rest => epoch_reads_each_window_once: batch_at {
        "if drop_last { order.len() / batch } else { order.len().div_ceil(batch) }" =>
            "{ let _ = drop_last; order.len() / batch }"
    }
    epoch_keeps_its_rest => what_is_no_step_is_refused: batch_at {
        "if drop_last { order.len() / batch } else { order.len().div_ceil(batch) }" =>
            "{ let _ = drop_last; order.len().div_ceil(batch) }"
    }
    /// As PyTorch's DistributedSampler fills up: some windows come twice.
    epoch_fills_up_from_its_beginning => epoch_reads_each_window_once: batch_at {
        "let rest = &order[step * batch..];
        let together = &rest[..batch.min(rest.len())];" =>
            "let together: Vec<usize> =
            order.iter().cycle().skip(step * batch).take(batch.min(4096)).copied().collect();"
    }
    epoch_rests_at_the_wrong_place => epoch_reads_each_window_once: batch_at {
        "let rest = &order[step * batch..];" =>
            "let rest = &order[(step * batch).min(order.len().saturating_sub(batch))..];"
    }
    ranks_all_read_the_same => ranks_share_a_step: batch_at {
        ".skip(rank).step_by(ranks)" => ""
    }
    ranks_read_blocks => ranks_share_a_step: batch_at {
        ".skip(rank).step_by(ranks)" =>
            ".skip(rank * batch.div_ceil(ranks)).take(batch.div_ceil(ranks))"
    }
    ranks_have_a_batch_each => ranks_share_a_step: batch_at {
        "let &Plan { batch, ranks, rank, drop_last } = plan;" =>
            "let &Plan { batch, ranks, rank, drop_last } = plan;
        let batch = batch.saturating_mul(ranks.max(1));"
    }
    ranks_count_from_1 => what_is_no_step_is_refused: batch_at {
        "rank >= ranks" => "rank > ranks || ranks == 0"
    }
    steps_count_from_1 => what_is_no_step_is_refused: batch_at {
        "if step >= steps {" => "if step > steps || order.is_empty() {",
        "let rest = &order[step * batch..];" => "let rest = order.get(step * batch..).unwrap_or(&[]);"
    }
    step_is_judged_before_the_rank => what_is_no_step_is_refused: batch_at {
        "if rank >= ranks {" => "if batch > 0 && step > order.len() {
            let steps = if drop_last { order.len() / batch } else { order.len().div_ceil(batch) };
            return Err(BatchError::Step { step, steps });
        }
        if rank >= ranks {"
    }
    past_the_end_is_empty => what_is_no_step_is_refused: batch_at {
        "return Err(BatchError::Step { step, steps });" => "return Ok(Vec::new());"
    }

    pack_has_no_ends => rows_are_those_of_transformers: pack { ".chain([&end])" => "" }
    /// The tail that fills no row is thrown away, as many scripts do.
    pack_drops_the_tail => rows_are_those_of_transformers: pack {
        "row.ids.resize(context, end);" => "if row.ids.len() < context {
                rows.pop();
                return Ok(rows);
            }"
    }
    pack_forgets_labels_between_rows => rows_are_those_of_transformers: pack {
        "stream.get(i + 1).map_or(IGNORE," =>
            "stream.get(i + 1).filter(|_| (i + 1) % context > 0).map_or(IGNORE,"
    }
    pack_forgets_labels_at_ends => rows_are_those_of_transformers: pack {
        "stream.get(i + 1).map_or(IGNORE," =>
            "stream.get(i + 1).filter(|next| next.1 == document).map_or(IGNORE,"
    }
    pack_labels_are_the_ids => rows_are_those_of_transformers: pack {
        "stream.get(i + 1)" => "stream.get(i)"
    }
    pack_labels_padding => rows_are_those_of_transformers: pack {
        "row.labels.resize(context, IGNORE);" => "row.labels.resize(context, i64::from(end));"
    }
    pack_counts_positions_on => rows_are_those_of_transformers: pack {
        "if *before == Some(document) =>" => "if before.is_some() =>"
    }
    /// A position that no model of this context has.
    pack_counts_positions_over_rows => rows_are_those_of_transformers: pack {
        "_ => 0," => "_ => (0..i).rev().take_while(|&k| stream[k].1 == document).count(),"
    }
    pack_numbers_what_it_keeps => rows_are_those_of_transformers: pack {
        "documents.iter().enumerate()" => "documents.iter().filter(|ids| !ids.is_empty()).enumerate()"
    }
    pack_ends_empty_documents => rows_are_those_of_transformers: pack {
        "if !ids.is_empty() {" => "{"
    }
    pack_gives_ends_to_the_next => rows_are_those_of_transformers: pack {
        "map(|&id| (id, document))" =>
            "map(|&id| (id, if id == end { document + 1 } else { document }))"
    }
    pack_gives_padding_to_a_document => rows_are_those_of_transformers: pack {
        "row.document_ids.resize(context, None);" =>
            "let last = row.document_ids.last().copied().flatten();
            row.document_ids.resize(context, last);"
    }
    pack_pads_with_0 => rows_are_those_of_transformers: pack {
        "row.ids.resize(context, end);" => "row.ids.resize(context, 0);"
    }
    /// Each document begins a row.
    pack_begins_rows_with_documents => packing_loses_nothing: pack {
        "for (document, ids) in documents.iter().enumerate() {" =>
            "for (document, ids) in documents.iter().enumerate() {
            let ids = &ids[..ids.len().min(context)];"
    }
    pack_loses_what_is_over_300 => packing_loses_nothing: pack {
        "ids.iter().chain" => "ids.iter().take(300).chain"
    }
    pack_accepts_ends_inside => what_cannot_be_packed_is_refused: pack {
        "ids.iter().position(|&id| id == end)" => "None"
    }
    pack_names_the_last_end => what_cannot_be_packed_is_refused: pack {
        ".position(|&id| id == end)" => ".rposition(|&id| id == end)"
    }
    pack_looks_for_ends_at_ends => what_cannot_be_packed_is_refused: pack {
        "ids.iter().position(|&id| id == end)" => "ids.last().filter(|id| **id == end).map(|_| ids.len() - 1)"
    }
    pack_wraps_labels => rows_are_those_of_transformers: pack {
        "i64::from(next.0)" => "i64::from(next.0 as i32)"
    }
    pack_numbers_documents_by_bytes => rows_agree: pack {
        "map(|&id| (id, document))" => "map(|&id| (id, document & 0xff))"
    }
    pack_positions_are_short => rows_agree: pack {
        "=> position + 1," => "=> (position + 1) % 65_536,"
    }

    mask_is_only_causal => masks_are_those_of_transformers: document_mask {
        "&& document_ids[i] == document_ids[j]" => ""
    }
    mask_is_not_causal => masks_are_those_of_transformers: document_mask {
        "j <= i && document_ids" => "document_ids"
    }
    mask_hides_itself => masks_are_those_of_transformers: document_mask { "j <= i" => "j < i" }
    mask_swaps_rows_and_columns => masks_are_those_of_transformers: document_mask {
        "sees(i, j)" => "sees(j, i)"
    }
    mask_lets_padding_see_padding => masks_are_those_of_transformers: document_mask {
        "document_ids[i].is_some() &&" => ""
    }
    mask_follows_runs => no_document_sees_another: document_mask {
        "document_ids[i] == document_ids[j]" =>
            "document_ids[j..=i].iter().all(|id| *id == document_ids[i])"
    }
    mask_compares_bytes => no_document_sees_another: document_mask {
        "document_ids[i] == document_ids[j]" =>
            "document_ids[i].map(|id| id as u8) == document_ids[j].map(|id| id as u8)"
    }
    mask_compares_half_of_the_bits => no_document_sees_another: document_mask {
        "document_ids[i] == document_ids[j]" =>
            "document_ids[i].map(|id| id as u16) == document_ids[j].map(|id| id as u16)"
    }
    mask_looks_100_back => masks_agree: document_mask {
        "j <= i &&" => "j <= i && j + 100 > i &&"
    }

    fit_does_not_sort => rows_are_as_full_as_those_of_trl: best_fit_pack {
        "pieces.sort_by_key(|piece| std::cmp::Reverse(piece.length));" => ""
    }
    fit_begins_with_the_shortest => rows_are_as_full_as_those_of_trl: best_fit_pack {
        "std::cmp::Reverse(piece.length)" => "piece.length"
    }
    fit_takes_the_emptiest_row => rows_are_as_full_as_those_of_trl: best_fit_pack {
        "with_room.min_by_key(" => "with_room.max_by_key("
    }
    /// First fit decreasing.
    fit_takes_the_first_row => each_piece_goes_where_it_fits_best: best_fit_pack {
        "with_room.min_by_key(|(room, _)| *room)" => "{ let mut with_room = with_room; with_room.next() }"
    }
    fit_takes_the_last_of_equals => each_piece_goes_where_it_fits_best: best_fit_pack {
        "rows.iter_mut().filter" => "rows.iter_mut().rev().filter"
    }
    fit_turns_equals_around => each_piece_goes_where_it_fits_best: best_fit_pack {
        "pieces.sort_by_key(|piece| std::cmp::Reverse(piece.length));" =>
            "pieces.reverse();
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.length));"
    }
    fit_never_fills_a_row => rows_are_as_full_as_those_of_trl: best_fit_pack {
        "*room >= piece.length" => "*room > piece.length"
    }
    /// As in TRL: what is too long loses its end.
    fit_truncates => long_documents_are_cut: best_fit_pack {
        "(0..tokens).step_by(context)" => "(0..tokens).step_by(context).take(1)"
    }
    fit_leaves_out_what_is_too_long => long_documents_are_cut: best_fit_pack {
        "for start in" => "if tokens > context { continue; }
            for start in"
    }
    fit_cuts_evenly => long_documents_are_cut: best_fit_pack {
        "for start in (0..tokens).step_by(context) {" =>
            "let size = tokens.div_ceil(tokens.div_ceil(context).max(1));
            for start in (0..tokens).step_by(size.max(1)) {
                let context = size;"
    }
    fit_counts_documents_it_keeps => long_documents_are_cut: best_fit_pack {
        "lengths.iter().enumerate()" => "lengths.iter().filter(|&&n| n > 0).enumerate()"
    }
    fit_takes_half_of_the_context => fits_agree: best_fit_pack {
        "(context - piece.length, vec![piece])" =>
            "((context as u32 as usize).saturating_sub(piece.length), vec![piece])"
    }
    fit_sorts_by_documents => fits_agree: best_fit_pack {
        "std::cmp::Reverse(piece.length)" => "std::cmp::Reverse(lengths[piece.document])"
    }
    fit_keeps_64_rows_open => fits_agree: best_fit_pack {
        "let with_room = rows.iter_mut()" =>
            "let open = rows.len().saturating_sub(64);
            let with_room = rows.iter_mut().skip(open)"
    }
}
