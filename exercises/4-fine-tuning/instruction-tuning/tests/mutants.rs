//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/kept.rs"]
mod kept;

grading::mutants! {
    instruction_tuning;

    /// The model would never learn to stop.
    end_is_not_learned => dialogues_are_those_of_transformers: chat_template {
        "chat.spans.push(start..chat.text.len());" =>
            "chat.spans.push(start..chat.text.len() - IM_END.len());"
    }
    line_feed_is_learned => dialogues_are_those_of_transformers: chat_template {
        "chat.spans.push(start..chat.text.len());" =>
            "chat.spans.push(start..chat.text.len() + 1);"
    }
    /// The model would learn to say who speaks.
    header_is_learned => dialogues_are_those_of_transformers: chat_template {
        "chat.spans.push(start..chat.text.len());" =>
            "chat.spans.push(start - \"assistant\\n\".len()..chat.text.len());"
    }
    user_is_learned => dialogues_are_those_of_transformers: chat_template {
        "if role == \"assistant\" {\n            chat.spans" => "if role != \"system\" {\n            chat.spans"
    }
    only_last_answer_is_learned => dialogues_are_those_of_transformers: chat_template {
        "chat.spans.push(start" => "chat.spans.clear();\n            chat.spans.push(start"
    }
    spans_count_characters => dialogues_are_those_of_transformers: chat_template {
        "chat.spans.push(start..chat.text.len());" => "{
            let chars = |at: usize| chat.text[..at].chars().count();
            chat.spans.push(chars(start)..chars(chat.text.len()));
        }"
    }
    /// As the template of Qwen2 does.
    default_system_message => dialogues_are_those_of_transformers: chat_template {
        "let with_system =" => "if messages.first().is_some_and(|message| message.role == \"user\") {
            chat.text += \"<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n\";
        }
        let with_system ="
    }
    content_is_trimmed => spans_are_what_the_assistant_says: chat_template {
        "format!(\"{content}{IM_END}\")" => "format!(\"{}{IM_END}\", content.trim())"
    }
    prompt_always => dialogues_are_those_of_transformers: chat_template {
        "if add_generation_prompt {\n                chat.text" =>
            "if messages.len() % 2 == 1 {\n                chat.text"
    }
    prompt_has_no_line_feed => dialogues_are_those_of_transformers: chat_template {
        "format!(\"{IM_START}assistant\\n\")" => "format!(\"{IM_START}assistant\")"
    }
    specials_are_let_in => what_is_no_dialogue_is_refused: chat_template {
        "check_text(content, Place::Message(i))?;" =>
            "if content.trim().is_empty() {
            return Err(DataError::Blank { place: Place::Message(i) });
        }"
    }
    any_order_goes => what_is_no_dialogue_is_refused: chat_template {
        "if role != expected" => "if i == 0 && role != expected"
    }
    answers_twice => what_is_no_dialogue_is_refused: chat_template {
        "Some(\"assistant\") if add_generation_prompt =>" => "Some(\"nobody\") =>"
    }
    system_alone_is_a_dialogue => what_is_no_dialogue_is_refused: chat_template {
        "None | Some(\"system\") =>" => "None =>"
    }

    /// As transformers wants them, where the model moves them itself.
    labels_are_not_moved => labels_are_those_of_transformers: sft_labels {
        "skip(1).map(label)" => "map(label)"
    }
    /// The mask of the token itself, the id of the next.
    mask_is_not_moved => labels_are_those_of_transformers: sft_labels {
        "let next = ids.iter().zip(offsets).skip(1)" =>
            "let next = ids.iter().skip(1).zip(offsets)"
    }
    everything_is_learned => labels_are_those_of_transformers: sft_labels {
        "if is_learned(offset)" => "if is_learned(offset) || !spans.is_empty()"
    }
    only_whole_tokens => labels_are_those_of_transformers: sft_labels {
        "token.start.max(span.start) < token.end.min(span.end)" =>
            "token.start < token.end && span.start <= token.start && token.end <= span.end"
    }
    only_tokens_that_begin_inside => learned_where_it_touches_a_span: sft_labels {
        "token.start.max(span.start) < token.end.min(span.end)" =>
            "token.start < token.end && (span.contains(&token.start) || span.contains(&(token.end - 1)))"
    }
    touching_is_enough => labels_are_those_of_transformers: sft_labels {
        "token.end.min(span.end)" => "(token.end + 1).min(span.end + 1)"
    }
    one_span_only => labels_are_those_of_transformers: sft_labels {
        "spans.iter().any" => "spans.iter().take(1).any"
    }
    empty_tokens_are_learned => learned_where_it_touches_a_span: sft_labels {
        "token.end.min(span.end)" => "token.end.max(token.start + 1).min(span.end)"
    }
    large_ids_wrap => drawn_labels_agree: sft_labels { "i64::from(id)" => "i64::from(id as i32)" }

    side_is_right => batches_are_those_of_transformers: filled {
        "Side::Left => [padding, row].concat()" => "Side::Left => [row, padding].concat()"
    }
    positions_count_padding => batches_are_those_of_transformers: pad_batch {
        "filled((0..n).collect(), side, seq, 0)" => "filled((0..seq).collect(), side, seq, 0)"
    }
    /// The mask from the ids: where pad is the end of a text, the end is lost.
    mask_from_ids => what_is_not_padding_is_the_example: pad_batch {
        "filled(vec![1; n], side, seq, 0)" =>
            "filled(ids.iter().map(|&id| u8::from(id != pad)).collect(), side, seq, 0)"
    }
    pad_labels_are_pad => batches_are_those_of_transformers: pad_batch {
        "filled(labels.clone(), side, seq, IGNORE)" =>
            "filled(labels.clone(), side, seq, i64::from(pad))"
    }
    multiple_is_ignored => batches_are_those_of_transformers: pad_batch {
        "longest.next_multiple_of(multiple)" => "longest"
    }
    multiple_adds_one_more => batches_are_those_of_transformers: pad_batch {
        "longest.next_multiple_of(multiple)" => "(longest / multiple + 1) * multiple"
    }
    ragged_is_let_in => what_is_not_padding_is_the_example: check_lengths {
        "(ids, others) if ids != others" => "(ids, others) if ids < others"
    }

    /// The last token of an example would learn to begin the next one.
    label_over_the_border => shared_rows_are_those_of_transformers: pack_examples {
        "row.labels.extend(&labels[..n - 1]);
            row.labels.push(IGNORE);" => "row.labels.extend(labels);"
    }
    first_label_is_lost => shared_rows_are_those_of_transformers: pack_examples {
        "row.labels.extend(&labels[..n - 1]);
            row.labels.push(IGNORE);" => "row.labels.push(IGNORE);
            row.labels.extend(&labels[1..n]);"
    }
    positions_go_on => shared_rows_are_those_of_transformers: pack_examples {
        "row.position_ids.extend(0..n);" =>
            "let from = row.position_ids.len();
            row.position_ids.extend(from..from + n);"
    }
    documents_count_in_their_row => each_example_stands_whole: pack_examples {
        "row.document_ids.extend(vec![Some(piece.document); n]);" =>
            "let next = row.document_ids.last().copied().flatten().map_or(0, |id: usize| id + 1);
            row.document_ids.extend(vec![Some(next); n]);"
    }
    padding_is_a_document => shared_rows_are_those_of_transformers: pack_examples {
        "row.document_ids.resize(context, None);" =>
            "let last = row.document_ids.last().copied().flatten();
        row.document_ids.resize(context, last);"
    }
    too_long_is_cut => what_fits_no_row_is_refused: pack_examples {
        "if tokens > context {" => "if tokens > 2 * context {"
    }
    full_is_too_long => each_example_stands_whole: pack_examples {
        "if tokens > context {" => "if tokens >= context {"
    }

    /// As many languages cut lines.
    lines_end_at_returns => examples_are_read_as_they_stand: read_data {
        "file.split(|&byte| byte == b'\\n')" =>
            "file.split(|&byte| byte == b'\\n' || byte == b'\\r')"
    }
    mark_is_kept => examples_are_read_as_they_stand: read_data {
        "file.strip_prefix(\"\\u{feff}\".as_bytes()).unwrap_or(file)" => "file"
    }
    blank_lines_are_not_counted => what_is_wrong_is_named_with_its_line: read_data {
        "file.split(|&byte| byte == b'\\n').enumerate()" =>
            "file.split(|&byte| byte == b'\\n').filter(|line| !line.trim_ascii().is_empty()).enumerate()"
    }
    form_feed_is_blank => what_is_wrong_is_named_with_its_line: read_data {
        "line.iter().all(|byte| b\" \\t\\r\".contains(byte))" => "line.trim_ascii().is_empty()"
    }
    lines_count_from_0 => what_is_wrong_is_named_with_its_line: read_data {
        "line: i + 1" => "line: i"
    }
    blank_line_ends_the_file => examples_are_read_as_they_stand: read_data {
        "continue;" => "if examples.is_empty() { continue } else { break }"
    }
    nothing_is_an_empty_data_set => what_is_wrong_is_named_with_its_line: read_data {
        "if examples.is_empty() { Err(DataError::NoExamples) } else { Ok(examples) }" => "Ok(examples)"
    }
    bytes_are_mended => what_is_wrong_is_named_with_its_line: read_line {
        "std::str::from_utf8(line).map_err(|_| DataError::NotUtf8)?" =>
            "&*String::from_utf8_lossy(line)"
    }
    kinds_may_mix => what_is_wrong_is_named_with_its_line: read_line {
        "if first != here {" => "if first != here && here == Kind::Chat {"
    }
    first_kind_wins => what_is_wrong_is_named_with_its_line: read_line {
        "let [here] = kinds[..] else" => "let [here, ..] = kinds[..] else"
    }
    unanswered_is_let_in => what_is_wrong_is_named_with_its_line: read_line {
        "Some(last) if last.role == \"assistant\" => Ok(Example::Chat(messages))," =>
            "Some(_) => Ok(Example::Chat(messages)),"
    }
    texts_are_not_looked_at => what_is_wrong_is_named_with_its_line: read_line {
        "check_text(text, Place::Field(field))?;" => "let _ = (text, field);"
    }
    labels_are_prompts => examples_are_read_as_they_stand: read_line {
        "Kind::Label => Example::Label { text: given, label: wanted }" =>
            "Kind::Label => Example::Label { text: wanted, label: given }"
    }
    roles_are_trimmed => what_is_wrong_is_named_with_its_line: messages {
        "text(\"role\")?" => "text(\"role\")?.trim()"
    }
    wrong_messages_are_left_out => what_is_wrong_is_named_with_its_line: messages {
        "object[\"messages\"].as_array()?.iter().map(message).collect()" =>
            "Some(object[\"messages\"].as_array()?.iter().filter_map(message).collect())"
    }
}
